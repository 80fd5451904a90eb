// Folds over unchanged lines: each button fetches rows from the server and puts them in.

import { ApiError, getText } from "../api.js";
import { notice } from "../notices.js";

const STEP = 10;
const MOST = 5000; // rows put in at once; what is left stays folded

export function connectFolds(root, applyId) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-expand]");
    if (button) expand(button.closest(".fold"), button.dataset.expand, applyId);
  });
}

// Ten lines on each side of a hunk.
export async function expandAround(hunk, applyId) {
  const [above, below] = [foldBeside(hunk, "previousElementSibling"), foldBeside(hunk, "nextElementSibling")];
  if (above) await expand(above, "up", applyId);
  if (below) await expand(below, "down", applyId);
}

function foldBeside(hunk, side) {
  let element = hunk?.[side];
  while (element && !element.matches(".fold, .hunk")) element = element[side];
  return element?.matches(".fold") ? element : null;
}

// "up": the lines just above what follows the fold. "down": the lines just below what precedes it.
async function expand(fold, how, applyId) {
  if (fold.getAttribute("aria-busy") === "true") return;
  const start = Number(fold.dataset.start);
  const end = Number(fold.dataset.end);
  const count = Math.min(how === "all" ? MOST : STEP, end - start);
  const [from, to] = how === "up" ? [end - count, end] : [start, start + count];
  fold.setAttribute("aria-busy", "true");
  try {
    const html = await getText(`/applies/${applyId}/rows?start=${from}&end=${to}`);
    fold.insertAdjacentHTML(how === "up" ? "afterend" : "beforebegin", html);
    shrink(fold, how === "up" ? [start, from] : [to, end]);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice(error.message, "error");
  } finally {
    fold.removeAttribute("aria-busy");
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
}
