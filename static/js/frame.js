// What every page has: the theme button, the help dialog, dialogs that close. Other buttons name their action in
// data-act; `connect` runs it.

import { bindKeys } from "./keys.js";
import { choice, choose, toggleTheme } from "./settings.js";

export function openHelp() {
  document.getElementById("help").showModal();
}

export function connectFrame() {
  const single = document.getElementById("single-keys");
  single.checked = choice("keys") !== "off";
  single.addEventListener("change", () => choose("keys", single.checked ? "on" : "off"));
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
  connectActions({ help: openHelp, theme: toggleTheme });
  bindKeys({ "?": openHelp, t: toggleTheme });
}

export function connectActions(actions) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const action = button && actions[button.dataset.act];
    if (action) action(button);
  });
}
