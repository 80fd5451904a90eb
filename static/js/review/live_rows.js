// Elements of the live view: rows and settled hunks from lines of text. Text is always set as text.

const ROWS_SHOWN = 60; // of one settled hunk; the end shows all

export function row(oldIndex, oldText, newIndex, newText, kinds = ["", ""]) {
  const element = document.createElement("div");
  element.className = oldIndex !== null && newIndex !== null && !kinds[0] && !kinds[1] ? "row eq" : "row";
  element.append(cell("o", oldIndex, oldText, kinds[0]), cell("n", newIndex, newText, kinds[1]));
  return element;
}

function cell(side, index, text, kind) {
  const element = document.createElement("div");
  if (index === null) {
    element.className = `l ${side} pad`;
    return element;
  }
  element.className = kind ? `l ${side} ${kind}` : `l ${side}`;
  element.dataset.n = index + 1;
  const code = document.createElement("code");
  const indent = indentOf(text);
  if (indent) code.className = `i${indent}`;
  const white = document.createElement("span");
  white.className = "w"; // narrow screens draw it at half its width
  white.textContent = text.slice(0, text.length - text.trimStart().length);
  code.append(white, text.trimStart());
  element.append(code);
  return element;
}

export function indentOf(text) {
  let width = 0;
  for (const letter of text) {
    if (letter === " ") width += 1;
    else if (letter === "\t") width += 4 - (width % 4);
    else break;
  }
  return Math.min(width, 40);
}

// What a settled hunk adds to the page: a bar over the unchanged lines, three of them, the hunk, all in
// one box.
export function settledHunk(hunk, lines) {
  const box = document.createElement("div");
  box.className = "settled";
  const parts = [];
  const shown = Math.min(hunk.gap, hunk.gap > 6 ? 3 : hunk.gap);
  if (hunk.gap > shown) parts.push(bar(`${hunk.gap - shown} lines the same`));
  for (let k = hunk.gap - shown; k < hunk.gap; k += 1) {
    const text = lines[hunk.gapNew + k];
    parts.push(row(hunk.gapOld + k, text, hunk.gapNew + k, text));
  }
  parts.push(section(hunk));
  box.append(...parts);
  return box;
}

function bar(words) {
  const fold = document.createElement("div");
  fold.className = "fold";
  fold.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-fold"/></svg>';
  const text = document.createElement("span");
  text.textContent = words;
  fold.append(text);
  return fold;
}

function section(hunk) {
  const element = document.createElement("section");
  element.className = "hunk";
  element.id = `s-${hunk.number}`;
  element.tabIndex = -1;
  element.dataset.hunk = hunk.id;
  element.dataset.number = hunk.number;
  element.dataset.decision = "pending";
  element.setAttribute("aria-label", `Hunk ${hunk.number}, ${title(hunk)}`);
  const head = document.createElement("div");
  head.className = "hbar";
  head.innerHTML = '<span class="num"></span><h3></h3><span class="cnt"><span class="p"></span> <span class="m"></span></span><span class="acts"></span>';
  head.querySelector(".acts").append(document.getElementById("live-acts").content.cloneNode(true));
  head.querySelector(".num").textContent = hunk.number;
  head.querySelector("h3").textContent = title(hunk);
  head.querySelector(".p").textContent = `+${hunk.added.length}`;
  head.querySelector(".m").textContent = `−${hunk.removed.length}`;
  const change = document.createElement("div");
  change.className = "change";
  const rows = Math.max(hunk.removed.length, hunk.added.length);
  for (let k = 0; k < Math.min(rows, ROWS_SHOWN); k += 1) {
    const left = k < hunk.removed.length;
    const right = k < hunk.added.length;
    change.append(row(
      left ? hunk.oldStart + k : null, hunk.removed[k],
      right ? hunk.newStart + k : null, hunk.added[k],
      ["del", "add"],
    ));
  }
  element.append(head, change);
  if (rows > ROWS_SHOWN) element.append(bar(`${rows - ROWS_SHOWN} more lines of this hunk are shown at the end`));
  return element;
}

export function title(hunk) {
  const [start, count] = hunk.added.length ? [hunk.newStart, hunk.added.length] : [hunk.oldStart, hunk.removed.length];
  return count > 1 ? `lines ${start + 1} to ${start + count}` : `line ${start + 1}`;
}
