// Lines of the chat by number, also where they have not come yet.

import { fill } from "./pieces.js";

// A promise that is kept when the line is there; null where it is, or cannot come.
export function waitingLine(root, number) {
  const part = [...root.querySelectorAll(".chat .part.waits:not([data-refused])")].find(
    (each) => Number(each.dataset.first) <= number && number <= Number(each.dataset.last));
  return part ? fill(part) : null;
}

// The element of a line, once it is there and no fold hides it; null where the page shows no such line.
export async function lineOf(root, number) {
  await waitingLine(root, Number(number));
  const line = document.getElementById(`c${number}`);
  const fold = line?.closest("details");
  if (fold) fold.open = true;
  return line;
}
