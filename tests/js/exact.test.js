import assert from "node:assert/strict";
import { test } from "node:test";

import { ExactText, shownText, usualEnd } from "../../static/js/paste/exact.js";

function opened(exact) {
  const text = new ExactText();
  text.set(exact);
  return text;
}

test("an opened text goes out character for character", () => {
  for (const exact of ["", "a\r\nb\n\rc", "\ufeffx\r", "no end", "\r\n\r\n", "tab\t😀\u0301\r\n"]) {
    assert.equal(opened(exact).exact, exact);
    assert.equal(opened(exact).shown, exact.replace(/\r\n|\r/g, "\n"));
  }
});

test("setting the shown text again changes nothing", () => {
  const text = opened("a\r\nb\rc\n");
  text.edit("a\nb\nc\n");
  assert.equal(text.exact, "a\r\nb\rc\n");
});

test("an edit keeps the line ends around it and takes the usual one inside", () => {
  const text = opened("one\r\ntwo\r\nthree\nfour\r\n");
  text.edit("one\ntwo\nnew\nline\nthree\nfour\n");
  assert.equal(text.exact, "one\r\ntwo\r\nnew\r\nline\r\nthree\nfour\r\n");
});

test("a character typed in the middle of a CRLF file changes only itself", () => {
  const text = opened("a\r\nb\r\nc");
  text.edit("a\nbX\nc");
  assert.equal(text.exact, "a\r\nbX\r\nc");
});

test("a removed line takes its own end with it", () => {
  const text = opened("a\r\nb\nc\r\n");
  text.edit("a\nc\n");
  assert.equal(text.exact, "a\r\nc\r\n");
});

test("a paste keeps the line ends of what was pasted", () => {
  const text = new ExactText();
  text.edit("a\nb\n", { start: 0, end: 0, text: "a\r\nb\r\n" });
  assert.equal(text.exact, "a\r\nb\r\n");
  text.edit("a\nX\nY\nb\n", { start: 2, end: 2, text: "X\nY\r" });
  assert.equal(text.exact, "a\r\nX\nY\rb\r\n");
});

test("a paste over a selection replaces exactly the selection", () => {
  const text = opened("one\r\ntwo\r\nthree\r\n");
  text.edit("one\nNEW\nthree\n", { start: 4, end: 7, text: "NEW" });
  assert.equal(text.exact, "one\r\nNEW\r\nthree\r\n");
});

test("a paste that the browser changed counts as typed", () => {
  const text = opened("a\r\n");
  text.edit("a\nshort", { start: 2, end: 2, text: "something longer" });
  assert.equal(text.exact, "a\r\nshort");
});

test("pieces that meet as CR and LF do not become one line end", () => {
  const text = opened("a\rb");
  text.edit("a\n\nb", { start: 2, end: 2, text: "\n" });
  assert.equal(shownText(text.exact), "a\n\nb");
});

test("whatever is edited, the exact text always shows what the text area holds", () => {
  // A small deterministic generator: the same cases on every machine.
  let seed = 7;
  const random = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  const letters = ["a", "b", "\n", "\r\n", "\r", "x"];
  const piece = () => Array.from({ length: random(6) }, () => letters[random(letters.length)]).join("");
  for (let round = 0; round < 500; round += 1) {
    const text = opened(piece() + piece());
    for (let edit = 0; edit < 4; edit += 1) {
      const start = random(text.shown.length + 1);
      const end = start + random(text.shown.length - start + 1);
      const added = piece();
      const value = text.shown.slice(0, start) + shownText(added) + text.shown.slice(end);
      text.edit(value, random(2) ? { start, end, text: added } : null);
      assert.equal(text.shown, value);
      assert.equal(shownText(text.exact), value);
    }
  }
});

test("the usual end is the commonest, LF without any", () => {
  assert.equal(usualEnd("no end"), "\n");
  assert.equal(usualEnd("a\r\nb\r\nc\n"), "\r\n");
  assert.equal(usualEnd("a\rb"), "\r");
});
