import assert from "node:assert/strict";
import { test } from "node:test";

import { LiveFile, splitLines } from "../../static/js/review/live_file.js";

const ORIGINAL = ["a", "b", "c", "d", "e", "f"];

test("any cutting of the text gives the same lines", () => {
  const text = "one\r\ntwo\rthree\n\nlast";
  const whole = new LiveFile([]);
  whole.write(text, 0);
  for (let cut = 0; cut <= text.length; cut += 1) {
    const file = new LiveFile([]);
    file.write(text.slice(0, cut), 0);
    file.write(text.slice(cut), 0);
    assert.deepEqual([file.lines, file.partial], [["one", "two", "three", ""], "last"]);
  }
  assert.equal(whole.length, 5);
});

test("the tail pairs lines with the original up to the first difference", () => {
  const file = new LiveFile(ORIGINAL);
  file.write("a\nb\nX\nd\n", 2);
  assert.deepEqual(file.tail(10).map(({ index, old }) => [index, old]), [[0, 0], [1, 1], [2, null], [3, null]]);
});

test("after a settled hunk the lines pair anew, shifted by it", () => {
  const file = new LiveFile(ORIGINAL);
  file.write("a\nX\nY\nb\nc\nd\n", 4);
  const hunk = file.settle({ old_start: 1, old_end: 1, new_start: 1, new_end: 3 });
  assert.deepEqual([hunk.number, hunk.gap, hunk.removed, hunk.added], [1, 1, [], ["X", "Y"]]);
  assert.deepEqual(file.tail(10).map(({ index, old }) => [index, old]), [[3, 1], [4, 2], [5, 3]]);
});

test("the tail never holds more than it may", () => {
  const original = Array.from({ length: 5000 }, (_, k) => `line ${k}`);
  const file = new LiveFile(original);
  file.write(`${original.join("\n")}\n`, 5000);
  const rows = file.tail(200);
  assert.equal(rows.length, 200);
  assert.deepEqual(rows[0], { index: 4800, text: "line 4800", old: 4800 });
});

test("the line being written pairs while it is a beginning of the original's", () => {
  const file = new LiveFile(["return total"]);
  file.write("return t", 0);
  assert.deepEqual(file.tail(5), [{ index: 0, text: "return t", old: 0 }]);
  file.write("wo", 0);
  assert.deepEqual(file.tail(5), [{ index: 0, text: "return two", old: null }]);
});

test("a hunk at the end of a file without a final line end holds its last line", () => {
  const file = new LiveFile(ORIGINAL);
  file.write("a\nb\nZ", 6);
  const hunk = file.settle({ old_start: 2, old_end: 6, new_start: 2, new_end: 3 });
  assert.deepEqual([hunk.removed, hunk.added], [["c", "d", "e", "f"], ["Z"]]);
  assert.deepEqual(file.tail(5), []);
});

test("a restart forgets everything", () => {
  const file = new LiveFile(ORIGINAL);
  file.write("X\n", 1);
  file.settle({ old_start: 0, old_end: 1, new_start: 0, new_end: 1 });
  file.reset();
  assert.deepEqual([file.length, file.hunks, file.oldSettled, file.position], [0, [], 0, 0]);
});

test("lines of a text are those between line ends", () => {
  assert.deepEqual(splitLines("a\r\nb\rc\n"), ["a", "b", "c"]);
  assert.deepEqual(splitLines("a\n\nb"), ["a", "", "b"]);
  assert.deepEqual(splitLines(""), []);
});
