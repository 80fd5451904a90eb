// Going from one proposal of a hunk to the next: the one that is marked is what Accept takes. Must not know: how one is
// asked for, drawn or taken.

import { announce, say } from "../notices.js";

// The proposal that is marked in this hunk, null where what stands in the hunk is meant.
export function marked(hunk) {
  return hunk?.querySelector(".is-marked") ?? null;
}

// The next (by = 1) or previous one of: what stands in the hunk, its later proposals, what was proposed first where another
// one stands.
export function stepProposal(hunk, by) {
  const later = hunk?.querySelectorAll(".alt[data-number]:not(.is-taken)") ?? [];
  const stops = [null, ...later, ...(hunk?.querySelectorAll(":scope > .proposed") ?? [])];
  if (stops.length === 1) {
    say("This hunk has one proposal. Ask again for another.");
    return;
  }
  const at = stops.indexOf(marked(hunk));
  markProposal(hunk, stops[(at + by + stops.length) % stops.length]);
}

export function markProposal(hunk, element) {
  unmark(hunk);
  if (!element) {
    announce(`What stands in hunk ${hunk.dataset.number}.`);
    return;
  }
  element.classList.add("is-marked");
  if (element.matches(".proposed")) element.open = true;
  else toggleProposal(element, true);
  element.scrollIntoView({ block: "nearest" });
  announce(wordsOf(element));
}

// False where none was marked.
export function unmark(hunk) {
  const was = marked(hunk);
  was?.classList.remove("is-marked");
  return Boolean(was);
}

// Shows or hides the rows of a proposal.
export function toggleProposal(element, open) {
  element.querySelector("[aria-expanded]").setAttribute("aria-expanded", String(open));
  element.querySelector(".altrows").hidden = !open;
}

function wordsOf(element) {
  if (element.matches(".proposed")) return "What was proposed first. Accept goes back to it.";
  const doubts = [...element.querySelectorAll(".doubts li")].map((doubt) => doubt.textContent);
  const counts = element.querySelector(".cnt .vh").textContent;
  const note = element.querySelector("q").textContent;
  return [`Proposal ${element.dataset.number} for hunk ${element.closest(".hunk").dataset.number}, at your note: ${note}. ${counts}.`, ...doubts].join(" ");
}
