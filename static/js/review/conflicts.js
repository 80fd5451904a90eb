// Hunks in conflict with an edit of the file: how the reader stood to them before, and which ones wait. Must not know: how
// a conflict is drawn.

import { announce } from "../notices.js";

const HAD = {
  accepted: "You had accepted it.",
  rejected: "You had rejected it.",
  mixed: "You had decided parts of it.",
  written: "You had other lines in its place; they stand in the version before.",
};

export function paintHad(part, conflicts) {
  for (const place of part.querySelectorAll("[data-had]")) {
    place.textContent = HAD[conflicts[place.closest(".hunk").dataset.of]] ?? "";
  }
}

// The ids of those that wait for a decision, in the file's order.
export function undecided(decisions) {
  return decisions.hunks.filter((hunk) => hunk in decisions.conflicts && decisions.ofHunk(hunk) === "pending");
}

// The banner leads to the first conflict that waits, and is quiet when none does.
export function paintBanner(root, decisions) {
  const go = root.querySelector(".banner.version [data-go]");
  if (!go) return;
  const [first] = undecided(decisions);
  go.closest(".banner").classList.toggle("conflicts", first !== undefined);
  go.hidden = first === undefined;
  go.dataset.go = first ?? "";
  go.closest(".banner").querySelector("[data-settled]").hidden = first !== undefined;
}

// What became of a review that was carried over comes before the first hunk to decide: its banner has the focus.
export function tellCarried(root, decisions, focus) {
  const banner = root.querySelector("#carried");
  const words = ["h2", "p"].map((part) => banner.querySelector(part).innerText.trim().replace(/\.?$/, "."));
  const [first] = undecided(decisions);
  if (first) words.push(`The first conflict is hunk ${focus.labelOf(first).number}.`);
  banner.focus();
  announce(words.join(" "));
}

// Accepting all leaves conflicts out, and takes first what is undecided; both are said.
export function allWords(decision, { stay = 0, left = 0 }) {
  const conflicts = left === 1 ? "one conflict: it wants a decision of its own" : `${left} conflicts: they want a decision of their own`;
  if (stay) {
    const other = decision === "accepted" ? "rejected" : "accepted";
    return `The others ${decision}; ${stay} ${stay === 1 ? "stays" : "stay"} ${other}. Once more for all${left ? `, but ${conflicts}` : ""}.`;
  }
  return `All hunks ${decision}${decision === "accepted" && left ? ` but ${conflicts}` : ""}.`;
}
