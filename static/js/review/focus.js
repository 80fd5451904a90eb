// Which hunk is in focus: moving to it, framing it, and lighting the chat lines that ask for it. The diff comes first:
// the outline and the chat follow a frame later.

import { afterFrame } from "../after_frame.js";
import { furnish } from "./bars.js";
import { waitingLine } from "./chat_lines.js";
import { need } from "./pieces.js";
import { openRoom } from "./rows.js";

export class Focus extends EventTarget {
  #at = -1;
  #sought = null; // the hunk that was gone to, until the reader moves the page
  #left = 0; // where the page was left then
  #follow = () => {
    this.#linksCame();
    this.#lightChat();
  };

  constructor(root) {
    super();
    this.root = root;
    this.hunks = [...root.querySelectorAll(".hunk")];
    root.addEventListener("filled", ({ target }) => {
      if (target.closest(".chat")) this.#light();
      else if (target.closest(".outline")) this.#linksCame();
      else this.#rowsCame();
    });
    for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      root.addEventListener(moved, () => { this.#sought = null; }, { passive: true, capture: true });
    }
  }

  // The hunks of the page were drawn again: the one in focus stays so, or the first part of `hunk` becomes it.
  refresh(hunk) {
    const now = this.current;
    this.hunks = [...this.root.querySelectorAll(".hunk")];
    const same = this.hunks.findIndex((each) => each.dataset.hunk === now?.dataset.hunk);
    const part = this.hunks.findIndex((each) => each.dataset.of === now?.dataset.of);
    const first = this.hunks.findIndex((each) => each.dataset.of === hunk);
    this.mark([same, part, first, 0].find((at) => at >= 0 && this.hunks[at]) ?? -1);
  }

  get current() {
    return this.hunks[this.#at] ?? null;
  }

  get id() {
    return this.current?.dataset.hunk ?? "";
  }

  step(by) {
    const to = Math.min(Math.max(this.#at + by, 0), this.hunks.length - 1);
    if (this.hunks.length) this.go(to);
  }

  first() {
    if (this.hunks.length) this.go(0);
  }

  last() {
    if (this.hunks.length) this.go(this.hunks.length - 1);
  }

  // Goes to the next hunk (by = 1) or the previous one (by = -1) that passes, around the end unless told otherwise.
  // False where none does.
  nextWhere(passes, by = 1, around = true) {
    const count = this.hunks.length;
    for (let step = 1; step <= count; step += 1) {
      if (!around && !this.hunks[this.#at + by * step]) return false;
      const at = (this.#at + by * step + 2 * count) % count;
      if (passes(this.hunks[at])) {
        this.go(at);
        return true;
      }
    }
    return false;
  }

  // Goes to the first hunk of the next symbol (by = 1) or the previous one (by = -1). False where there is none.
  stepSymbol(by) {
    const symbolAt = (at) => this.hunks[at]?.dataset.symbol;
    let at = this.#at;
    while (at >= 0 && symbolAt(at) === symbolAt(this.#at)) at += by;
    if (!this.hunks[at]) return false;
    while (at > 0 && symbolAt(at - 1) === symbolAt(at)) at -= 1;
    this.go(at);
    return true;
  }

  goTo(id) {
    const at = this.hunks.findIndex((hunk) => hunk.dataset.hunk === id || hunk.dataset.of === id);
    if (at >= 0) this.go(at);
  }

  // What the page calls a hunk.
  labelOf(id) {
    const { number, symbol } = this.hunks.find((hunk) => hunk.dataset.of === id)?.dataset ?? {};
    return { number: number?.split(".")[0] ?? "", symbol: symbol ?? "" };
  }

  // Puts a hunk in focus and in view, and the keyboard on it. Where rows are still to come its place is shown, and it
  // is put in view again when they are there.
  go(at) {
    showPane("pane-diff");
    this.mark(at);
    this.reveal();
    this.current.focus({ preventScroll: true });
    this.#sought = this.current;
    need(this.current);
  }

  // Frames a hunk without moving the page.
  mark(at) {
    this.current?.classList.remove("is-now");
    this.#at = at;
    this.current?.classList.add("is-now");
    furnish(this.current);
    afterFrame(this.#follow);
    this.dispatchEvent(new Event("change"));
  }

  #markLinks() {
    for (const link of this.root.querySelectorAll("[data-hunk][aria-current]")) link.removeAttribute("aria-current");
    const ids = new Set([this.id, this.current?.dataset.of]); // the outline has whole hunks, the map their parts
    for (const link of this.root.querySelectorAll("a[data-hunk]")) if (ids.has(link.dataset.hunk)) link.setAttribute("aria-current", "true");
  }

  #linksCame() {
    this.#markLinks();
    this.#showLink();
  }

  #showLink() {
    const link = this.root.querySelector(`.outline a[data-hunk="${this.current?.dataset.of}"]`);
    scrollWithin(link?.closest(".outline"), link);
  }

  #rowsCame() {
    furnish(this.current);
    this.#revealSought();
  }

  // What came may have moved the hunk that was gone to. Not where the page was scrolled away since, by whatever means.
  #revealSought() {
    if (!this.#sought || this.#sought !== this.current) return;
    if (Math.abs(window.scrollY - this.#left) > window.innerHeight) this.#sought = null;
    else this.reveal();
  }

  reveal() {
    const box = this.current.getBoundingClientRect();
    const [top, bottom] = openRoom();
    if (box.top < top + 8 || (box.bottom > bottom - 8 && box.top > top + 76)) {
      window.scrollBy({ top: box.top - top - 64 });
    }
    this.#left = window.scrollY;
  }

  // Shows the lines of the chat that ask for this hunk.
  showAsked() {
    const [first] = this.#light();
    if (!first) return;
    showPane("pane-chat");
    const chat = first.closest(".chat");
    if (chat.scrollHeight > chat.clientHeight) scrollWithin(chat, first);
    else first.scrollIntoView({ block: "center" });
  }

  // The first asking line is brought where it has not come yet; the others are lit when they come.
  #lightChat() {
    const lines = this.#light();
    const hunk = this.current;
    const first = hunk?.dataset.asked.split(" ", 1)[0];
    const coming = first ? waitingLine(this.root, first) : null;
    this.root.querySelector("#asked-here").hidden = !lines.length && !coming;
    this.root.querySelector("#asked-number").textContent = hunk?.dataset.number ?? "";
    if (lines.length && !coming) scrollWithin(lines[0].closest(".chat"), lines[0]);
    coming?.then(() => { if (this.current === hunk) this.#lightChat(); });
  }

  #light() {
    for (const line of this.root.querySelectorAll(".cl.lit")) line.classList.remove("lit");
    const asked = this.current?.dataset.asked.split(" ").filter(Boolean) ?? [];
    const lines = asked.map((number) => document.getElementById(`c${number}`)).filter(Boolean);
    for (const line of lines) line.classList.add("lit");
    return lines;
  }
}

// On a narrow screen one panel shows at a time.
export function showPane(id) {
  document.getElementById(id).checked = true;
}

// Scrolls a panel, never the page, so that an element in it can be seen.
export function scrollWithin(panel, element) {
  if (!panel || !element || panel.scrollHeight <= panel.clientHeight) return;
  const outer = panel.getBoundingClientRect();
  const inner = element.getBoundingClientRect();
  if (inner.top < outer.top + 48 || inner.bottom > outer.bottom - 24) {
    panel.scrollTop += inner.top - outer.top - outer.height / 3;
  }
}
