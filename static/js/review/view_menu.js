// The View menu: the reader's choices about how a diff is shown, as radio buttons and check boxes. The browser itself
// opens and closes it (popover) and gives the focus back.

import { choice, choose } from "../settings.js";

const USUAL = { view: "split", wrap: "on", space: "off", blanks: "show", advance: "on", ownfind: "on", left: "on", right: "on", theme: "" };

// changed() is called after a choice.
export function connectViewMenu(root, changed) {
  const menu = root.querySelector("#view-menu");
  if (!menu) return;
  const show = () => {
    for (const input of menu.querySelectorAll("[data-choice]")) {
      const now = choice(input.dataset.choice) || USUAL[input.dataset.choice];
      input.checked = now === on(input);
    }
  };
  menu.addEventListener("beforetoggle", show);
  menu.addEventListener("change", ({ target }) => {
    if (!target.dataset.choice) return;
    choose(target.dataset.choice, target.type === "checkbox" && !target.checked ? off(target) : on(target));
    changed();
  });
  menu.addEventListener("click", (event) => {
    if (event.target.closest("button")) menu.hidePopover();
  });
}

// What a radio button or a ticked box stands for, and a box that is not ticked.
function on(input) {
  return input.type === "checkbox" ? (input.dataset.on ?? "on") : input.value;
}

function off(input) {
  return input.dataset.off ?? "off";
}
