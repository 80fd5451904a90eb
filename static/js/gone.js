// What this page is about was deleted, in another window: the page says so, and nothing on it can be used any more.

import { announce } from "./notices.js";

// A socket that finds its apply or changeset gone says so with this event; a page listens.
export const GONE = "applyweb:gone";

export function tellGone() {
  document.dispatchEvent(new Event(GONE));
}

// `place` is what the page was; the words stand in its <template id="gone">.
export function showGone(place) {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  place.replaceWith(document.getElementById("gone").content.cloneNode(true));
  document.body.className = "";
  const title = document.querySelector("#main h1").textContent;
  document.title = `${title} - applyweb`;
  window.scrollTo(0, 0);
  document.querySelector("#main a").focus({ preventScroll: true });
  announce(`${title}.`);
}
