// The box that a comment is written in: one at a time. Ctrl+Enter sends; Escape closes and keeps the draft. Must not
// know: what a comment is about, how it is sent.

import { ApiError } from "../api.js";
import { announce } from "../notices.js";

export class Composer {
  #form = null;
  #task = null;
  #busy = false;
  #hadFocus = false;

  // drafts: Drafts. template: the element with the box.
  constructor(template, drafts) {
    Object.assign(this, { template, drafts });
  }

  get isOpen() {
    return Boolean(this.#form?.isConnected);
  }

  // task: {target: the draft's name, heading, verb: the word on the button, text: what to begin with, put(form): brings it
  // on the page, also once more when rows were drawn anew, send(text), sent(what send gave), back(): puts the focus where it was}
  open(task) {
    if (this.isOpen && this.#task.target === task.target) {
      this.#area.focus();
      return;
    }
    this.#remove();
    this.#task = task;
    this.#form = this.template.content.firstElementChild.cloneNode(true);
    const draft = this.drafts.get(task.target);
    this.#form.querySelector(".to").textContent = task.heading;
    this.#form.querySelector("[type=submit] span").textContent = task.verb;
    this.#form.querySelector(".q").textContent = draft ? "Your draft. `code` is shown as code." : "`code` is shown as code.";
    this.#area.setAttribute("aria-label", task.heading);
    this.#area.value = draft || task.text;
    this.#connect();
    task.put(this.#form);
    this.#grow();
    this.#form.scrollIntoView({ block: "nearest" });
    this.#area.focus({ preventScroll: true });
  }

  // The rows around the box were drawn anew: it goes back to its place, with the focus that it had.
  restore() {
    if (!this.#form || this.#form.isConnected) return;
    this.#task.put(this.#form);
    if (this.#hadFocus) this.#area.focus({ preventScroll: true });
  }

  // Closes and keeps the draft. true where there was something to close
  close() {
    if (!this.isOpen) return false;
    const kept = Boolean(this.drafts.get(this.#task.target));
    const task = this.#task;
    this.#remove();
    task.back();
    announce(kept ? "Closed. The draft is kept." : "Closed.");
    return true;
  }

  get #area() {
    return this.#form.querySelector("textarea");
  }

  #connect() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#form.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#send();
      }
    });
    this.#area.addEventListener("input", () => {
      const { value } = this.#area;
      if (value === this.#task.text) this.drafts.drop(this.#task.target);
      else this.drafts.set(this.#task.target, value);
      this.#grow();
    });
    this.#area.addEventListener("focus", () => { this.#hadFocus = true; });
    this.#area.addEventListener("blur", ({ target }) => queueMicrotask(() => {
      // A box that goes with its rows is not left: it comes back with the focus.
      if (target.isConnected && document.activeElement !== target) this.#hadFocus = false;
    }));
    this.#form.querySelector("[data-talk=close]").addEventListener("click", () => this.close());
  }

  async #send() {
    if (this.#busy) return;
    const form = this.#form;
    const task = this.#task;
    if (!this.#area.value.trim()) {
      this.#complain("Write something first.");
      return;
    }
    this.#complain("");
    this.#busy = true;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await task.send(this.#area.value);
      this.drafts.drop(task.target);
      if (this.#form === form) this.#remove();
      await task.sent(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.#form === form) this.#complain(`${error.message} Your words are kept here.`);
    } finally {
      this.#busy = false;
      form.removeAttribute("aria-busy");
    }
  }

  #complain(words) {
    this.#form.querySelector(".trouble").textContent = words;
    if (words) this.#area.focus();
  }

  #grow() {
    this.#area.rows = Math.min(Math.max(this.#area.value.split("\n").length + 1, 3), 14);
  }

  #remove() {
    this.#form?.remove();
    this.#form = null;
  }
}
