// Bringing one line of either side on the page: rows that wait come, and a fold that hides it opens around it. Sides are
// "o" (original) and "n" (merged); lines are counted from 1. Must not know: why a line is wanted.

import { ApiError } from "../api.js";
import { notice } from "../notices.js";
import { bringLine } from "./lines.js";
import { fill, need } from "./pieces.js";
import { foldOver, unfold } from "./unfold.js";

// The cell of the line; null where the file has no such line or the server did not answer.
export async function reveal(root, applyId, side, line) {
  const found = cellOf(root, side, line);
  if (found) return found;
  if (side === "o") await bringOldLine(root, line);
  else await bringLine(root, line);
  if (!cellOf(root, side, line)) await openFold(root, applyId, side === "o" ? line - 1 : oldIndexOf(root, line));
  return cellOf(root, side, line);
}

export function cellOf(root, side, line) {
  return root.querySelector(`#diff .l.${side}[data-n="${line}"]`);
}

// The cell that a reader sees for this one: the unified view shows an unchanged line once, on the new side.
export function seenCell(cell) {
  return cell.closest(".row.eq")?.querySelector(".l.n") ?? cell;
}

async function openFold(root, applyId, index) {
  try {
    if (index !== null) await unfold(root, applyId, index);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice(error.message, "error");
  }
}

// What waits knows its merged lines only; where hunks begin in both files tells the rest.
async function bringOldLine(root, line) {
  const hunks = startsOf(root);
  const next = hunks.find(({ old }) => old >= line);
  await bringLine(root, next ? Math.max(next.fresh - (next.old - line), 1) : Number.MAX_SAFE_INTEGER);
  const inside = hunks.findLast(({ old }) => old < line)?.hunk;
  if (cellOf(root, "o", line) || foldOver(root, line - 1) || !inside) return;
  await need(inside);
  for (const part of inside.querySelectorAll(".part.waits")) {
    if (cellOf(root, "o", line)) return;
    await fill(part);
  }
}

// The original's line (from 0) that a folded merged line is; null where no fold hides it.
function oldIndexOf(root, line) {
  for (const fold of root.querySelectorAll("#diff .fold")) {
    const index = line - 1 - shiftOf(root, fold);
    if (Number(fold.dataset.start) <= index && index < Number(fold.dataset.end)) return index;
  }
  return null;
}

// How far merged line numbers are ahead of the original's inside of a fold: as where the next hunk begins, and after the
// last one as in the rows before the fold.
function shiftOf(root, fold) {
  const next = startsOf(root).find(({ hunk }) => fold.compareDocumentPosition(hunk) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (next) return next.fresh - next.old;
  const rows = [...root.querySelectorAll("#diff .row.eq")].filter((row) => row.compareDocumentPosition(fold) & Node.DOCUMENT_POSITION_FOLLOWING);
  const row = rows.at(-1);
  return row ? Number(row.querySelector(".l.n").dataset.n) - Number(row.querySelector(".l.o").dataset.n) : 0;
}

// Where each hunk begins: {hunk, old, fresh}, lines counted from 0.
function startsOf(root) {
  return [...root.querySelectorAll("#diff .hunk[data-lines]")].map((hunk) => {
    const [old, fresh] = hunk.dataset.lines.split(" ").map(Number);
    return { hunk, old, fresh };
  });
}
