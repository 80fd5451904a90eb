// Replaces the live view by the finished one without moving what is being read.

import { bringLine, rowOfLine } from "./lines.js";
import { keepHeight } from "./pieces.js";

// The first row on the screen: its line in the new file and where it stands.
export function readingPlace() {
  if (window.scrollY < 2) return null;
  const top = document.querySelector(".top").offsetHeight;
  for (const line of document.querySelectorAll("#main .l.n[data-n]")) {
    const box = line.getBoundingClientRect();
    if (box.bottom > top && box.height > 0) return { line: Number(line.dataset.n), offset: box.top };
  }
  return null;
}

// `reading`: the reader has left the end of the stream to read, and stays where they are. Else the review begins at its
// top: reasons and the first hunk are what to see next.
export async function swap(html, reading) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("apply");
  const finished = fresh.dataset.status === "finished";
  if (finished && reading) await bringLine(fresh, readingPlace()?.line ?? 1);
  const place = reading ? readingPlace() : null;
  const pane = document.querySelector('input[name="pane"]:checked')?.id;
  for (const element of fresh.querySelectorAll(".waits")) keepHeight(element);
  document.getElementById("apply").replaceWith(fresh);
  document.title = fresh.dataset.title;
  if (pane) document.getElementById(pane).checked = true;
  if (finished && place) restore(place);
  else window.scrollTo(0, 0);
  return fresh;
}

function restore({ line, offset }) {
  const found = rowOfLine(document, line);
  if (!found) return;
  const far = () => found.getBoundingClientRect().top - offset;
  window.scrollBy(0, far());
  if (far() < 1) return;
  // The finished page is too short to be scrolled that far: room at its end keeps the place.
  const main = document.getElementById("main");
  main.style.minBlockSize = `${main.offsetHeight + far()}px`;
  window.scrollBy(0, far());
}
