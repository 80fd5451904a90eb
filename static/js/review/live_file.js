// The file while it is being written: its lines so far, and which hunks are settled. Pure: knows no DOM and no socket.

export class LiveFile {
  constructor(originalLines) {
    this.original = originalLines;
    this.reset();
  }

  // Forgets what was written: another engine or another attempt begins.
  reset() {
    this.lines = []; // whole lines, without their ends
    this.partial = ""; // the line being written
    this.hunks = [];
    this.oldSettled = 0; // everything before these is settled
    this.newSettled = 0;
    this.position = 0; // original lines passed
    this.heldReturn = "";
  }

  // The next piece of the file. A CR at its end is held: an LF may follow.
  write(text, position) {
    const whole = this.heldReturn + text;
    this.heldReturn = whole.endsWith("\r") ? "\r" : "";
    const pieces = (this.heldReturn ? whole.slice(0, -1) : whole).split(/\r\n|\r|\n/);
    pieces[0] = this.partial + pieces[0];
    this.partial = pieces.pop();
    for (const piece of pieces) this.lines.push(piece);
    this.position = position;
  }

  // A settled hunk: what lies before its end will not change. Returns it with the unchanged lines before it.
  settle({ id, old_start, old_end, new_start, new_end }) {
    const hunk = {
      id,
      number: this.hunks.length + 1,
      gapOld: this.oldSettled,
      gapNew: this.newSettled,
      gap: new_start - this.newSettled,
      oldStart: old_start,
      newStart: new_start,
      removed: this.original.slice(old_start, old_end),
      added: this.#slice(new_start, Math.min(new_end, this.length)),
    };
    this.hunks.push(hunk);
    this.oldSettled = old_end;
    this.newSettled = new_end;
    return hunk;
  }

  // How many lines there are, the one being written included.
  get length() {
    return this.lines.length + (this.partial ? 1 : 0);
  }

  line(index) {
    return index < this.lines.length ? this.lines[index] : index === this.lines.length && this.partial ? this.partial : undefined;
  }

  // The lines not settled yet, at most the last `most`: [{index, text, old}]; `old` is the original's line index where
  // the line is still the same as there, null from the first difference on.
  tail(most) {
    const from = Math.max(this.newSettled, this.length - most);
    const shift = this.oldSettled - this.newSettled;
    let same = from === this.newSettled || this.#sameUpTo(from, shift);
    const rows = [];
    for (let index = from; index < this.length; index += 1) {
      const text = this.line(index);
      const old = index + shift;
      same = same && (this.original[old] === text || (index === this.lines.length && this.original[old]?.startsWith(text)));
      rows.push({ index, text, old: same ? old : null });
    }
    return rows;
  }

  // Original lines that come next, for a look ahead.
  ahead(count) {
    return this.original.slice(this.position, this.position + count).map((text, k) => ({ index: this.position + k, text }));
  }

  #slice(start, end) {
    const found = [];
    for (let index = start; index < end; index += 1) found.push(this.line(index));
    return found;
  }

  // Whether the lines just before the window are still the original's: a few are enough, and the cost stays bounded.
  #sameUpTo(from, shift) {
    for (let index = Math.max(this.newSettled, from - 3); index < from; index += 1) {
      if (this.line(index) !== this.original[index + shift]) return false;
    }
    return true;
  }
}

export function splitLines(text) {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
