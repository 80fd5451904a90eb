// Long lines where they are not wrapped: one scrollbar at the foot of the diff moves both sides together. CSS shifts the
// text of every line by --x.

import { choice } from "../settings.js";
import { watchRows } from "./rows.js";

const MEASURED = 40; // the longest lines, by their letters, are measured
const STEP = 120; // pixels a key press
const REST = 8; // pixels after the end of the longest line

export class Sideways {
  #planned = false;

  constructor(root) {
    this.diff = root.querySelector("#diff");
    this.bar = root.querySelector("#sideways");
    this.bar.addEventListener("scroll", () => this.diff.style.setProperty("--x", `${this.bar.scrollLeft}px`));
    window.addEventListener("applyweb:settings", () => this.#plan());
    watchRows(root, () => this.#plan());
    new ResizeObserver(() => this.#plan()).observe(this.diff);
    this.diff.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#connectTouch();
  }

  step(by) {
    this.bar.scrollLeft += by * STEP;
  }

  // Brings a piece of a line into its column.
  show(range) {
    if (this.bar.hidden || !range) return;
    const box = range.getBoundingClientRect();
    const column = range.startContainer.parentElement.closest("code").getBoundingClientRect();
    if (box.left < column.left + 24) this.bar.scrollLeft -= column.left + 48 - box.left;
    else if (box.right > column.right - 8) this.bar.scrollLeft += box.right - column.right + 48;
  }

  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    requestAnimationFrame(() => {
      this.#planned = false;
      this.#measure();
    });
  }

  #measure() {
    const over = choice("wrap") === "off" ? this.#over() : 0;
    this.bar.hidden = over <= 0;
    if (over <= 0) {
      this.diff.style.removeProperty("--x");
      return;
    }
    this.bar.style.setProperty("--under", `${document.querySelector(".foot").offsetHeight}px`);
    this.bar.firstElementChild.style.inlineSize = `${this.bar.clientWidth + over}px`;
    this.diff.style.setProperty("--x", `${this.bar.scrollLeft}px`);
  }

  // How many pixels the longest line is longer than its column.
  #over() {
    const weighed = [...this.diff.querySelectorAll(".l > code")].map((code) => {
      const text = code.textContent;
      return { code, weight: text.length + 3 * (text.match(/[\t\u1100-\uffff]/g)?.length ?? 0) };
    });
    const longest = weighed.sort((a, b) => b.weight - a.weight).slice(0, MEASURED);
    this.diff.style.setProperty("--x", "0px");
    const over = Math.max(0, ...longest.map(({ code }) => code.scrollWidth - code.clientWidth));
    return over && over + REST;
  }

  #wheel(event) {
    const by = event.shiftKey && !event.deltaX ? event.deltaY : event.deltaX;
    if (this.bar.hidden || Math.abs(by) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return;
    event.preventDefault();
    this.bar.scrollLeft += by;
  }

  #connectTouch() {
    let last = null;
    this.diff.addEventListener("touchstart", (event) => { last = event.touches[0].clientX; }, { passive: true });
    this.diff.addEventListener("touchmove", (event) => {
      const { clientX } = event.touches[0];
      if (!this.bar.hidden) this.bar.scrollLeft += last - clientX;
      last = clientX;
    }, { passive: true });
  }
}
