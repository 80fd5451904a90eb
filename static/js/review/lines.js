// Finding a line of the new file on the page, also where its rows have not come yet.

import { showPane } from "./focus.js";
import { fill } from "./pieces.js";

// The row of a line (counted from 1), or where it is folded the last one shown before it.
export function rowOfLine(root, line) {
  let found = null;
  for (const element of root.querySelectorAll("#main .l.n[data-n]")) {
    if (Number(element.dataset.n) > line) break;
    found = element;
  }
  return found;
}

// Has the rows around a line come, where they wait.
export async function bringLine(root, line) {
  for (let piece = waitingAt(root, line); piece; piece = waitingAt(root, line)) {
    await fill(piece);
    if (piece.isConnected && piece.matches(".waits")) return; // the server did not give it
  }
}

export async function showLine(root, line) {
  showPane("pane-diff");
  await bringLine(root, line);
  rowOfLine(root, line)?.scrollIntoView({ block: "center" });
}

// The last box that begins at or before the line, if it waits.
function waitingAt(root, line) {
  let found = null;
  for (const element of root.querySelectorAll("#diff [data-from]:is(.piece, .part)")) {
    if (Number(element.dataset.from) <= line) found = element;
  }
  return found?.matches(".waits") ? found : null;
}
