import assert from "node:assert/strict";
import { test } from "node:test";

import { Decisions } from "../../static/js/review/decisions.js";

// A server in miniature: it holds a truth and answers when told to.
function desk(ids = ["a", "b", "c"]) {
  const calls = [];
  const send = (step) => new Promise((resolve, reject) => calls.push({ step, resolve, reject }));
  const truth = { version: 0, decisions: {}, can_undo: false, can_redo: false };
  const decisions = new Decisions(ids, truth, send);
  const refused = [];
  decisions.addEventListener("refused", (event) => refused.push(event.detail));
  return { decisions, calls, refused };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const truth = (version, decisions, more = {}) => ({ version, decisions, can_undo: true, can_redo: false, ...more });
const failure = (status) => Object.assign(new Error("no"), { status });

test("a decision shows at once and stays when the server agrees", async () => {
  const { decisions, calls } = desk();
  decisions.decide("b", "accepted");
  assert.deepEqual(decisions.all, ["pending", "accepted", "pending"]);
  assert.deepEqual(decisions.counts, { total: 3, accepted: 1, rejected: 0, pending: 2 });
  calls[0].resolve(truth(1, { b: "accepted" }));
  await tick();
  assert.equal(decisions.of("b"), "accepted");
  assert.equal(decisions.version, 1);
});

test("a refused decision is taken back, later ones stay", async () => {
  const { decisions, calls, refused } = desk();
  decisions.decide("a", "accepted");
  decisions.decide("b", "rejected");
  calls[0].reject(failure(409));
  await tick();
  assert.deepEqual(decisions.all, ["pending", "rejected", "pending"]);
  assert.deepEqual(refused[0].lost.map((step) => step.id), ["a"]);
  calls[1].resolve(truth(1, { b: "rejected" }));
  await tick();
  assert.equal(decisions.of("b"), "rejected");
});

test("without an answer everything that waits is taken back, with one message", async () => {
  const { decisions, calls, refused } = desk();
  decisions.decide("a", "accepted");
  decisions.decideAll("rejected");
  calls[0].reject(failure(0));
  await tick();
  assert.deepEqual(decisions.all, ["pending", "pending", "pending"]);
  assert.equal(refused.length, 1);
  assert.equal(refused[0].lost.length, 2);
  assert.equal(calls.length, 1);
});

test("steps go to the server one after the other, in order", async () => {
  const { decisions, calls } = desk();
  decisions.decide("a", "accepted");
  decisions.decide("a", "rejected");
  decisions.undo();
  assert.equal(calls.length, 1);
  calls[0].resolve(truth(1, { a: "accepted" }));
  await tick();
  calls[1].resolve(truth(2, { a: "rejected" }));
  await tick();
  assert.deepEqual(calls.map(({ step }) => step.kind), ["one", "one", "undo"]);
  calls[2].resolve(truth(3, { a: "accepted" }, { can_redo: true }));
  await decisions.settled();
  assert.equal(decisions.of("a"), "accepted");
  assert.equal(decisions.canRedo, true);
});

test("what another window did shows, beneath what waits here; older news change nothing", async () => {
  const { decisions, calls } = desk();
  decisions.decide("a", "accepted");
  decisions.accept(truth(5, { c: "rejected" }));
  assert.deepEqual(decisions.all, ["accepted", "pending", "rejected"]);
  decisions.accept(truth(4, { b: "rejected" }));
  assert.deepEqual(decisions.all, ["accepted", "pending", "rejected"]);
  calls[0].resolve(truth(6, { a: "accepted", c: "rejected" }));
  await tick();
  assert.deepEqual(decisions.all, ["accepted", "pending", "rejected"]);
});

test("a decision that changes nothing, and undo with nothing to undo, send nothing", () => {
  const { decisions, calls } = desk();
  decisions.decide("a", "pending");
  decisions.decideAll("pending");
  decisions.undo();
  decisions.redo();
  assert.equal(calls.length, 0);
});

test("all takes what is undecided first, and what says otherwise the next time", async () => {
  const { decisions, calls } = desk();
  decisions.decide("b", "rejected");
  assert.equal(decisions.decideAll("accepted"), 1);
  assert.deepEqual(decisions.all, ["accepted", "rejected", "accepted"]);
  assert.equal(decisions.decideAll("accepted"), 0);
  assert.deepEqual(decisions.all, ["accepted", "accepted", "accepted"]);
  calls[0].resolve(truth(1, { b: "rejected" }));
  await tick();
  assert.deepEqual({ ...calls[1].step }, { kind: "all", decision: "accepted", rest: true });
  calls[1].resolve(truth(2, { a: "accepted", b: "rejected", c: "accepted" }));
  await tick();
  assert.deepEqual({ ...calls[2].step }, { kind: "all", decision: "accepted" });
  assert.equal(decisions.decideAll("pending"), 0);
  assert.deepEqual(decisions.all, ["pending", "pending", "pending"]);
});

const part = (id, more = {}) => ({ id, decision: "pending", text: null, joined: false, ...more });

test("a hunk in parts is decided by these, and the page is told which hunks to draw again", async () => {
  const { decisions, calls } = desk();
  const drawn = [];
  decisions.addEventListener("layout", ({ detail }) => drawn.push(detail));
  const taken = decisions.shape({ kind: "cut", id: "b", removed: 1, added: 1 });
  assert.deepEqual(decisions.ids, ["a", "b", "c"]);
  calls[0].resolve(truth(1, {}, { parts: { b: [part("b.0-0"), part("b.1-1")] } }));
  assert.equal(await taken, true);
  assert.deepEqual(decisions.ids, ["a", "b.0-0", "b.1-1", "c"]);
  assert.deepEqual(drawn, [["b"]]);
  decisions.decide("b.1-1", "accepted");
  assert.equal(decisions.ofHunk("b"), "mixed");
  assert.deepEqual(decisions.counts, { total: 4, accepted: 1, rejected: 0, pending: 3 });
  assert.equal(decisions.part("b.1-1").id, "b.1-1");
  calls[1].resolve(truth(2, { "b.1-1": "accepted" }, { parts: { b: [part("b.0-0"), part("b.1-1", { decision: "accepted" })] } }));
  await tick();
  assert.deepEqual(drawn, [["b"]]);
  decisions.accept(truth(3, {}));
  assert.deepEqual(drawn, [["b"], ["b"]]);
});

test("a decision tells what was seen, the newest included that waits", () => {
  const { decisions, calls } = desk();
  decisions.decide("a", "accepted");
  decisions.decide("a", "rejected");
  assert.equal(calls[0].step.seen, "pending");
  assert.equal(decisions.of("a"), "rejected");
  calls[0].resolve(truth(1, { a: "accepted" }));
  return tick().then(() => assert.equal(calls[1].step.seen, "accepted"));
});

test("what the server refuses tells so to the one who asked", async () => {
  const { decisions, calls } = desk();
  const taken = decisions.shape({ kind: "write", id: "a", text: "own" });
  calls[0].reject(failure(409));
  assert.equal(await taken, false);
});

test("an undo that was answered tells which hunks it changed", async () => {
  const { decisions, calls } = desk();
  const returned = [];
  decisions.addEventListener("returned", ({ detail }) => returned.push(detail));
  decisions.decideAll("accepted");
  calls[0].resolve(truth(1, { a: "accepted", b: "accepted", c: "accepted" }));
  await tick();
  decisions.decide("b", "rejected");
  calls[1].resolve(truth(2, { a: "accepted", b: "rejected", c: "accepted" }));
  await tick();
  assert.deepEqual(returned, []);
  decisions.undo();
  calls[2].resolve(truth(3, { a: "accepted", b: "accepted", c: "accepted" }, { can_redo: true }));
  await tick();
  decisions.redo();
  calls[3].resolve(truth(4, { a: "accepted", b: "accepted", c: "accepted" }, { parts: { c: [{ id: "c.0", text: null }] } }));
  await tick();
  assert.deepEqual(returned, [{ kind: "undo", ids: ["b"] }, { kind: "redo", ids: ["c.0"] }]);
});

test("an undo tells what it changed also where the socket brought it before the answer", async () => {
  const { decisions, calls } = desk();
  decisions.accept(truth(1, { a: "accepted" }));
  const returned = [];
  decisions.addEventListener("returned", ({ detail }) => returned.push(detail));
  decisions.undo();
  decisions.accept(truth(2, {})); // fetched on a message about this very undo
  calls[0].resolve(truth(2, {}));
  await tick();
  assert.deepEqual(returned, [{ kind: "undo", ids: ["a"] }]);
});

test("lines that are written tell what stood there, after all that was sent before", async () => {
  const { decisions, calls } = desk();
  const stands = (version, text_id) => truth(version, { a: "accepted" }, { parts: { a: [{ id: "a", text: text_id, text_id, joined: false }] } });
  const taken = [decisions.shape({ kind: "both", id: "a", first: "original" }), decisions.shape({ kind: "both", id: "a", first: "proposed" })];
  assert.equal(decisions.of("a"), "accepted"); // at once
  decisions.decide("a", "rejected");
  calls[0].resolve(stands(1, "one"));
  await tick();
  calls[1].resolve(stands(2, "two"));
  await tick();
  assert.deepEqual(await Promise.all(taken), [true, true]);
  const seen = calls.map(({ step }) => [step.kind, step.seen, step.seen_text]);
  assert.deepEqual(seen, [["both", "pending", null], ["both", "accepted", "one"], ["one", "accepted", undefined]]);
});
