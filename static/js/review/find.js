// Find in the whole diff: a bar over the rows. The server searches, folds included; this goes from match to match.

import { ApiError, call } from "../api.js";
import { notice } from "../notices.js";
import { showPane } from "./focus.js";
import { Marks } from "./marks.js";
import { reveal, seenCell } from "./reveal.js";
import { bringIntoRoom, openRoom, watchRows } from "./rows.js";

const PAUSE = 150; // milliseconds without a key before the server is asked

export class Find {
  #matches = [];
  #at = -1; // the match that is gone to
  #shown = false; // whether it was gone to, or is only the next one
  #asked = 0;
  #timer = 0;
  #marks = new Marks();
  #opener = null;

  // onMatch(cell, range) is called when a match was gone to.
  constructor(root, applyId, onMatch) {
    Object.assign(this, { root, applyId, onMatch });
    this.bar = root.querySelector("#find");
    delete document.documentElement.dataset.finding; // of a bar that is no more
    this.field = this.bar.querySelector("input");
    this.count = this.bar.querySelector("[data-find-count]");
    this.caseButton = this.bar.querySelector("[data-find=case]");
    this.bar.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#step(1);
    });
    this.bar.addEventListener("keydown", (event) => this.#pressed(event));
    this.bar.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-find]")?.dataset.find));
    this.field.addEventListener("input", () => this.#soon());
  }

  open() {
    if (this.bar.hidden) {
      this.#opener = document.activeElement;
      this.rows = watchRows(this.root, () => this.#draw());
      this.bar.hidden = false;
      document.documentElement.dataset.finding = "yes";
    }
    showPane("pane-diff");
    const chosen = String(getSelection());
    if (chosen && !/[\r\n]/.test(chosen) && chosen.length <= this.field.maxLength) this.field.value = chosen;
    this.field.focus();
    this.field.select();
    this.#soon();
  }

  // true where there was something to close
  close() {
    if (this.bar.hidden) return false;
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.bar.hidden = true;
    delete document.documentElement.dataset.finding;
    this.rows.close();
    this.#marks.clear();
    this.#matches = [];
    this.#opener.focus({ preventScroll: true });
    // Nothing had the focus, or what had it can take it no more.
    if (document.activeElement !== this.#opener || this.#opener === document.body) this.root.querySelector("#main").focus({ preventScroll: true });
    return true;
  }

  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && event.shiftKey && event.target === this.field) {
      event.preventDefault();
      this.#step(-1);
    }
  }

  #clicked(what) {
    if (what === "close") this.close();
    else if (what === "previous") this.#step(-1);
    else if (what === "case") {
      const on = this.caseButton.getAttribute("aria-pressed") !== "true";
      this.caseButton.setAttribute("aria-pressed", String(on));
      this.#search();
    }
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  async #search() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#asked += 1;
    const number = this.#asked;
    const query = new URLSearchParams({ q: this.field.value, case: this.caseButton.getAttribute("aria-pressed") === "true" ? "1" : "0" });
    try {
      const found = this.field.value ? await call("GET", `/applies/${this.applyId}/find?${query}`) : { matches: [], more: false };
      if (number !== this.#asked) return; // a newer search is on its way, or the bar was closed
      this.#matches = found.matches;
      this.more = found.more;
      this.#at = this.#firstFromHere();
      this.#shown = false;
      this.#draw();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
    }
  }

  // The first match from the first row on the screen on; the first of all where there is none.
  #firstFromHere() {
    const [top] = openRoom();
    const row = [...this.root.querySelectorAll("#diff .l.n[data-n]")].find((cell) => cell.getBoundingClientRect().bottom > top);
    const line = Number(row?.dataset.n ?? 0);
    const found = this.#matches.findIndex((match) => match.at >= line);
    return found < 0 && this.#matches.length ? 0 : found;
  }

  async #step(by) {
    if (this.#timer) await this.#search(); // Enter came before the pause was over
    const total = this.#matches.length;
    if (!total) return;
    if (this.#shown || by < 0) this.#at = (this.#at + by + total) % total;
    this.#shown = true;
    const { side, line } = this.#matches[this.#at];
    const cell = await reveal(this.root, this.applyId, side, line);
    if (!cell) return;
    const range = this.#draw();
    bringIntoRoom(seenCell(cell));
    this.onMatch(cell, range);
  }

  // Marks what is on the page and tells how many there are. Returns the range of the match that is gone to.
  #draw() {
    this.#tell();
    const cells = new Map();
    for (const cell of this.root.querySelectorAll("#diff .l[data-n]")) cells.set(`${cell.classList.contains("o") ? "o" : "n"}${cell.dataset.n}`, cell);
    const pieces = [];
    this.#matches.forEach(({ side, line, start, end }, at) => {
      const cell = cells.get(side + line);
      if (cell) pieces.push({ cell: seenCell(cell), start, end, now: this.#shown && at === this.#at });
    });
    return this.rows.ignore(() => this.#marks.show(pieces));
  }

  #tell() {
    const total = this.#matches.length;
    this.bar.classList.toggle("is-empty", Boolean(this.field.value) && !total);
    if (!this.field.value) this.count.textContent = "";
    else if (!total) this.count.textContent = "none";
    else {
      const all = `${total}${this.more ? "+" : ""}`;
      this.count.textContent = this.#shown ? `${this.#at + 1} of ${all}` : `${all} found`;
    }
  }
}
