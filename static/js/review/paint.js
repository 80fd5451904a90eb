// Draws decisions wherever the page shows them: hunks, outline, segments, counts, minimap. Must not know how they change.

import { hunkOf } from "./decisions.js";

export function paint(root, decisions, currentId) {
  for (const id of decisions.ids) {
    const decision = decisions.of(id);
    const hunk = document.getElementById(`h-${id}`);
    if (hunk && hunk.dataset.decision !== decision) hunk.dataset.decision = decision; // a part may not be drawn yet
  }
  for (const link of root.querySelectorAll(".outline a[data-hunk]")) {
    const decision = decisions.ofHunk(link.dataset.hunk);
    const now = link.dataset.hunk === hunkOf(currentId);
    const sign = link.querySelector(".st");
    sign.setAttribute("class", `st ${now && decision === "pending" ? "acc" : decision}`);
    sign.firstElementChild.setAttribute("href", now && decision === "pending" ? "#s-now" : `#s-${decision}`);
    link.querySelector("[data-words]").textContent = decision === "mixed" ? "decided in parts" : decision;
  }
  for (const link of root.querySelectorAll(".map a")) link.className = decisions.of(link.dataset.hunk);
  paintCounts(root, decisions);
}

function paintCounts(root, decisions) {
  const { counts } = decisions;
  for (const place of root.querySelectorAll("#counts [data-count]")) place.textContent = counts[place.dataset.count];
  const decided = counts.accepted + counts.rejected;
  root.querySelector("#decided").textContent = `${decided} of ${counts.total}`;
  for (const button of root.querySelectorAll("[data-act=undo]")) button.disabled = !decisions.canUndo;
  for (const button of root.querySelectorAll("[data-act=redo]")) button.disabled = !decisions.canRedo;
  const rule = root.querySelector("#pending-rule");
  rule.hidden = counts.pending === 0;
  rule.textContent = counts.pending === 1 ? "The pending hunk keeps the original" : "Pending hunks keep the original";
  paintSegments(root.querySelector("#segments"), decisions, counts);
}

function paintSegments(place, decisions, counts) {
  if (place.classList.contains("bar")) {
    place.replaceChildren(...["accepted", "rejected"].map((kind) => {
      const part = document.createElement("i");
      part.className = kind;
      part.style.inlineSize = `${(100 * counts[kind]) / counts.total}%`;
      return part;
    }));
    return;
  }
  place.replaceChildren(...decisions.all.map((decision) => {
    const part = document.createElement("i");
    part.className = decision;
    return part;
  }));
}
