// Marks pieces of shown lines without changing them (CSS Custom Highlight API); where a browser has none, with <mark>.
// Must not know: what is marked and why.

const NAMES = { all: "found", now: "found-now" };

export class Marks {
  #put = [];

  // pieces: [{cell, start, end, now}], `start` and `end` in UTF-16 units of the line. Returns the range of the piece
  // that is `now`, or null.
  show(pieces) {
    this.clear();
    const ranges = pieces.map(({ cell, start, end, now }) => ({ range: rangeOf(cell.querySelector("code"), start, end), now }));
    const current = ranges.find(({ range, now }) => now && range)?.range ?? null;
    if (globalThis.CSS?.highlights) {
      CSS.highlights.set(NAMES.all, new Highlight(...ranges.filter((each) => each.range && !each.now).map((each) => each.range)));
      CSS.highlights.set(NAMES.now, new Highlight(...(current ? [current] : [])));
      return current;
    }
    // From the last to the first: putting one in moves only what stands behind it.
    for (const { range, now } of ranges.reverse()) if (range) this.#put.push(...wrap(range, now));
    const own = this.#put.filter((mark) => mark.classList.contains(NAMES.now));
    if (!own.length) return null;
    const around = document.createRange();
    around.setStartBefore(own.at(-1));
    around.setEndAfter(own[0]);
    return around;
  }

  clear() {
    for (const name of Object.values(NAMES)) globalThis.CSS?.highlights?.delete(name);
    for (const mark of this.#put) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent?.normalize();
    }
    this.#put = [];
  }
}

function rangeOf(code, start, end) {
  const range = document.createRange();
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  let at = 0;
  let began = false;
  while (texts.nextNode()) {
    const { length } = texts.currentNode;
    if (!began && start < at + length) {
      range.setStart(texts.currentNode, start - at);
      began = true;
    }
    if (began && end <= at + length) {
      range.setEnd(texts.currentNode, end - at);
      return range;
    }
    at += length;
  }
  return null; // the line has changed since it was searched
}

// The marks that were put in, the last one first.
function wrap(range, now) {
  const texts = [];
  const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE && range.intersectsNode(node)) texts.push(node);
  }
  const bounds = texts.map((node) => [
    node === range.startContainer ? range.startOffset : 0,
    node === range.endContainer ? range.endOffset : node.length,
  ]);
  return texts.map((node, k) => [node, ...bounds[k]]).filter(([, from, to]) => to > from).reverse().map(([node, from, to]) => {
    const piece = node.splitText(from);
    piece.splitText(to - from);
    const mark = document.createElement("mark");
    mark.className = now ? NAMES.now : NAMES.all;
    piece.replaceWith(mark);
    mark.append(piece);
    return mark;
  });
}
