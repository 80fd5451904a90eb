// Finding a line of the new file on the page.

import { showPane } from "./focus.js";

// The row of a line (counted from 1), or where it is folded the last one shown before it.
export function rowOfLine(root, line) {
  let found = null;
  for (const element of root.querySelectorAll("#main .l.n[data-n]")) {
    if (Number(element.dataset.n) > line) break;
    found = element;
  }
  return found;
}

export function showLine(root, line) {
  showPane("pane-diff");
  rowOfLine(root, line)?.scrollIntoView({ block: "center" });
}
