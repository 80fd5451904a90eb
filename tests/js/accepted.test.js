import assert from "node:assert/strict";
import { test } from "node:test";

import { acceptedWords, returnedWords } from "../../static/js/accepted.js";

const file = (path, accepted, left, ...doubts) => ({ path, accepted, left, doubts });

test("what was accepted is counted, and what is left is named", () => {
  assert.equal(acceptedWords([file("a.py", 2, 0), file("b.py", 1, 0)]), "3 hunks of 2 files accepted.");
  assert.equal(
    acceptedWords([file("a.py", 1, 0), file("b.py", 0, 1)]),
    "1 hunk of 1 file accepted. 1 hunk stays undecided, to be looked at in b.py: not asked for, in doubt, or in conflict.",
  );
  assert.equal(
    acceptedWords(["a", "b", "c", "d"].map((path) => file(path, 0, 2))),
    "Nothing was accepted. 8 hunks stay undecided, to be looked at in a, b, c and 1 more: not asked for, in doubt, or in conflict.",
  );
  assert.match(acceptedWords([file("a", 0, 1), file("b", 0, 1)]), /looked at in a and b:/);
});

test("a file that waits as a whole says why", () => {
  assert.match(
    acceptedWords([file("a", 0, 1), file("b.py", 0, 2, "The file is empty now.", "More.")]),
    /in conflict\. All of b\.py waits: The file is empty now\.$/,
  );
});

test("what went back is counted, and what stays is named", () => {
  const returned = (path, stays = false) => ({ path, stays });
  assert.equal(returnedWords("undo", [returned("a"), returned("b")]), "Accepting all is undone in 2 files.");
  assert.equal(returnedWords("redo", [returned("a")]), "1 file accepted again.");
  assert.equal(
    returnedWords("undo", [returned("a"), returned("b.py", true)]),
    "Accepting all is undone in 1 file. Not in b.py: something was decided there since.",
  );
});
