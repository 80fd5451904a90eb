import assert from "node:assert/strict";
import { test } from "node:test";

import { Drafts } from "../../static/js/review/drafts.js";

// A Storage in miniature.
function storage() {
  const kept = new Map();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
}

test("a draft outlives the page, by apply and target", () => {
  const store = storage();
  new Drafts(() => store, "one").set("hunk:a", "half a\nthought");
  assert.equal(new Drafts(() => store, "one").get("hunk:a"), "half a\nthought");
  assert.equal(new Drafts(() => store, "one").get("hunk:b"), "");
  assert.equal(new Drafts(() => store, "two").get("hunk:a"), "");
});

test("what is blank or dropped is no draft", () => {
  const store = storage();
  const drafts = new Drafts(() => store, "one");
  drafts.set("new:3", "x");
  drafts.set("new:3", " \n");
  assert.equal(drafts.get("new:3"), "");
  drafts.set("new:3", "y");
  drafts.drop("new:3");
  assert.equal(drafts.get("new:3"), "");
  assert.equal(store.kept.size, 0);
});

test("without storage a draft lasts as long as the page", () => {
  const drafts = new Drafts(() => { throw new DOMException("off", "SecurityError"); }, "one");
  drafts.set("new:3", "x");
  assert.equal(drafts.get("new:3"), "x");
  assert.equal(drafts.get("new:4"), "");
  drafts.drop("new:3");
  assert.equal(drafts.get("new:3"), "");
});

test("a fault of our own is not taken for a full storage", () => {
  const drafts = new Drafts(() => { throw new TypeError("ours"); }, "one");
  assert.throws(() => drafts.set("new:3", "x"), TypeError);
});
