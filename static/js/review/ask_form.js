// The form below a hunk that a note to an engine is written in: one at a time. Enter sends; Escape closes and keeps the
// draft. The page's template says in it who is asked, or that nobody can be: what is typed then goes nowhere. Must not
// know: how a note is sent.

import { ApiError } from "../api.js";
import { announce } from "../notices.js";

export class AskForm {
  #form = null;
  #name = ""; // of the hunk or part
  #busy = false;
  #focused = false;

  // template: the element with the form; drafts: Drafts. put(form, name): brings it below its hunk; send(name, note,
  // engine): what may throw an ApiError; back(name): puts the focus on the hunk
  constructor(template, drafts, { put, send, back }) {
    Object.assign(this, { template, drafts, put, send, back });
  }

  // name and number of a hunk or part
  open(name, number) {
    if (this.#form?.isConnected && this.#name === name) {
      this.#first.focus();
      return;
    }
    this.#remove();
    this.#name = name;
    this.#form = this.template.content.firstElementChild.cloneNode(true);
    const title = `Ask again for hunk ${number}`;
    this.#form.setAttribute("aria-label", title);
    this.#form.querySelector("[data-title]").textContent = title;
    if (this.#note) this.#note.value = this.drafts.get(this.#target);
    else this.#form.tabIndex = -1;
    this.#connect();
    this.put(this.#form, name);
    this.#form.scrollIntoView({ block: "nearest" });
    this.#first.focus({ preventScroll: true });
    if (!this.#note) announce(this.#form.querySelector(".told").textContent);
  }

  // The hunk was drawn anew: the form goes back to it, where it is still there.
  restore() {
    if (!this.#form || this.#form.isConnected) return;
    const focused = this.#focused;
    this.put(this.#form, this.#name);
    if (focused && this.#form.isConnected) this.#first.focus({ preventScroll: true });
  }

  // false where nothing was open
  close() {
    if (!this.#form?.isConnected) return false;
    const kept = Boolean(this.drafts.get(this.#target));
    const name = this.#name;
    this.#remove();
    this.back(name);
    announce(kept ? "Closed. The note is kept." : "Closed.");
    return true;
  }

  get #note() {
    return this.#form?.querySelector("textarea") ?? null;
  }

  get #first() {
    return this.#note ?? this.#form; // not a button, which a blank would press
  }

  get #target() {
    return `note:${this.#name}`;
  }

  #connect() {
    const form = this.#form;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener("keydown", (event) => this.#pressed(event));
    form.addEventListener("input", () => this.#note && this.drafts.set(this.#target, this.#note.value));
    form.addEventListener("focusin", () => { this.#focused = true; });
    form.addEventListener("focusout", ({ target }) => queueMicrotask(() => {
      if (target.isConnected) this.#focused = form.contains(document.activeElement);
    }));
    form.querySelector("[data-close]").addEventListener("click", () => this.close());
  }

  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === this.#note) {
      event.preventDefault();
      this.#send();
    } else if (!this.#note && !event.ctrlKey && !event.metaKey && event.key !== "Tab") {
      event.stopPropagation(); // a note typed blindly is no command
      if (event.target === this.#form && event.key === " ") event.preventDefault(); // nor does it scroll the page
    }
  }

  async #send() {
    if (this.#busy || !this.#note) return;
    const form = this.#form;
    const [name, target, note] = [this.#name, this.#target, this.#note.value];
    if (!note.trim()) {
      this.#complain("Say what should be otherwise.");
      return;
    }
    this.#complain("");
    this.#busy = true;
    form.setAttribute("aria-busy", "true");
    try {
      await this.send(name, note, form.querySelector("[name=engine]").value);
      this.drafts.drop(target);
      if (this.#form === form) this.#remove();
      this.back(name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.#form === form) this.#complain(error.message);
    } finally {
      this.#busy = false;
      form.removeAttribute("aria-busy");
    }
  }

  #complain(words) {
    this.#form.querySelector(".trouble").textContent = words;
    if (words) this.#note.focus();
  }

  #remove() {
    this.#form?.remove();
    this.#form = null;
    this.#focused = false;
  }
}
