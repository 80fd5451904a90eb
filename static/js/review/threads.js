// The threads in the diff: each stands below its line or hunk, follows what the server says, and is counted on bars and
// in the outline. Must not know: how one is written, sent or changed.

const HELD = ".thread, .composer, .plus, .talkflag";

export class Threads {
  #elements = new Map(); // id -> element, in the diff's order
  #watcher = null;

  // placed() is called when rows came and threads went to them
  constructor(root, placed) {
    this.root = root;
    this.holder = root.querySelector("#threads");
    this.version = Number(this.holder.dataset.version);
    for (const element of this.holder.querySelectorAll(".thread")) this.#elements.set(element.id, element);
    this.#watcher = new MutationObserver((records) => {
      if (!records.some(({ addedNodes }) => [...addedNodes].some(bringsRows))) return;
      this.place();
      placed();
    });
    this.#watcher.observe(root.querySelector("#diff"), { childList: true, subtree: true });
    this.place();
  }

  close() {
    this.#watcher.disconnect();
  }

  get all() {
    return [...this.#elements.values()];
  }

  get open() {
    return this.all.filter((element) => !element.classList.contains("is-resolved"));
  }

  byId(id) {
    return this.#elements.get(`thread-${id}`) ?? null;
  }

  isPlaced(element) {
    return element.parentElement !== this.holder || element.classList.contains("is-lost");
  }

  // A newer state from the server, as HTML. Returns the comments of other people that are new in it.
  take(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("threads");
    this.version = Number(fresh.dataset.version);
    const known = new Set(this.all.flatMap((element) => [...element.querySelectorAll(".comment")].map((each) => each.id)));
    const next = new Map();
    for (const element of fresh.querySelectorAll(".thread")) {
      const old = this.#elements.get(element.id);
      if (old) update(old, element);
      next.set(element.id, old ?? document.adoptNode(element));
    }
    for (const [id, element] of this.#elements) {
      if (next.has(id)) continue;
      if (element.querySelector(".composer")) next.set(id, element); // somebody is answering: the answer brings it back
      else element.remove();
    }
    this.#elements = next;
    this.place();
    return this.all.flatMap((element) => [...element.querySelectorAll(".comment:not([data-text])")]).filter((each) => !known.has(each.id));
  }

  // Brings each thread below its line, as far as that is on the page; the others wait in the holder.
  place() {
    const last = new Map(); // the row or the end of a hunk -> what was put below it last
    for (const element of this.all) {
      const below = this.#below(element.dataset);
      const before = below && (last.get(below) ?? (below.matches(".row") ? below : null));
      if (!below) keepIn(this.holder, element);
      else if (before) before.nextElementSibling === element || before.after(element);
      else below.firstElementChild === element || below.prepend(element);
      if (below) last.set(below, element);
    }
    this.#paintCounts();
  }

  // Where a writing box for a new thread goes: below the threads that are there already.
  putBelow(row, form) {
    let last = row;
    while (last.nextElementSibling?.matches(".thread")) last = last.nextElementSibling;
    last.after(form);
  }

  // The place at the end of a hunk, of its last part where it was cut, for what is said of all of it. null where the
  // hunk is gone or has not come yet.
  endOf(key) {
    const hunk = this.partsOf(key).at(-1);
    if (!hunk || hunk.matches(".waits")) return null;
    const found = hunk.querySelector(":scope > .hunktalk");
    if (found) return found;
    const end = document.createElement("div");
    end.className = "hunktalk";
    hunk.append(end);
    return end;
  }

  #below({ in: key, whole, side, row }) {
    const end = key ? this.endOf(key) : null;
    if (end && (whole === "yes" || !row)) return end;
    const found = row && this.root.querySelector(cellOf(side, row))?.closest(".row");
    if (found?.closest(".proposed")) return end; // folded away beside the lines that somebody wrote instead
    return found || null;
  }

  partsOf(key) {
    return [...this.root.querySelectorAll(`.hunk[data-of="${key}"]`)];
  }

  #paintCounts() {
    const places = new Map(); // the element to flag before -> how many
    for (const element of this.open) {
      const key = element.dataset.in;
      const hunk = element.closest(".hunk") ?? (key && this.partsOf(key)[0]);
      const bar = hunk && hunk.querySelector(":scope > .hbar .acts");
      const numbers = key && this.root.querySelector(`.outline a[data-hunk="${key}"] > .cnt`);
      for (const place of [bar, numbers]) if (place) places.set(place, (places.get(place) ?? 0) + 1);
    }
    for (const flag of this.root.querySelectorAll(".talkflag")) {
      if (!places.has(flag.nextElementSibling)) flag.remove();
    }
    for (const [place, count] of places) flagBefore(place, count);
  }
}

// A resolved thread is folded to a line until it is opened up.
export function openUp(thread, isOpen = true) {
  const line = thread.querySelector(":scope > .foldline");
  thread.classList.toggle("is-open", Boolean(line) && isOpen);
  line?.setAttribute("aria-expanded", String(isOpen));
}

export function cellOf(side, line) {
  return `#diff .l.${side === "old" ? "o" : "n"}[data-n="${line}"]`;
}

function bringsRows(node) {
  return node.nodeType === Node.ELEMENT_NODE && !node.matches(HELD) && (node.matches(".l") || node.querySelector(".l") !== null);
}

function keepIn(holder, element) {
  if (element.parentElement !== holder) holder.append(element);
}

// On a bar the flag goes to the comment; in the outline it stands in a link already.
function flagBefore(place, count) {
  const words = `${count} open comment${count === 1 ? "" : "s"}`;
  const old = place.previousElementSibling?.matches(".talkflag") ? place.previousElementSibling : null;
  if (old?.title === words) return;
  const flag = document.createElement(place.matches(".acts") ? "button" : "span");
  if (flag.localName === "button") Object.assign(flag, { type: "button" }).dataset.talk = "first";
  flag.className = "flag talkflag";
  flag.title = words;
  flag.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-comment"/></svg><span aria-hidden="true"></span><span class="vh"></span>';
  flag.children[1].textContent = count;
  flag.children[2].textContent = words;
  if (old) old.replaceWith(flag);
  else place.before(flag);
}

// Brings what changed into a thread. What did not change stays as it is, with the focus that it may have; so does a
// comment that is being edited, and the box of an answer.
function update(old, fresh) {
  const hadFocus = old.contains(document.activeElement);
  const talk = old.querySelector(".talk");
  const known = new Map([...talk.children].map((item) => [item.id, item]));
  const items = [...fresh.querySelectorAll(".talk > .comment")].map((item) => {
    const own = known.get(item.id);
    return own && (own.querySelector(".composer") || same(own, item)) ? own : item;
  });
  for (const item of known.values()) if (!items.includes(item)) item.remove();
  items.forEach((item, at) => { if (talk.children[at] !== item) talk.insertBefore(item, talk.children[at] ?? null); });
  exchange(old, fresh, ".talkacts");
  if (old.classList.contains("is-resolved") !== fresh.classList.contains("is-resolved")) {
    old.querySelector(":scope > .foldline")?.remove();
    const line = fresh.querySelector(":scope > .foldline");
    if (line) old.prepend(line);
    old.classList.remove("is-open");
  }
  const isOpen = old.classList.contains("is-open") || old.querySelector(".composer") !== null;
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  openUp(old, isOpen);
  if (hadFocus && !old.contains(document.activeElement)) old.focus({ preventScroll: true });
}

function exchange(old, fresh, selector) {
  const [before, after] = [old, fresh].map((each) => each.querySelector(`:scope > ${selector}`));
  if (!same(before, after)) before.replaceWith(after);
}

// How long ago it was changes all the time, and is no reason to exchange what somebody may be at.
function same(one, other) {
  return withoutTimes(one) === withoutTimes(other);
}

function withoutTimes(element) {
  return element.outerHTML.replace(/<time.*?<\/time>/g, "");
}
