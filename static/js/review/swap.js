// Replaces the live view by the finished one without moving what is being read.

import { rowOfLine } from "./lines.js";

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

export function swap(html) {
  const place = readingPlace();
  const pane = document.querySelector('input[name="pane"]:checked')?.id;
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("apply");
  const meters = document.querySelector(".meters");
  document.getElementById("apply").replaceWith(fresh);
  if (fresh.dataset.status === "finished" && meters) keepMeters(meters);
  document.title = fresh.dataset.title;
  if (pane) document.getElementById(pane).checked = true;
  if (fresh.dataset.status !== "finished") window.scrollTo(0, 0); // what happened stands at the top
  else if (place) restore(place);
  return fresh;
}

// The figures of the writing stay above the changes until the next visit, so that nothing below them moves.
function keepMeters(meters) {
  meters.classList.add("done");
  document.getElementById("main").prepend(meters);
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
