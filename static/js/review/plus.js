// The + at a line's number, which begins a comment on that line. One button for the whole diff: it comes to the line under
// the pointer; without one it waits in the hunk in focus, where Tab finds it and the arrow keys take it to other lines.

import { afterFrame } from "../after_frame.js";

const MOVES = { ArrowDown: [1, false], ArrowUp: [-1, false], ArrowLeft: [0, true], ArrowRight: [0, true] };

export class LinePlus {
  #park = () => {
    if (this.#isHeld) return;
    const cell = this.focus.current?.querySelector(".l.n[data-n]") ?? this.focus.current?.querySelector(".l.o[data-n]");
    if (cell) this.#put(cell, false);
    else this.#leave();
  };

  // begin(cell): writes a comment on this line
  constructor(root, focus, begin) {
    Object.assign(this, { focus, begin, diff: root.querySelector("#diff") });
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "plus";
    this.button.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-plus"/></svg>';
    this.button.setAttribute("aria-description", "Arrow keys choose another line");
    this.button.addEventListener("click", () => this.begin(this.button.closest(".l")));
    this.button.addEventListener("keydown", (event) => this.#pressed(event));
    this.diff.addEventListener("pointerover", (event) => this.#over(event));
    this.diff.addEventListener("pointerleave", this.#park);
    focus.addEventListener("change", () => afterFrame(this.#park));
    this.#park();
  }

  get #isHeld() {
    return document.activeElement === this.button;
  }

  #over(event) {
    const cell = event.target.closest?.(".l[data-n]");
    if (cell && !this.#isHeld) this.#put(cell, true);
  }

  #put(cell, isOver) {
    this.button.classList.toggle("is-over", isOver);
    if (this.button.parentElement === cell) return;
    this.button.setAttribute("aria-label", `Comment on ${lineWords(cell)}`);
    this.#leave();
    cell.classList.add("has-plus");
    cell.append(this.button);
  }

  #leave() {
    this.button.parentElement?.classList.remove("has-plus");
    this.button.remove();
  }

  #pressed(event) {
    const [step, toOther] = MOVES[event.key] ?? [0, false];
    if ((!step && !toOther) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const here = this.button.closest(".l");
    const next = toOther ? otherSide(here) : this.#neighbour(here, step);
    if (!next) return;
    this.#put(next, false);
    this.button.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  #neighbour(cell, step) {
    const cells = [...this.diff.querySelectorAll(`.l.${sideOf(cell)}[data-n]`)].filter((each) => each.checkVisibility());
    return cells[cells.indexOf(cell) + step];
  }
}

export function sideOf(cell) {
  return cell.classList.contains("o") ? "o" : "n";
}

export function lineWords(cell) {
  return `${sideOf(cell) === "o" ? "old " : ""}line ${cell.dataset.n}`;
}

function otherSide(cell) {
  const other = cell.closest(".row").querySelector(`.l.${sideOf(cell) === "o" ? "n" : "o"}[data-n]`);
  return other?.checkVisibility() ? other : null;
}
