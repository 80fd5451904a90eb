// Writing lines of one's own in place of the proposed ones. What was typed and not saved is kept for this session.

import { ApiError, call } from "../api.js";
import { notice } from "../notices.js";

export class Editor {
  #section = null;
  #form = null;
  #key = "";

  // save(id, text, seen) resolves to whether it was stored; api is the apply's path
  constructor(root, api, save) {
    Object.assign(this, { root, api, save });
    root.addEventListener("keydown", (event) => this.#pressed(event));
  }

  get active() {
    return this.#section !== null;
  }

  async open(section) {
    this.close();
    const id = section.dataset.hunk;
    let stored;
    try {
      stored = (await call("GET", `${this.api}/hunks/${id}/text`)).text;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
      return;
    }
    this.#key = `applyweb.draft.${this.api}.${id}`;
    this.#section = section;
    this.#form = this.#draw(section, sessionStorage.getItem(this.#key) ?? stored, stored);
  }

  // Leaves the editor; what differs from what is stored is kept as a draft. False where nothing was open.
  close() {
    if (!this.active) return false;
    const section = this.#section;
    const area = this.#form.querySelector("textarea");
    if (area.value === area.dataset.stored) sessionStorage.removeItem(this.#key);
    else sessionStorage.setItem(this.#key, area.value);
    section.classList.remove("editing");
    this.#form.remove();
    this.#section = null;
    section.focus({ preventScroll: true });
    return true;
  }

  #draw(section, text, stored) {
    const form = document.getElementById("editor-form").content.firstElementChild.cloneNode(true);
    const area = form.querySelector("textarea");
    area.value = text;
    area.dataset.stored = stored;
    form.querySelector("[data-draft]").hidden = text === stored;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    form.querySelector("[data-cancel]").addEventListener("click", () => this.close());
    form.querySelector("[data-discard]").addEventListener("click", () => {
      area.value = stored;
      form.querySelector("[data-draft]").hidden = true;
      area.focus();
    });
    section.classList.add("editing");
    section.append(form);
    area.rows = Math.min(Math.max(text.split("\n").length + 1, 3), 40);
    area.focus();
    return form;
  }

  // The draft goes only when the server has the text.
  async #save() {
    const area = this.#form.querySelector("textarea");
    const { hunk: id, decision } = this.#section.dataset;
    const [key, text] = [this.#key, area.value];
    this.close();
    if (text !== area.dataset.stored) sessionStorage.setItem(key, text);
    if (await this.save(id, text, decision)) sessionStorage.removeItem(key);
  }

  #pressed(event) {
    if (!this.active || !event.target.closest?.(".editor")) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#save();
    }
  }
}
