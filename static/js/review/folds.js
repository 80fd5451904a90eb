// Folds over unchanged lines: each button fetches rows from the server and puts them in.

import { ApiError, getText } from "../api.js";
import { notice } from "../notices.js";
import { need } from "./pieces.js";

const STEP = 20;
const MOST = 2000; // rows put in at once; what is left stays folded

export function connectFolds(root, applyId) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-expand]");
    if (button) expand(button.closest(".fold"), button.dataset.expand, applyId);
  });
}

// On each side of a hunk: twenty lines (["up", "down"]), or to where the definition begins and ends (["begins", "ends"]).
export async function expandAround(root, hunk, applyId, [above, below]) {
  await need(hunk);
  const [before, after] = [await foldBeside(root, hunk, -1), await foldBeside(root, hunk, 1)];
  await Promise.all([expand(before, above, applyId), expand(after, below, applyId)]);
}

// The fold between a hunk and the next one or the one before it, which may stand in another piece; null where there is
// none.
async function foldBeside(root, hunk, by) {
  if (!hunk) return null;
  await need(beside(root, hunk, by)?.closest(".piece"));
  const found = beside(root, hunk, by);
  return found?.matches(".fold") ? found : null;
}

function beside(root, hunk, by) {
  const all = [...root.querySelectorAll("#diff :is(.fold, .hunk, .piece.waits)")];
  return all[all.indexOf(hunk) + by];
}

// "up": the lines just above what follows the fold; "begins": up to where its definition begins. "down", "ends": the same
// from what precedes it.
async function expand(fold, how, applyId) {
  if (!fold || fold.getAttribute("aria-busy") === "true") return;
  const range = rangeOf(fold.dataset, how);
  if (!range) return;
  const [from, to] = range;
  const above = how === "up" || how === "begins";
  fold.setAttribute("aria-busy", "true");
  try {
    const html = await getText(`/applies/${applyId}/rows?start=${from}&end=${to}`);
    fold.insertAdjacentHTML(above ? "afterend" : "beforebegin", html);
    shrink(fold, above ? [Number(fold.dataset.start), from] : [to, Number(fold.dataset.end)]);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice(error.message, "error");
  } finally {
    fold.removeAttribute("aria-busy");
  }
}

// The lines [from, to) of a fold that are to be shown; null where the fold does not know.
export function rangeOf(data, how) {
  const [start, end] = [Number(data.start), Number(data.end)];
  switch (how) {
    case "up": return [Math.max(end - STEP, start), end];
    case "down": return [start, Math.min(start + STEP, end)];
    case "begins": return data.begins ? [Math.max(Number(data.begins), end - MOST), end] : null;
    case "ends": return data.ends ? [start, Math.min(Number(data.ends), start + MOST)] : null;
    default: return [start, Math.min(end, start + MOST)];
  }
}

export function shrink(fold, [start, end]) {
  if (start >= end) {
    fold.remove();
    return;
  }
  fold.dataset.start = start;
  fold.dataset.end = end;
  const left = end - start;
  fold.querySelector("[data-count]").textContent = `${left} line${left === 1 ? "" : "s"} the same`;
  if (left <= STEP) for (const side of ["up", "down"]) fold.querySelector(`[data-expand="${side}"]`)?.remove(); // all are no more
  for (const edge of ["begins", "ends"]) {
    const at = Number(fold.dataset[edge]);
    if (!(edge in fold.dataset) || (start < at && at < end)) continue;
    delete fold.dataset[edge]; // it is in view now
    fold.querySelector(`[data-expand="${edge}"]`)?.remove();
  }
}
