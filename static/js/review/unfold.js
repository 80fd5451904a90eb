// Opening a fold around one line that it hides. Must not know: why the line is wanted.

import { getText } from "../api.js";
import { shrink } from "./folds.js";

const AROUND = 3; // lines shown on each side of the wanted one
const LEAST = 6; // fewer lines than this get no fold of their own

// Shows line `index` of the original, from 0. False where no fold hides it. Errors: ApiError.
export async function unfold(root, applyId, index) {
  const fold = [...root.querySelectorAll("#diff .fold")].find(({ dataset }) => Number(dataset.start) <= index && index < Number(dataset.end));
  if (!fold) return false;
  const [start, end] = [Number(fold.dataset.start), Number(fold.dataset.end)];
  const from = index - AROUND < start + LEAST ? start : index - AROUND;
  const to = index + AROUND + 1 > end - LEAST ? end : index + AROUND + 1;
  const html = await getText(`/applies/${applyId}/rows?start=${from}&end=${to}`);
  if (!fold.isConnected || Number(fold.dataset.start) !== start || Number(fold.dataset.end) !== end) return true; // opened meanwhile
  const below = fold.cloneNode(true);
  fold.after(below);
  fold.insertAdjacentHTML("afterend", html);
  shrink(fold, [start, from]);
  shrink(below, [to, end]);
  return true;
}
