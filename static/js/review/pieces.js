// Parts of the page that come as they scroll into view: pieces of the diff, rows of a large hunk, the chat's lines.
// Each keeps its height until it is there. Must not know what is in them; hunks keep their elements, since others hold on
// to these.

import { ApiError, getText } from "../api.js";
import { announce } from "../notices.js";

const AT_ONCE = 4; // requests
const AHEAD = "80%"; // of the screen above and below

const under_way = new Map(); // element → promise
const wanted = new Set(); // elements near the screen whose turn has not come
let observer = null;

// Watches all that waits under `root`, in place of what was watched before.
export function watchPieces(root) {
  observer?.disconnect();
  wanted.clear();
  observer = new IntersectionObserver(seen, { rootMargin: `${AHEAD} 0px` });
  for (const piece of root.querySelectorAll(".piece:not(.waits)")) rest(piece);
  watch(root);
}

// Watches what waits in `place` too.
export function watch(place) {
  for (const element of place.querySelectorAll(".waits[data-src]")) {
    keepHeight(element);
    observer?.observe(element);
  }
}

// As high as it will be; the server has counted. Set here, since the page's policy allows no style attribute.
export function keepHeight(element) {
  if (element.dataset.pixels) element.style.minBlockSize = `${element.dataset.pixels}px`;
}

// What is there needs no drawing while it is far from the screen. Only when it was drawn once: until then it would count
// as high as it was guessed, and whoever asks where a row stands would be told wrongly.
function rest(box) {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    box.style.containIntrinsicBlockSize = `auto ${box.offsetHeight}px`;
    box.classList.add("rests");
  }));
}

function seen(entries) {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) wanted.add(target);
    else wanted.delete(target); // scrolled past before its turn
  }
  next();
}

function next() {
  for (const element of [...wanted].reverse()) { // what was scrolled to last is what is looked at
    if (under_way.size >= AT_ONCE) return;
    wanted.delete(element);
    if (element.matches(".waits")) fill(element);
  }
}

// A promise that is kept when `element` and what it stands in are there; null where they are.
export function need(element) {
  const waiting = element?.closest(".waits[data-src]");
  return waiting ? fill(waiting) : null;
}

export function fill(element) {
  let work = under_way.get(element);
  if (!work) {
    work = take(element).finally(() => {
      under_way.delete(element);
      next();
    });
    under_way.set(element, work);
  }
  return work;
}

async function take(element) {
  try {
    put(element, parse(element, await getText(element.dataset.src)));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuse(element, error);
  }
}

function parse(element, html) {
  const template = element.ownerDocument.createElement("template");
  template.innerHTML = html;
  const { content } = template;
  // A piece comes with its own box; what was asked for is what stands in it.
  const box = content.firstElementChild;
  return box?.matches(".piece") && content.childElementCount === 1 ? box : content;
}

function put(element, content) {
  const focused = element.ownerDocument.activeElement;
  const held = element.contains(focused);
  const shells = new Set(element.querySelectorAll(".hunk"));
  let others = false;
  for (const fresh of content.querySelectorAll(".hunk")) {
    const shell = element.querySelector(`#${CSS.escape(fresh.id)}`);
    others ||= !shell;
    if (!shell) continue;
    shells.delete(shell);
    shell.classList.remove("waits");
    shell.removeAttribute("aria-label");
    shell.setAttribute("aria-labelledby", fresh.getAttribute("aria-labelledby"));
    shell.replaceChildren(...fresh.childNodes);
    fresh.replaceWith(shell);
  }
  observer?.unobserve(element);
  const place = element.parentElement;
  if (element.matches(".hunk > .part")) {
    for (const rows of content.querySelectorAll(".change.far")) rest(rows);
    element.replaceWith(...content.childNodes); // a hunk's rows stand side by side in it
  } else {
    element.replaceChildren(...content.childNodes);
    element.classList.remove("waits");
    element.style.minBlockSize = "";
    if (element.matches(".piece")) rest(element);
    watch(element);
  }
  if (held) focused.focus({ preventScroll: true });
  place.dispatchEvent(new CustomEvent("filled", { bubbles: true, detail: { others: others || shells.size > 0 } }));
}

export function rowsWaiting(place) {
  return [...place.querySelectorAll(".waits[data-rows]")].reduce((sum, each) => sum + Number(each.dataset.rows), 0);
}

function refuse(element, error) {
  const words = element.querySelector(":scope > .later");
  element.dataset.refused = "yes"; // nobody waits for it any more, until it is asked for once more
  words.textContent = `${error.message} `;
  const again = element.ownerDocument.createElement("button");
  again.type = "button";
  again.className = "btn";
  again.textContent = "Load this part";
  again.addEventListener("click", () => {
    delete element.dataset.refused;
    fill(element);
  }, { once: true });
  words.append(again);
}

// The bar that says how many rows are not here yet, and its button.
export function connectRest(root) {
  const bar = root.querySelector("#partly");
  if (!bar) return;
  const diff = root.querySelector("#diff");
  const count = () => {
    const left = rowsWaiting(diff);
    bar.hidden = left === 0;
    bar.querySelector("[data-left]").textContent = left.toLocaleString("en");
  };
  root.addEventListener("filled", count);
  bar.querySelector("[data-load-all]").addEventListener("click", async (event) => {
    event.target.disabled = true;
    await fillAll(diff);
    event.target.disabled = false;
    announce(bar.hidden ? "All rows are on the page." : "Some rows could not be loaded.");
  });
  count();
}

// Fills all that waits under `place`, a few at a time, whatever is on the screen.
export async function fillAll(place) {
  const tried = new Set();
  const worker = async () => {
    for (;;) {
      const element = [...place.querySelectorAll(".waits[data-src]")].find((each) => !tried.has(each));
      if (!element) return;
      tried.add(element);
      await fill(element);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
