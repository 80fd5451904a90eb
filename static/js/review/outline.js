// The outline's pages, where there are too many hunks for one: a page is written when it is opened, and the page of the
// hunk in focus opens by itself.

import { afterFrame } from "../after_frame.js";
import { fill } from "./pieces.js";

// paint() draws the decisions into what has come.
export function connectOutline(root, focus, paint) {
  const pages = [...root.querySelectorAll(".opage")];
  for (const page of pages) {
    page.addEventListener("toggle", () => { if (page.open) write(page, paint); });
  }
  const follow = () => {
    const number = Number(focus.current?.dataset.number);
    const page = pages.find((each) => Number(each.dataset.first) <= number && number <= Number(each.dataset.last));
    if (page && !page.open) page.open = true;
  };
  focus.addEventListener("change", () => afterFrame(follow));
}

async function write(page, paint) {
  const list = page.querySelector("ol");
  if (!list.matches(".waits")) return;
  await fill(list);
  paint();
}
