// How the reader stood to what is in conflict with an edit of the file, in the words of each conflict.

const HAD = {
  accepted: "You had accepted it.",
  rejected: "You had rejected it.",
  mixed: "You had decided parts of it.",
  written: "You had written lines of your own; they stand in the version before.",
};

export function paintConflicts(root, conflicts) {
  for (const place of root.querySelectorAll("[data-had]")) {
    place.textContent = HAD[conflicts[place.closest(".hunk").dataset.of]] ?? "";
  }
}

// Of conflicts "Accept all" says so.
export function allWords(decision, left) {
  if (decision !== "accepted" || !left) return `All hunks ${decision}.`;
  return `All hunks accepted but ${left === 1 ? "one conflict: it wants" : `${left} conflicts: they want`} a decision of their own.`;
}
