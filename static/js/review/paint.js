// Draws decisions wherever the page shows them: hunks, outline, segments, counts, minimap. Must not know how they change.
//
// Only what is different is written: a page has hundreds of hunks, and a value costs the browser a new style and layout
// of its place even where it is the one that stood there.

import { hunkOf } from "./decisions.js";

const drawn = new WeakMap(); // link of the outline → the sign that it shows

export function paintHunks(decisions) {
  for (const id of decisions.ids) {
    const decision = decisions.of(id);
    const hunk = document.getElementById(`h-${id}`);
    if (hunk && hunk.dataset.decision !== decision) hunk.dataset.decision = decision; // a part may not be drawn yet
  }
}

export function paintAround(root, decisions, currentId) {
  const current = hunkOf(currentId);
  for (const link of root.querySelectorAll(".outline a[data-hunk]")) {
    paintLink(link, decisions.ofHunk(link.dataset.hunk), link.dataset.hunk === current);
  }
  for (const link of root.querySelectorAll(".map a")) setClass(link, decisions.of(link.dataset.hunk));
  paintCounts(root, decisions);
}

function paintLink(link, decision, now) {
  const sign = now && decision === "pending" ? "now" : decision;
  if (drawn.get(link) === sign) return;
  drawn.set(link, sign);
  const icon = link.querySelector(".st");
  icon.setAttribute("class", `st ${sign === "now" ? "acc" : sign}`);
  icon.firstElementChild.setAttribute("href", `#s-${sign}`);
  setText(link.querySelector("[data-words]"), decision === "mixed" ? "decided in parts" : decision);
}

function paintCounts(root, decisions) {
  const { counts } = decisions;
  for (const place of root.querySelectorAll("#counts [data-count]")) setText(place, String(counts[place.dataset.count]));
  const decided = counts.accepted + counts.rejected;
  setText(root.querySelector("#decided"), `${decided} of ${counts.total}`);
  for (const button of root.querySelectorAll("[data-act=undo]")) button.disabled = !decisions.canUndo;
  for (const button of root.querySelectorAll("[data-act=redo]")) button.disabled = !decisions.canRedo;
  const rule = root.querySelector("#pending-rule");
  rule.hidden = counts.pending === 0;
  setText(rule, counts.pending === 1 ? "The pending hunk keeps the original" : "Pending hunks keep the original");
  paintSegments(root.querySelector("#segments"), decisions, counts);
}

function paintSegments(place, decisions, counts) {
  const isBar = place.classList.contains("bar");
  const kinds = isBar ? ["accepted", "rejected"] : decisions.all;
  while (place.childElementCount > kinds.length) place.lastElementChild.remove();
  while (place.childElementCount < kinds.length) place.append(document.createElement("i"));
  for (const [at, kind] of kinds.entries()) {
    const part = place.children[at];
    setClass(part, kind);
    if (isBar) part.style.inlineSize = `${(100 * counts[kind]) / counts.total}%`;
  }
}

function setText(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

function setClass(element, name) {
  if (element.className !== name) element.className = name;
}
