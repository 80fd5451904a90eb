import assert from "node:assert/strict";
import { test } from "node:test";

import { acceptedWords } from "../../static/js/accepted.js";

const file = (path, accepted, left) => ({ path, accepted, left });

test("what was accepted is counted, and what is left is named", () => {
  assert.equal(acceptedWords([file("a.py", 2, 0), file("b.py", 1, 0)]), "3 hunks of 2 files accepted.");
  assert.equal(
    acceptedWords([file("a.py", 1, 0), file("b.py", 0, 1)]),
    "1 hunk of 1 file accepted. 1 hunk stays undecided, to be looked at in b.py: unsure, not asked for, or in conflict.",
  );
  assert.equal(
    acceptedWords(["a", "b", "c", "d"].map((path) => file(path, 0, 2))),
    "Nothing was accepted. 8 hunks stay undecided, to be looked at in a, b, c and 1 more: unsure, not asked for, or in conflict.",
  );
  assert.match(acceptedWords([file("a", 0, 1), file("b", 0, 1)]), /looked at in a and b:/);
});
