// Writing lines of one's own in place of the proposed ones. What was typed and not saved is kept for this session.
// The text field has the focus from the first moment: no key that follows the one that opened it is a command.

import { ApiError, call } from "../api.js";
import { announce, notice, say } from "../notices.js";

export class Editor {
  #section = null;
  #form = null;
  #had = null; // whether the field had the focus when its section was about to go, and where it was scrolled

  // save(id, text) resolves to whether it was stored; api is the apply's path
  constructor(root, api, save) {
    Object.assign(this, { root, api, save: (...written) => save(...written).then(told) });
    root.addEventListener("keydown", (event) => this.#pressed(event));
    root.addEventListener("filled", () => this.#restore());
  }

  get active() {
    return this.#section !== null;
  }

  async open(section) {
    if (this.#section === section) {
      this.#area.focus();
      return;
    }
    this.close();
    const form = this.#draw();
    this.#put(form, section);
    this.#area.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
    const stored = await this.#stored(section.dataset.hunk);
    if (this.#form !== form) return; // left, or gone into a section that was drawn anew: that fetches for itself
    if (stored === null) this.close();
    else if (this.#busy) this.#fill(stored);
  }

  // Leaves the editor; what differs from what is stored is kept as a draft. False where nothing was open.
  close() {
    if (!this.active) return false;
    const section = this.#section;
    this.#keep();
    section.classList.remove("editing");
    this.#form.remove();
    this.#section = this.#form = null;
    section.focus({ preventScroll: true });
    return true;
  }

  // Before these sections are drawn anew.
  beforeDrawing(sections) {
    const area = sections.includes(this.#section) ? this.#area : null;
    this.#had = area && { focus: area === document.activeElement, top: area.scrollTop, left: area.scrollLeft };
  }

  // After that: what was typed goes on in the part of the same name, or in the first where the parts are others now.
  async afterDrawing(sections) {
    if (!this.#had) return;
    const { focus, top, left } = this.#had;
    this.#had = null;
    const [form, area, before] = [this.#form, this.#area, this.#section.dataset.hunk];
    const section = sections.find((each) => each.dataset.hunk === before) ?? sections[0];
    const typed = !this.#busy && area.value !== area.dataset.stored;
    if (section.dataset.hunk !== before) sessionStorage.removeItem(this.#key); // kept under the new name from now on
    this.#put(form, section);
    this.#keep();
    if (focus) area.focus({ preventScroll: true });
    Object.assign(area, { scrollTop: top, scrollLeft: left });
    const more = section.dataset.hunk === before ? "" : ` Its parts are others now: these lines would stand for ${section.dataset.number}.`;
    if (typed) this.#tell(more);
    const stored = await this.#stored(section.dataset.hunk);
    if (stored === null || this.#form !== form || this.#section !== section) return;
    if (this.#busy || area.value === area.dataset.stored) this.#fill(stored);
    else {
      area.dataset.stored = stored;
      if (!typed) this.#tell(more); // typed while that was fetched
    }
  }

  get #area() {
    return this.#form.querySelector("textarea");
  }

  // Until the text is there.
  get #busy() {
    return this.#form.hasAttribute("aria-busy");
  }

  get #key() {
    return `applyweb.draft.${this.api}.${this.#section.dataset.hunk}`;
  }

  #draw() {
    const form = document.getElementById("editor-form").content.firstElementChild.cloneNode(true);
    const area = form.querySelector("textarea");
    form.setAttribute("aria-busy", "true");
    area.readOnly = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    form.addEventListener("input", () => this.#keep());
    form.querySelector("[data-cancel]").addEventListener("click", () => this.#cancel());
    for (const button of form.querySelectorAll("[data-discard]")) {
      button.addEventListener("click", () => {
        area.value = area.dataset.stored;
        button.parentElement.hidden = true;
        this.#keep();
        area.focus();
      });
    }
    return form;
  }

  #put(form, section) {
    this.#form = form;
    this.#section = section;
    section.classList.add("editing");
    section.append(form);
  }

  // The rows of its hunk came only now, and took its place.
  #restore() {
    if (!this.active || this.#form.isConnected) return;
    if (!this.#section.isConnected) {
      this.close(); // the hunk was cut or joined since the page came
      return;
    }
    this.#section.append(this.#form);
    if (document.activeElement === document.body) this.#area.focus({ preventScroll: true });
  }

  #fill(stored) {
    const area = this.#area;
    const text = sessionStorage.getItem(this.#key) ?? stored;
    area.dataset.stored = stored;
    area.value = text;
    area.rows = Math.min(Math.max(text.split("\n").length + 1, 3), 40);
    area.readOnly = false;
    this.#form.removeAttribute("aria-busy");
    this.#form.scrollIntoView({ block: "nearest" }); // it has grown
    if (text !== stored) this.#tellDraft();
  }

  // null where the server did not give it: that is told.
  async #stored(id) {
    try {
      return (await call("GET", `${this.api}/hunks/${id}/text`)).text;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
      return null;
    }
  }

  #tellDraft() {
    const place = this.#form.querySelector("[data-draft]");
    const stands = this.#section.hasAttribute("data-written") ? "Back to the lines that stand" : "Back to the proposed lines";
    place.querySelector("button").textContent = stands;
    place.hidden = false;
    announce(place.textContent);
  }

  #keep() {
    if (this.#busy) return;
    const area = this.#area;
    if (area.value === area.dataset.stored) sessionStorage.removeItem(this.#key);
    else sessionStorage.setItem(this.#key, area.value);
  }

  #tell(more) {
    const place = this.#form.querySelector("[data-meanwhile]");
    const words = `This hunk was changed elsewhere meanwhile. What you typed is kept.${more}`;
    place.querySelector("span").textContent = words;
    place.hidden = false;
    this.#form.querySelector("[data-draft]").hidden = true;
    announce(words);
  }

  // The draft goes only when the server has the text.
  async #save() {
    if (this.#busy) return;
    const area = this.#area;
    const id = this.#section.dataset.hunk;
    const [key, text] = [this.#key, area.value];
    this.close();
    if (await this.save(id, text)) sessionStorage.removeItem(key);
  }

  #cancel() {
    const kept = !this.#busy && this.#area.value !== this.#area.dataset.stored;
    this.close();
    if (kept) say("Your draft is kept, and is here when you write on.");
  }

  #pressed(event) {
    if (!this.active || !event.target.closest?.(".editor")) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#cancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#save();
    }
  }
}

function told(stored) {
  if (stored) announce("Your lines are accepted.");
  return stored;
}
