// Deciding line by line: a run of changed rows inside of one hunk is selected, moved and decided. Must not know how
// decisions are kept; `decide(rows, decision)` and `cut(row)` do that.

const ROWS = ":scope > .change > .row";

export class LineMode {
  #section = null;
  #rows = [];
  #from = 0; // the selection runs between the two, either may be the larger
  #to = 0;

  // on: {decide(section, rows, decision), cut(section, row), moved(rows, told)}
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.bar = root.querySelector("#linebar");
    root.addEventListener("pointerdown", (event) => this.#pressed(event));
    root.addEventListener("keydown", (event) => this.#arrow(event));
    this.bar?.addEventListener("click", (event) => this.#chosen(event));
  }

  get active() {
    return this.#section !== null;
  }

  // Selects the first changed row of a hunk, or the one given; `told` is what is to be said before it. False where it
  // has no lines to decide.
  enter(section, row = null, told = "") {
    if (!section || section.hasAttribute("data-written")) return false;
    const rows = [...section.querySelectorAll(ROWS)];
    if (!rows.length) return false;
    this.leave();
    this.#section = section;
    this.#rows = rows;
    section.focus({ preventScroll: true });
    this.#select(Math.max(rows.indexOf(row), 0), told);
    return true;
  }

  leave() {
    if (!this.active) return false;
    this.#section.classList.remove("by-line");
    for (const row of this.#rows) row.classList.remove("picked");
    this.bar.hidden = true;
    this.root.append(this.bar);
    this.#section = null;
    this.#rows = [];
    return true;
  }

  move(by) {
    this.#look();
    this.#select(clamp(this.#to + by, this.#rows.length));
  }

  extend(by) {
    this.#look();
    this.#to = clamp(this.#to + by, this.#rows.length);
    this.#show();
  }

  decide(decision) {
    this.on.decide(this.#section, this.#picked, decision);
  }

  cut() {
    this.on.cut(this.#section, this.#picked[0]);
  }

  // More rows of a large hunk may have come.
  #look() {
    this.#rows = [...this.#section.querySelectorAll(ROWS)];
  }

  get #picked() {
    return this.#rows.slice(Math.min(this.#from, this.#to), Math.max(this.#from, this.#to) + 1);
  }

  #select(at, told = "") {
    this.#from = at;
    this.#to = at;
    this.#show(told);
  }

  #show(told = "") {
    const picked = this.#picked;
    this.#section.classList.add("by-line");
    for (const row of this.#rows) row.classList.toggle("picked", picked.includes(row));
    const last = picked.at(-1);
    this.bar.hidden = false;
    const first = this.#rows.indexOf(picked[0]) + 1;
    const range = picked.length === 1 ? `Line ${first}` : `Lines ${first} to ${first + picked.length - 1}`;
    this.bar.querySelector("[data-lines]").textContent = `${range} of ${this.#rows.length}`;
    if (this.bar.parentElement !== this.#section.firstElementChild) this.#section.firstElementChild.append(this.bar);
    last.scrollIntoView({ block: "nearest" });
    this.on.moved(picked, told);
  }

  // A press beside the code, on a line's number or sign, takes the line; with Shift it extends.
  #pressed(event) {
    const cell = event.target.closest?.(".change .l");
    const section = cell?.closest(".hunk");
    if (!cell || !section || event.button !== 0 || event.target.closest("button, a, .proposed, .alts, .standpoints")) return;
    const code = cell.querySelector("code");
    const edge = code ? code.getBoundingClientRect().left + 16 : Infinity;
    if (event.clientX > edge || cell.classList.contains("pad")) return;
    const row = cell.closest(".row");
    if (event.shiftKey && section === this.#section) {
      event.preventDefault();
      this.#to = this.#rows.indexOf(row);
      this.#show();
    } else {
      this.enter(section, row);
    }
  }

  #arrow(event) {
    if (!this.active || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    if (event.target.closest("textarea, input, select")) return;
    event.preventDefault();
    const by = event.key === "ArrowDown" ? 1 : -1;
    if (event.shiftKey) this.extend(by);
    else this.move(by);
  }

  #chosen(event) {
    const does = event.target.closest("[data-lines-do]")?.dataset.linesDo;
    if (!does) return;
    event.stopPropagation();
    if (does === "cut") this.cut();
    else if (does === "leave") this.leave();
    else this.decide(does);
  }
}

function clamp(at, count) {
  return Math.min(Math.max(at, 0), count - 1);
}

// The lines of rows within their hunk, counted from 0 and half open: {removed: [from, to], added: [from, to]}.
export function offsetsOf(section, rows) {
  const [oldStart, newStart] = section.dataset.lines.split(" ").map(Number);
  const ends = (row, side) => {
    const cell = row.querySelector(`:scope > .l.${side}`);
    const number = cell.dataset.n ? Number(cell.dataset.n) - 1 : Number(cell.dataset.at);
    return [number, cell.dataset.n ? number + 1 : number];
  };
  const range = (side, start) => [ends(rows[0], side)[0] - start, ends(rows.at(-1), side)[1] - start];
  return { removed: range("o", oldStart), added: range("n", newStart) };
}
