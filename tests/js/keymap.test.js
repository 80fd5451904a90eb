import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { ACTIONS, GROUPS } from "../../static/js/actions.js";
import { Keymap, isModifier, refusal } from "../../static/js/keymap.js";
import { keyWords } from "../../static/js/shortcuts.js";

const TEMPLATES = new URL("../../templates/", import.meta.url);
const templates = readdirSync(TEMPLATES, { recursive: true }).filter((name) => name.endsWith(".html"));

test("every action has its own id and its own keys, in a group that the help shows", () => {
  const keys = ACTIONS.flatMap((action) => action.keys.split(" "));
  assert.deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), []);
  assert.equal(new Set(ACTIONS.map((action) => action.id)).size, ACTIONS.length);
  for (const action of ACTIONS) assert.ok(GROUPS.includes(action.group), action.id);
  for (const action of ACTIONS) for (const key of action.keys.split(" ")) assert.ok(action.fixed || !refusal(key), key);
});

test("the keys that templates show are the defaults of their actions", () => {
  const map = new Keymap(ACTIONS);
  let hints = 0;
  for (const name of templates) {
    const html = readFileSync(new URL(name, TEMPLATES), "utf8");
    assert.doesNotMatch(html, /<kbd>/, `${name}: a <kbd> without data-key`);
    const shown = [...html.matchAll(/<kbd data-key="([^"]+)">([^<]+)<\/kbd>/g), ...html.matchAll(/data-key="([^"]+)" title="[^"(]*\((\S+)\)"/g)];
    for (const [, id, key] of shown) assert.equal(key, keyWords(map.keys(id)[0]).join("+"), `${name}: ${id}`);
    hints += shown.length;
    assert.equal(shown.length, html.split("data-key=").length - 1, name);
  }
  assert.ok(hints > 10);
});

test("a key goes to one action and is taken from the other", () => {
  const map = new Keymap(ACTIONS);
  assert.deepEqual(map.losers("accept", ["r"]).map((action) => action.id), ["reject"]);
  map.assign("accept", ["r"]);
  assert.equal(map.actionOf("r"), "accept");
  assert.equal(map.actionOf("a"), undefined);
  assert.deepEqual(map.keys("reject"), [""]);
  assert.deepEqual(map.losers("reject", ["a"]), []);
});

test("one of two keys changes alone", () => {
  const map = new Keymap(ACTIONS);
  map.assign("undo", ["q", "Ctrl+z"]);
  assert.equal(map.actionOf("q"), "undo");
  assert.equal(map.actionOf("Ctrl+z"), "undo");
  assert.equal(map.actionOf("u"), undefined);
  map.assign("undo", ["u", "Ctrl+z"]);
  assert.equal(map.isChanged("undo"), false);
  assert.equal(map.stored, "");
});

test("what is stored comes back, and what does not fit is left out", () => {
  const map = new Keymap(ACTIONS);
  map.assign("accept", ["r"]);
  const again = new Keymap(ACTIONS);
  again.load(map.stored);
  assert.equal(again.actionOf("r"), "accept");
  assert.deepEqual(again.keys("reject"), [""]);
  for (const odd of ["", "null", "[1]", "{broken", '{"accept":"x"}', '{"accept":["x","y"]}', '{"escape":["x"]}', '{"toString":[]}']) {
    again.load(odd);
    assert.equal(again.stored, "", odd);
    assert.equal(again.actionOf("a"), "accept");
  }
});

test("what the reader chose wins over a default that a newer version brings", () => {
  const map = new Keymap([...ACTIONS, { id: "newer", words: "Newer", group: "Look", keys: "q" }]);
  map.load('{"accept":["q"]}');
  assert.equal(map.actionOf("q"), "accept");
});

test("keys that move about or belong to the browser are refused", () => {
  for (const key of ["a", "A", "?", "é", "7", "F2", "Ctrl+e", "Ctrl+Shift+e"]) assert.equal(refusal(key), "", key);
  for (const key of ["Tab", "Enter", " ", "ArrowUp", "Ctrl+w", "Ctrl+t", "F5", "Ctrl+Shift+t", "MediaPlay"]) assert.notEqual(refusal(key), "", key);
  for (const name of ["Shift", "Ctrl+Control", "Ctrl+Shift+Shift", "AltGraph"]) assert.ok(isModifier(name), name);
  assert.equal(isModifier("s"), false);
});

test("keys have words", () => {
  assert.deepEqual(keyWords("Ctrl+Shift+z"), ["Ctrl", "Shift", "Z"]);
  assert.deepEqual(keyWords("Ctrl++"), ["Ctrl", "+"]);
  assert.deepEqual(keyWords("A"), ["A"]);
  assert.deepEqual(keyWords("Escape"), ["Esc"]);
});
