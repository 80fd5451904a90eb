// The question before something is deleted for good: the dialog says what goes with it, and deletes. Must not know: what
// the page does then.

import { ApiError, call, getText } from "./api.js";

const part = (name) => document.getElementById(`delete${name}`);

export class Deletion {
  #of = "";
  #opener = null;

  // deleted({applies, url}) is called when it is done.
  constructor(deleted) {
    this.deleted = deleted;
    this.dialog = part("");
    part("-go").addEventListener("click", () => this.#delete());
    this.dialog.addEventListener("close", () => this.#opener?.focus());
  }

  // of: "applies/<id>" or "changesets/<id>"; opener gets the focus back where it is kept.
  async ask(of, name, opener = document.activeElement) {
    if (this.dialog.open) return;
    this.#of = of;
    this.#opener = opener;
    part("-title").textContent = `Delete ${name}?`;
    part("-told").replaceChildren();
    this.#fail("");
    part("-go").disabled = true;
    this.dialog.showModal();
    part("-no").focus(); // a key that is held down must not answer
    try {
      const told = await getText(`/${of}/deletion`);
      if (of !== this.#of) return;
      part("-told").innerHTML = told;
      part("-go").disabled = false;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#fail(error.status === 404 ? "It is not there any more. Reload the page." : error.message);
    }
  }

  async #delete() {
    part("-go").disabled = true;
    try {
      const answer = await call("DELETE", `/api/${this.#of}`);
      this.#opener = null;
      this.dialog.close();
      this.deleted(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      part("-go").disabled = false;
      this.#fail(error.message);
    }
  }

  #fail(words) {
    part("-error").hidden = !words;
    part("-error").textContent = words;
  }
}
