// A text area shows every line end as LF. This keeps the exact text behind one: what was opened, dropped or pasted goes
// out character for character, and an edit changes only what was edited. Pure: knows no DOM.

const ENDS = /\r\n|\r|\n/g;

export function shownText(exact) {
  return exact.replace(/\r\n?/g, "\n");
}

// The commonest line end, "\n" where there is none.
export function usualEnd(exact) {
  const counts = { "\n": 0, "\r\n": 0, "\r": 0 };
  for (const [end] of exact.matchAll(ENDS)) counts[end] += 1;
  return Object.keys(counts).reduce((best, end) => (counts[end] > counts[best] ? end : best), "\n");
}

export class ExactText {
  #exact = "";
  #shown = "";

  get exact() {
    return this.#exact;
  }

  get shown() {
    return this.#shown;
  }

  // Replaces everything, as when a file is opened.
  set(exact) {
    this.#exact = exact;
    this.#shown = shownText(exact);
  }

  // The text area now holds `value`. Where that is what pasting `paste` ({start, end, text}) gives, the pasted line ends
  // are kept; else the piece between the common beginning and the common end is new, with the usual line end.
  edit(value, paste) {
    if (value === this.#shown) return;
    if (paste && value === this.#shown.slice(0, paste.start) + shownText(paste.text) + this.#shown.slice(paste.end)) {
      this.#splice(paste.start, paste.end, paste.text, value);
      return;
    }
    const [start, end, stop] = difference(this.#shown, value);
    this.#splice(start, end, value.slice(start, stop).replaceAll("\n", usualEnd(this.#exact)), value);
  }

  #splice(start, end, exactPiece, shown) {
    const from = exactOffset(this.#exact, start);
    const to = from + exactOffset(this.#exact.slice(from), end - start);
    this.#exact = this.#exact.slice(0, from) + exactPiece + this.#exact.slice(to);
    this.#shown = shown;
    // A CR at one edge and an LF at the other would read as one line end: then what is shown is the truth.
    if (shownText(this.#exact) !== shown) this.#exact = shown.replaceAll("\n", usualEnd(this.#exact));
  }
}

// Where the shown offset lies in the exact text: each CRLF before it counts twice.
function exactOffset(exact, shownOffset) {
  let at = 0;
  for (const found of exact.matchAll(/\r\n/g)) {
    const shownAt = found.index - at;
    if (shownAt >= shownOffset) break;
    at += 1;
  }
  return shownOffset + at;
}

// [start, end) of `before` became [start, stop) of `after`.
function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = before.length;
  let stop = after.length;
  while (end > start && stop > start && before[end - 1] === after[stop - 1]) {
    end -= 1;
    stop -= 1;
  }
  return [start, end, stop];
}
