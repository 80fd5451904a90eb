// Places in a diff as addresses and as people type them: "#L12", "#L12-L20", "#O12" (the original), "12", "12-20",
// "o12". A place is {side: "n" | "o", from, to}, lines counted from 1. Pure: knows no DOM.

const HASH = /^#([LO])(\d+)(?:-[LO]?(\d+))?$/;
const TYPED = /^\s*([lo]?)\s*(\d+)\s*(?:[-–]\s*[lo]?\s*(\d+)\s*)?$/i;

// null where it is none.
export function placeOfHash(hash) {
  return place(HASH.exec(hash));
}

export function placeOfWords(words) {
  return place(TYPED.exec(words));
}

export function hashOf({ side, from, to }) {
  const letter = side === "o" ? "O" : "L";
  return to > from ? `#${letter}${from}-${letter}${to}` : `#${letter}${from}`;
}

export function wordsOf({ side, from, to }) {
  const lines = to > from ? `lines ${from} to ${to}` : `line ${from}`;
  return side === "o" ? `${lines} of the original` : lines;
}

// The place from where `anchor` began to this line, where both are on one side.
export function extended(anchor, side, line) {
  if (anchor?.side !== side) return { side, from: line, to: line, anchor: line };
  const start = anchor.anchor ?? anchor.from;
  return { side, from: Math.min(start, line), to: Math.max(start, line), anchor: start };
}

function place(found) {
  if (!found) return null;
  const lines = [Number(found[2]), Number(found[3] ?? found[2])];
  if (!lines.every((line) => line >= 1 && line < 1e9)) return null;
  return { side: found[1].toLowerCase() === "o" ? "o" : "n", from: Math.min(...lines), to: Math.max(...lines) };
}
