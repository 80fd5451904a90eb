import assert from "node:assert/strict";
import { test } from "node:test";

import {
  codeBlocks, countLines, deceptive, decodeFile, describe, languageInChat, languageOfPath, lineEndWords, pathInChat, sizeWords,
} from "../../static/js/paste/facts.js";

const KNOWN = { suffixes: { ".py": "python", ".ts": "typescript", ".md": "markdown" }, names: { makefile: "makefile" } };
const bytes = (...values) => new Uint8Array(values);

test("lines are counted as the server counts them", () => {
  const cases = { "": 0, a: 1, "a\n": 1, "a\nb": 2, "\n\n": 2, "a\r\nb\rc\n": 3, "a\u2028b\f": 1 };
  for (const [text, lines] of Object.entries(cases)) assert.equal(countLines(text), lines, JSON.stringify(text));
});

test("a text is described by lines, bytes, line ends and mark", () => {
  assert.equal(describe(""), "empty");
  assert.equal(describe("one"), "1 line, 3 B");
  assert.equal(describe("\ufeffé\r\n"), "1 line, 7 B, CRLF, BOM");
  assert.equal(describe("x\n".repeat(1500)), "1,500 lines, 2.9 KiB, LF");
  assert.equal(lineEndWords("a\nb\r\n"), "mixed line ends (LF, CRLF)");
  assert.equal(sizeWords(4 * 1024 * 1024), "4.0 MiB");
});

test("a file is decoded exactly, its byte-order mark kept", () => {
  assert.deepEqual(decodeFile(bytes(0xef, 0xbb, 0xbf, 97, 13, 10), 100), { text: "\ufeffa\r\n" });
  assert.deepEqual(decodeFile(bytes(), 100), { text: "" });
});

test("binary, undecodable and too large files are refused with words", () => {
  assert.match(decodeFile(bytes(97, 0, 98), 100, "x.bin").error, /^x\.bin looks like a binary file/);
  assert.match(decodeFile(bytes(0xff, 0xfe, 97), 100).error, /not UTF-8/);
  assert.match(decodeFile(bytes(1, 2, 3), 2, "big.py").error, /^big\.py has 3 B; the limit is 2 B/);
});

test("the language of a path is told by its name, then its suffix", () => {
  assert.equal(languageOfPath("src/app.py", KNOWN), "python");
  assert.equal(languageOfPath("C:\\src\\APP.PY", KNOWN), "python");
  assert.equal(languageOfPath("Makefile", KNOWN), "makefile");
  assert.equal(languageOfPath(".py", KNOWN), "");
  assert.equal(languageOfPath("notes", KNOWN), "");
});

test("fences pair: longer and nested ones, tildes, one that is never closed", () => {
  assert.deepEqual(codeBlocks("a\n```python x\n1\n```\n~~~\n```\n~~~\nb"), [{ info: "python x" }, { info: "" }]);
  assert.deepEqual(codeBlocks("````md\n```js\n```\n````\n"), [{ info: "md" }]);
  assert.deepEqual(codeBlocks("```go\nnever closed"), [{ info: "go" }]);
  assert.deepEqual(codeBlocks("inline ``` is none"), []);
});

test("a path is guessed only where the chat names exactly one", () => {
  assert.equal(pathInChat("Change `src/app.py` so:\n```python\n```", KNOWN), "src/app.py");
  assert.equal(pathInChat("```python:src/app.py\n```\nin `./src/app.py`", KNOWN), "src/app.py");
  assert.equal(pathInChat("`a.py` and `b.py`", KNOWN), "");
  assert.equal(pathInChat("call `self.delay` and `os.path`", KNOWN), "");
});

test("the language of the fences is taken where they agree", () => {
  const names = new Set(["python", "typescript"]);
  assert.equal(languageInChat("```Python\n```\n```\n```", names), "python");
  assert.equal(languageInChat("```python\n```\n```typescript\n```", names), "");
  assert.equal(languageInChat("no code", names), "");
});

test("deceptive characters are told with their line", () => {
  assert.match(deceptive("ok\nif x: # \u202e reversed"), /^Line 2 holds an invisible control/);
  assert.match(deceptive("a = 1\ntotal = p\u0430ypal"), /^Line 2 has a word of mixed alphabets \(“pаypal”\)/);
  assert.equal(deceptive("привет мир, λ and plain words 😀"), "");
});
