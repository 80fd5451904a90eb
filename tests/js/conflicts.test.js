import assert from "node:assert/strict";
import { test } from "node:test";

import { allWords, undecided } from "../../static/js/review/conflicts.js";
import { Decisions } from "../../static/js/review/decisions.js";

function desk(decisions = {}) {
  const sent = [];
  const truth = { version: 0, decisions, conflicts: { b: "accepted" }, can_undo: false, can_redo: false };
  const send = (step) => {
    sent.push(step);
    return new Promise(() => {});
  };
  return { decisions: new Decisions(["a", "b", "c"], truth, send), sent };
}

test("accepting all leaves a conflict as it is, rejecting all does not", () => {
  const { decisions, sent } = desk();
  decisions.decideAll("accepted");
  assert.deepEqual(decisions.all, ["accepted", "pending", "accepted"]);
  decisions.decideAll("rejected"); // what is undecided first
  assert.deepEqual(decisions.all, ["accepted", "rejected", "accepted"]);
  decisions.decideAll("rejected");
  assert.deepEqual(decisions.all, ["rejected", "rejected", "rejected"]);
  assert.equal(sent.length, 1);
});

test("nothing is sent where a conflict alone is left", () => {
  const { decisions, sent } = desk({ a: "accepted", c: "accepted" });
  decisions.decideAll("accepted");
  assert.equal(sent.length, 0);
});

test("a conflict is accepted by itself, and waits no more then", () => {
  const { decisions } = desk();
  assert.deepEqual(undecided(decisions), ["b"]);
  decisions.decide("b", "accepted");
  assert.deepEqual(decisions.all, ["pending", "accepted", "pending"]);
  assert.deepEqual(undecided(decisions), []);
});

test("what is left is told", () => {
  assert.equal(allWords("accepted", {}), "All hunks accepted.");
  assert.equal(allWords("rejected", { left: 1 }), "All hunks rejected.");
  assert.equal(allWords("accepted", { left: 1 }), "All hunks accepted but one conflict: it wants a decision of its own.");
  assert.equal(allWords("accepted", { left: 2 }), "All hunks accepted but 2 conflicts: they want a decision of their own.");
  assert.equal(allWords("accepted", { stay: 1 }), "The others accepted; 1 stays rejected. Once more for all.");
  assert.equal(allWords("rejected", { stay: 2 }), "The others rejected; 2 stay accepted. Once more for all.");
});
