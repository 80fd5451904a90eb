import assert from "node:assert/strict";
import { test } from "node:test";

import { isSingle, keyName } from "../../static/js/keys.js";
import { pause } from "../../static/js/review/socket.js";

const press = (key, more = {}) => ({ key, shiftKey: false, ctrlKey: false, metaKey: false, ...more });

test("Shift and not Caps Lock tells one hunk from all of them", () => {
  assert.equal(keyName(press("a")), "a");
  assert.equal(keyName(press("A", { shiftKey: true })), "A");
  assert.equal(keyName(press("A")), "a"); // Caps Lock
  assert.equal(keyName(press("a", { shiftKey: true })), "A"); // Caps Lock and Shift
});

test("chords and named keys have their own names and are not single", () => {
  assert.equal(keyName(press("Z", { ctrlKey: true, shiftKey: true })), "Ctrl+Shift+z");
  assert.equal(keyName(press("z", { metaKey: true })), "Ctrl+z");
  assert.equal(keyName(press("?", { shiftKey: true })), "?");
  assert.equal(isSingle("Escape"), false);
  assert.equal(isSingle("Ctrl+z"), false);
  assert.equal(isSingle("["), true);
});

test("AltGr writes a character and makes no chord", () => {
  const altGr = (name) => name === "AltGraph";
  assert.equal(keyName(press("[", { ctrlKey: true, getModifierState: altGr })), "[");
  assert.equal(keyName(press("Enter", { ctrlKey: true, getModifierState: altGr })), "Ctrl+Enter");
});

test("pauses between tries grow to a bound", () => {
  const middle = () => 0.5;
  assert.deepEqual([0, 1, 2, 5, 50].map((tries) => pause(tries, middle)), [250, 500, 1000, 8000, 8000]);
});
