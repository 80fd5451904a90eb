// The events of an apply, in order and each once, whatever happens to the connection. Events wait here until the next
// frame, and are acknowledged only when they were drawn: the server sends no more than a window ahead.

import { Socket } from "./socket.js";

const ACK_EVERY = 32;
const HIDDEN_PAUSE = 250; // a hidden page draws no frames, but must go on reading
// As long as a frame took, layout and paint included, the next one waits: where drawing is slow, fewer and larger steps
// keep up with the engine, and the page still answers.
const LONGEST_REST = 200;
export const FINAL = new Set(["finished", "failed", "stopped"]);

export class EventStream {
  #waiting = [];
  #seen = 0; // the last event that came in
  #acknowledged = 0;
  #planned = false;
  #restUntil = 0;

  // draw(events) takes a batch; ended(event) is called once, after the last event was drawn.
  constructor(path, { draw, ended, state }) {
    Object.assign(this, { draw, ended });
    this.socket = new Socket(() => `${path}?after=${this.#seen}`, (event) => this.#take(event), state);
  }

  // What came and is not drawn yet never will be.
  close() {
    this.#waiting = [];
    this.socket.close();
  }

  #take(event) {
    if (event.seq <= this.#seen) return;
    this.#seen = event.seq;
    this.#waiting.push(event);
    this.#plan();
  }

  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    let done = false;
    const run = () => {
      if (done) return;
      done = true;
      this.#planned = false;
      this.#flush();
    };
    const rest = Math.max(0, this.#restUntil - performance.now());
    setTimeout(() => requestAnimationFrame(run), rest);
    setTimeout(run, rest + HIDDEN_PAUSE);
  }

  #flush() {
    const events = this.#waiting;
    this.#waiting = [];
    if (!events.length) return;
    const began = performance.now();
    this.draw(events);
    requestAnimationFrame(() => {
      const now = performance.now();
      this.#restUntil = now + Math.min(now - began, LONGEST_REST);
    });
    const last = events.at(-1);
    if (last.seq - this.#acknowledged >= ACK_EVERY || events.length >= ACK_EVERY) {
      this.socket.send({ type: "ack", seq: last.seq });
      this.#acknowledged = last.seq;
    }
    if (FINAL.has(last.type)) {
      this.socket.close();
      this.ended(last);
    }
  }
}
