// The file has changed: the dialog where the new original is pasted, dropped or opened, what would become of the hunks, and
// the way to the new version. Must not know: how a review is carried over.

import { ApiError, call } from "../api.js";
import { Pane } from "../paste/pane.js";

const PAUSE = 300; // milliseconds without a change before the server is asked
const LISTED = { conflict: ["conflict", "is in conflict"], already: ["check", "is in the new file already"] };

export class Rebase {
  #timer = 0;
  #asked = 0; // what is asked for last counts, whatever is answered when
  #version = null;

  // decisions: everything decided must have reached the server. label(id) is {number, symbol} of a hunk of this page.
  constructor(api, decisions, label) {
    Object.assign(this, { api, decisions, label });
    this.dialog = document.getElementById("rebase");
    this.form = this.dialog.querySelector("form");
    this.place = this.dialog.querySelector("[data-fates]");
    this.button = this.form.querySelector("[type=submit]");
    this.pane = new Pane(this.dialog.querySelector(".pane"), Number(this.dialog.dataset.limit));
    this.pane.addEventListener("changed", () => this.#soon());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#carry();
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#carry();
    });
    document.addEventListener("dragover", (event) => {
      if (hasFile(event)) event.preventDefault(); // else the browser would leave the page for the file
    });
    document.addEventListener("drop", (event) => {
      if (!hasFile(event) || event.defaultPrevented) return;
      event.preventDefault();
      this.open();
      this.pane.open(event.dataTransfer.files[0]);
    });
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
    this.pane.area.focus();
    if (this.pane.exact) this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.button.disabled = true;
    this.place.replaceChildren();
    if (this.dialog.open && this.pane.exact) this.#timer = setTimeout(() => this.#preview(), PAUSE);
  }

  async #preview() {
    const asked = this.#asked;
    try {
      await this.decisions.settled();
      const found = await call("POST", `${this.api}/base-previews`, { original: this.pane.exact });
      if (asked === this.#asked) this.#show(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked === this.#asked) this.pane.fail(error.message);
    }
  }

  #show({ version, sentence, hunks }) {
    this.#version = version;
    this.button.disabled = false;
    const told = document.createElement("p");
    told.innerHTML = "<b></b>";
    told.firstChild.textContent = sentence;
    const list = document.createElement("ul");
    list.append(...hunks.filter(({ state }) => state in LISTED).map((hunk) => this.#line(hunk)));
    this.place.replaceChildren(told, ...(list.children.length ? [list] : []));
  }

  #line({ id, state }) {
    const [icon, words] = LISTED[state];
    const { number, symbol } = this.label(id);
    const item = document.createElement("li");
    item.innerHTML = `<svg class="i" aria-hidden="true"><use href="#i-${icon}"/></svg><span class="num"></span><code></code><span></span>`;
    const [, count, name, said] = item.children;
    count.textContent = number;
    name.textContent = symbol;
    said.textContent = words;
    return item;
  }

  async #carry() {
    if (this.button.disabled) return;
    this.button.disabled = true;
    try {
      const made = await call("POST", `${this.api}/bases`, { original: this.pane.exact, version: this.#version });
      this.pane.dropDraft();
      location.assign(`${made.url}#carried`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.pane.fail(error.message);
      if (error.code === "changed_meanwhile") await this.#preview();
      else this.button.disabled = false;
    }
  }
}

function hasFile(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}
