// Changes of white space alone: hidden or shown, for all hunks (the choice is kept) or for one.

import { announce } from "../notices.js";
import { choice, toggle } from "../settings.js";

export function connectSpaces(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-spaces]");
    if (!button) return;
    const shown = button.closest(".hunk").classList.toggle("shown");
    button.setAttribute("aria-expanded", String(shown));
    button.querySelector("b").textContent = shown ? "Hide" : "Show";
  });
}

export function toggleSpaces(root) {
  toggle("blanks", "hide", "show");
  const count = root.querySelectorAll(".hunk.is-spaces").length;
  const hunks = count === 1 ? "1 hunk" : `${count} hunks`;
  announce(choice("blanks") === "hide" ? `Changes of white space alone are hidden: ${hunks}.` : "Changes of white space are shown.");
}
