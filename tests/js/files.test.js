import assert from "node:assert/strict";
import { test } from "node:test";

import { headedPaths, pathInChat } from "../../static/js/paste/facts.js";
import { dropped, filesOf, FileSet, isPassedOver, picked, withoutTop } from "../../static/js/paste/files.js";

const known = { suffixes: { ".py": "python", ".js": "javascript" }, names: { makefile: "makefile" } };

test("a folder's own name is no part of the paths", () => {
  assert.deepEqual(withoutTop(["p/a.py", "p/src/b.py"]), ["a.py", "src/b.py"]);
  assert.deepEqual(withoutTop(["p/a.py", "q/b.py"]), ["p/a.py", "q/b.py"]);
  assert.deepEqual(withoutTop(["a.py", "a.py/b"]), ["a.py", "a.py/b"]);
  assert.deepEqual(picked([{ name: "a.py", webkitRelativePath: "p/src/a.py" }, { name: "b.py", webkitRelativePath: "p/b.py" }]).map(([path]) => path), ["src/a.py", "b.py"]);
});

test("what no answer is about is passed over and counted", () => {
  const files = new FileSet();
  assert.equal(files.add([["b.py", 1], ["node_modules/x.js", 2], [".git/config", 3], ["a.py", 4]]), "");
  assert.deepEqual([files.paths, files.passedOver, files.file("b.py")], [["a.py", "b.py"], 2, 1]);
  assert.equal(isPassedOver("src/git/a.py"), false);
  files.clear();
  assert.deepEqual([files.size, files.passedOver], [0, 0]);
});

test("a folder without end is refused whole", () => {
  const files = new FileSet();
  const words = files.add(Array.from({ length: 20_001 }, (_, n) => [`f${n}.py`, n]));
  assert.match(words, /^The folder has 20,001 files; up to 20,000/);
  assert.equal(files.size, 0);
});

const file = (name) => ({ isFile: true, name, file: (resolve) => resolve({ name }) });
const folder = (name, ...inner) => ({
  isDirectory: true,
  name,
  createReader() {
    const batches = [inner.slice(0, 1), inner.slice(1), []]; // a browser gives some at a time
    return { readEntries: (resolve) => resolve(batches.shift() ?? []) };
  },
});
const transfer = (...entries) => ({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) });

test("a dropped folder is read to its end, without its own name", async () => {
  const entries = dropped(transfer(folder("p", file("a.py"), folder("src", file("b.py"), file("c.py")), folder("node_modules", file("x.js")))));
  assert.deepEqual((await filesOf(entries)).map(([path]) => path), ["a.py", "src/b.py", "src/c.py"]);
  assert.deepEqual((await filesOf(dropped(transfer(folder("p", file("a.py")), file("b.py"))))).map(([path]) => path), ["p/a.py", "b.py"]);
});

test("one dropped file is no folder", () => {
  assert.equal(dropped(transfer(file("a.py"))), null);
  assert.equal(dropped({ items: [] }), null);
});

test("the files that an answer has code for are told by their headers", () => {
  const chat = "See `x.py`.\n### `src/a.py`\n```python\nx\n```\n**src/b.py**\n+++ b/src/c.py\n*** Add File: d.py\n```js e.js\nx\n```\n## 2. f.py\n";
  assert.deepEqual(headedPaths(chat, known).sort(), ["d.py", "e.js", "f.py", "src/a.py", "src/b.py", "src/c.py"]);
  assert.deepEqual(headedPaths("### Using Python\n```python\nx\n```", known), []);
  assert.equal(pathInChat("In `src/a.py`:", known), "src/a.py");
});
