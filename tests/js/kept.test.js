import assert from "node:assert/strict";
import { test } from "node:test";

import { gather } from "../../static/js/paste/kept.js";

const TEXTS = { "a.py": "aaaa", "b.py": "bbbb", "c.py": "cc", "odd.bin": undefined, "z.py": "zzzz" };
const PATHS = Object.keys(TEXTS);

function gathered(first, most, asked = []) {
  const read = async (path) => {
    asked.push(path);
    return TEXTS[path] === undefined ? { error: "no text" } : { text: TEXTS[path] };
  };
  return gather(PATHS, first, (path) => TEXTS[path]?.length ?? 1, read, most);
}

test("all texts are kept where there is room, and no others", async () => {
  const { files, left } = await gathered([], 100);
  assert.equal(left, 0);
  assert.deepEqual(files, [["a.py", "aaaa"], ["b.py", "bbbb"], ["c.py", "cc"], ["odd.bin", null], ["z.py", "zzzz"]]);
});

test("what the answer is for comes first, then what fits; every path stays in its place", async () => {
  const { files, left } = await gathered(["z.py", "gone.py"], 7);
  assert.equal(left, 2);
  assert.deepEqual(files, [["a.py", null], ["b.py", null], ["c.py", "cc"], ["odd.bin", null], ["z.py", "zzzz"]]);
});

test("what cannot fit is not even read", async () => {
  const asked = [];
  await gathered([], 3, asked);
  assert.deepEqual(asked, ["c.py", "odd.bin"]);
});
