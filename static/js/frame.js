// What every page has: the theme button, the help dialog, dialogs that close. Other buttons name their action in
// data-act; `connect` runs it.

import { connectHelp } from "./help.js";
import { bindKeys } from "./keys.js";
import { toggleTheme } from "./settings.js";
import { connectShortcuts, keymap } from "./shortcuts.js";

export function connectFrame() {
  connectShortcuts();
  const openHelp = connectHelp(document.getElementById("help"));
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
  const actions = { help: openHelp, theme: toggleTheme };
  connectActions(actions);
  bindKeys(actions, keymap);
}

export function connectActions(actions) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const action = button && actions[button.dataset.act];
    if (action) action(button);
  });
}
