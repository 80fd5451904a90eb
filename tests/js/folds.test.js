import assert from "node:assert/strict";
import { test } from "node:test";

import { rangeOf } from "../../static/js/review/folds.js";

const fold = { start: "10", end: "60", begins: "45", ends: "18" };

test("twenty lines from either side, never more than there are", () => {
  assert.deepEqual(rangeOf(fold, "up"), [40, 60]);
  assert.deepEqual(rangeOf(fold, "down"), [10, 30]);
  assert.deepEqual(rangeOf({ start: "10", end: "15" }, "up"), [10, 15]);
  assert.deepEqual(rangeOf({ start: "10", end: "15" }, "down"), [10, 15]);
});

test("to where a definition begins or ends; nothing where the fold does not know", () => {
  assert.deepEqual(rangeOf(fold, "begins"), [45, 60]);
  assert.deepEqual(rangeOf(fold, "ends"), [10, 18]);
  assert.equal(rangeOf({ start: "10", end: "60" }, "begins"), null);
  assert.equal(rangeOf({ start: "10", end: "60" }, "ends"), null);
});

test("all at once, but not thousands of rows", () => {
  assert.deepEqual(rangeOf(fold, "all"), [10, 60]);
  assert.deepEqual(rangeOf({ start: "0", end: "90000" }, "all"), [0, 2000]);
});
