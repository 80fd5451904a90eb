// Opening a fold around one line that it hides. Must not know: why the line is wanted.

import { getText } from "../api.js";
import { shrink } from "./folds.js";

const AROUND = 6; // lines shown on each side of the wanted one
const LEAST = 6; // fewer lines than this get no fold of their own

// The fold that hides line `index` of the original, from 0; undefined where none does.
export function foldOver(root, index) {
  return [...root.querySelectorAll("#diff .fold")].find(({ dataset }) => Number(dataset.start) <= index && index < Number(dataset.end));
}

// Shows line `index` of the original, from 0. False where no fold hides it. Errors: ApiError.
export async function unfold(root, applyId, index) {
  const fold = foldOver(root, index);
  if (!fold) return false;
  const [start, end] = [Number(fold.dataset.start), Number(fold.dataset.end)];
  const from = index - AROUND < start + LEAST ? start : index - AROUND;
  const to = index + AROUND + 1 > end - LEAST ? end : index + AROUND + 1;
  const html = await getText(`/applies/${applyId}/rows?start=${from}&end=${to}`);
  if (!fold.isConnected || Number(fold.dataset.start) !== start || Number(fold.dataset.end) !== end) return true; // opened meanwhile
  const below = fold.cloneNode(true);
  fold.after(below);
  fold.insertAdjacentHTML("afterend", html);
  if (from > start) fold.querySelector("code")?.replaceChildren(); // the label names what comes after the whole fold
  for (const part of [fold, below]) giveBothWays(part);
  shrink(fold, [start, from]);
  shrink(below, [to, end]);
  return true;
}

// The first and the last fold of a file open in one direction only; with rows on both sides they open in both.
function giveBothWays(fold) {
  const [up, down] = ["up", "down"].map((how) => fold.querySelector(`[data-expand="${how}"]`));
  if (Boolean(up) === Boolean(down)) return;
  const other = (up ?? down).cloneNode(true);
  const [how, words] = up ? ["down", " lines below the last rows"] : ["up", " lines above the next rows"];
  other.dataset.expand = how;
  other.querySelector("use").setAttribute("href", `#i-${how}`);
  other.querySelector(".vh").textContent = words;
  if (up) up.after(other);
  else down.before(other);
}
