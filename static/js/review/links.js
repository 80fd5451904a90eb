// Links to a hunk and to lines: a click on a line number marks it and sets the address, Shift and a click extend, a
// prompt goes to a line by the keyboard, and a reload shows the marked lines again.

import { writeClipboard } from "../clipboard.js";
import { announce, notice, say } from "../notices.js";
import { showPane } from "./focus.js";
import { extended, hashOf, placeOfHash, placeOfWords, wordsOf } from "./places.js";
import { cellOf, reveal, seenCell } from "./reveal.js";
import { bringIntoRoom, watchRows } from "./rows.js";

const UNFOLDED = 200; // lines of a range that are unfolded

export class Links {
  #place = null;

  constructor(root, applyId) {
    Object.assign(this, { root, applyId });
    watchRows(root, () => this.#paint());
    root.querySelector("#diff").addEventListener("mousedown", (event) => {
      if (event.shiftKey && numberAt(event)) event.preventDefault(); // else the browser selects text
    });
    root.querySelector("#diff").addEventListener("click", (event) => this.#clicked(event));
    window.addEventListener("hashchange", () => this.follow());
    const prompt = document.getElementById("goto");
    prompt.querySelector("form").addEventListener("submit", (event) => this.#answered(event, prompt));
  }

  // Shows the lines that the address names.
  follow() {
    const place = placeOfHash(location.hash);
    if (place) this.go(place);
    else this.#set(null);
  }

  // Marks a place and brings it on the screen. False where the file has no such line.
  async go(place) {
    showPane("pane-diff");
    const first = await reveal(this.root, this.applyId, place.side, place.from);
    if (!first) return false;
    for (let line = place.from + 1; line <= Math.min(place.to, place.from + UNFOLDED); line += 1) {
      if (!(await reveal(this.root, this.applyId, place.side, line))) break;
    }
    this.#set(place);
    bringIntoRoom(seenCell(first));
    return true;
  }

  // true where lines were marked
  unmark() {
    if (!this.#place) return false;
    this.#set(null);
    history.replaceState(history.state, "", location.pathname + location.search);
    return true;
  }

  ask() {
    const prompt = document.getElementById("goto");
    this.#refuse(prompt, "");
    prompt.showModal();
    prompt.querySelector("input").select();
  }

  // A link to the marked lines, else to this hunk.
  async copy(hunk) {
    if (!this.#place && !hunk) return;
    const hash = this.#place ? hashOf(this.#place) : `#${hunk.id}`;
    const what = this.#place ? wordsOf(this.#place) : `hunk ${hunk.dataset.number}`;
    const url = new URL(hash, location.href).href;
    if (await writeClipboard(url)) say(`Link to ${what} copied.`);
    else notice(`The browser does not allow copying here. The link to ${what} is ${url}`, "error");
  }

  #clicked(event) {
    const cell = numberAt(event);
    if (!cell) return;
    const side = cell.classList.contains("o") ? "o" : "n";
    const line = Number(cell.dataset.n);
    const alone = this.#place?.side === side && this.#place.from === line && this.#place.to === line;
    if (alone && !event.shiftKey) this.unmark();
    else this.#choose(extended(event.shiftKey ? this.#place : null, side, line), cell.closest(".picked") !== null);
  }

  // `told`: the press chose the line for a decision too, and that was announced.
  #choose(place, told = false) {
    this.#set(place);
    history.replaceState(history.state, "", hashOf(place));
    if (!told) announce(`${wordsOf(place)} marked.`.replace("l", "L"));
  }

  async #answered(event, prompt) {
    event.preventDefault();
    const words = prompt.querySelector("input").value;
    const place = placeOfWords(words);
    if (!place) this.#refuse(prompt, "Type a line such as 12, lines such as 12-20, or o12 for the original.");
    else if (await this.go(place)) {
      prompt.close();
      this.#choose(place);
    } else this.#refuse(prompt, `There is no ${wordsOf({ ...place, to: place.from })}.`);
  }

  #refuse(prompt, words) {
    prompt.querySelector("[role=alert]").textContent = words;
    prompt.querySelector("input").setAttribute("aria-invalid", String(Boolean(words)));
  }

  #set(place) {
    this.#place = place;
    this.#paint();
  }

  #paint() {
    for (const cell of this.root.querySelectorAll("#diff .l.is-linked")) cell.classList.remove("is-linked");
    if (!this.#place) return;
    const { side, from, to } = this.#place;
    for (const cell of this.root.querySelectorAll(`#diff .l.${side}[data-n]`)) {
      const line = Number(cell.dataset.n);
      if (line < from) continue;
      if (line > to) break;
      for (const each of [cell, seenCell(cell)]) each.classList.add("is-linked");
    }
  }
}

// The cell whose number was pressed: the number is the one part of a cell that no code covers.
function numberAt(event) {
  return event.target.matches?.(".l[data-n]") ? event.target : null;
}
