// An undo or redo shows what it changed: that is put in view and told. Must not know: how steps are kept and sent.

import { announce } from "../notices.js";
import { hunkOf } from "./decisions.js";

const WORDS = { pending: "undecided", accepted: "accepted", rejected: "rejected", mixed: "decided in parts" };

// drawn(): resolves when the parts are on the page. Where the hunk in focus is among what changed, it stays in focus; so
// does a button that acts, or one of a notice.
export function connectReturns(decisions, focus, drawn) {
  decisions.addEventListener("returned", async ({ detail: { kind, ids } }) => {
    if (!ids.length) return;
    await drawn();
    const active = document.activeElement;
    const kept = active.closest("[data-act], .notice") && active; // a button may be pressed several times
    focus.goTo(ids.includes(focus.id) ? focus.id : ids[0]);
    if (kept?.isConnected && !kept.disabled) kept.focus({ preventScroll: true });
    announce(`${kind === "undo" ? "Undone" : "Redone"}: ${told(decisions, focus, ids)}`);
  });
}

function told(decisions, focus, ids) {
  const hunks = new Set(ids.map(hunkOf));
  const found = new Set(ids.map((id) => decisions.of(id)));
  const decision = WORDS[found.size === 1 ? [...found][0] : "mixed"];
  if (hunks.size > 1) return `${hunks.size} hunks are ${found.size === 1 ? decision : "as they were"}.`;
  const one = ids.length === 1 && focus.hunks.find((hunk) => hunk.dataset.hunk === ids[0]);
  return `hunk ${one ? one.dataset.number : focus.labelOf([...hunks][0]).number} is ${decision}.`;
}
