import assert from "node:assert/strict";
import { test } from "node:test";

import { extended, hashOf, placeOfHash, placeOfWords, wordsOf } from "../../static/js/review/places.js";

test("an address names lines of either side, and comes back the same", () => {
  assert.deepEqual(placeOfHash("#L12"), { side: "n", from: 12, to: 12 });
  assert.deepEqual(placeOfHash("#L12-L20"), { side: "n", from: 12, to: 20 });
  assert.deepEqual(placeOfHash("#L20-12"), { side: "n", from: 12, to: 20 });
  assert.deepEqual(placeOfHash("#O3-O4"), { side: "o", from: 3, to: 4 });
  for (const odd of ["", "#", "#L", "#L0", "#l12", "#L12-", "#h-12", "#L12x", "#L99999999999999999999"]) assert.equal(placeOfHash(odd), null, odd);
  for (const hash of ["#L1", "#O2", "#L3-L4", "#O5-O60"]) assert.equal(hashOf(placeOfHash(hash)), hash);
});

test("people type lines in several ways", () => {
  assert.deepEqual(placeOfWords(" 12 "), { side: "n", from: 12, to: 12 });
  assert.deepEqual(placeOfWords("L12"), { side: "n", from: 12, to: 12 });
  assert.deepEqual(placeOfWords("o 7 - 9"), { side: "o", from: 7, to: 9 });
  assert.deepEqual(placeOfWords("9–7"), { side: "n", from: 7, to: 9 });
  for (const odd of ["", "x", "0", "-3", "1.5", "12-"]) assert.equal(placeOfWords(odd), null, odd);
});

test("a range grows from where it began, on one side", () => {
  const first = extended(null, "n", 10);
  const down = extended(first, "n", 14);
  assert.deepEqual([down.from, down.to], [10, 14]);
  const up = extended(down, "n", 8);
  assert.deepEqual([up.from, up.to], [8, 10]);
  const other = extended(up, "o", 3);
  assert.deepEqual([other.side, other.from, other.to], ["o", 3, 3]);
});

test("a place has words", () => {
  assert.equal(wordsOf({ side: "n", from: 3, to: 3 }), "line 3");
  assert.equal(wordsOf({ side: "o", from: 3, to: 5 }), "lines 3 to 5 of the original");
});
