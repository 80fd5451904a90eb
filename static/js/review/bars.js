// The buttons of a hunk that only show while it is looked at. They are made then: most hunks never are, and a page has
// hundreds.

import { drawHints } from "../shortcuts.js";

// Under `root`, whatever is pointed at or has the keyboard gets its buttons.
export function connectBars(root) {
  for (const seen of ["pointerover", "focusin"]) root.addEventListener(seen, ({ target }) => furnish(target.closest(".hunk")));
}

// Gives a hunk its buttons. One without a bar is still to come, and gets them when it is there.
export function furnish(hunk) {
  const acts = hunk?.querySelector(":scope > .hbar > .acts");
  if (!acts || acts.querySelector(":scope > .more")) return;
  const fresh = document.getElementById("more-acts").content.cloneNode(true);
  if (hunk.matches(".is-joined") || hunk === document.querySelector("#diff .hunk")) fresh.querySelector("[data-act=join]").remove();
  drawHints(fresh);
  acts.prepend(fresh);
}
