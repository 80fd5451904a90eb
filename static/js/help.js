// The help dialog: every action with its keys, drawn from the keymap, and where the keys are changed.

import { GROUPS } from "./actions.js";
import { isModifier, refusal } from "./keymap.js";
import { keyName } from "./keys.js";
import { choice, choose } from "./settings.js";
import { keepKeymap, keymap, keyWords } from "./shortcuts.js";

// Returns the function that opens it.
export function connectHelp(dialog) {
  const help = new Help(dialog);
  const single = dialog.querySelector("#single-keys");
  single.checked = choice("keys") !== "off";
  single.addEventListener("change", () => choose("keys", single.checked ? "on" : "off"));
  return () => help.open();
}

class Help {
  #listening = null; // {id, slot} of the key button that waits for a press

  constructor(dialog) {
    this.dialog = dialog;
    this.list = dialog.querySelector("#key-list");
    this.all = dialog.querySelector("#keys-reset");
    this.list.addEventListener("click", (event) => this.#clicked(event.target.closest("button")));
    this.list.addEventListener("keydown", (event) => this.#pressed(event));
    this.list.addEventListener("focusout", () => this.#stop());
    this.all.addEventListener("click", () => {
      keymap.resetAll();
      this.#keep("All keys are the defaults again.", null);
      dialog.querySelector("[data-close]").focus();
    });
  }

  open() {
    this.#say("");
    this.#draw();
    this.dialog.showModal();
  }

  #clicked(button) {
    if (!button) return;
    const id = button.closest("[data-id]").dataset.id;
    const slot = Number(button.dataset.slot ?? 0);
    if (button.matches(".key")) this.#listen(id, slot);
    else if (button.matches(".reset")) this.#propose(id, 0, keymap.defaults(id));
    else if (button.matches(".take")) this.#take(id, slot, JSON.parse(button.dataset.keys));
    else this.#back(id, slot, "Nothing was changed.");
  }

  #listen(id, slot) {
    this.#draw();
    const button = this.#button(id, slot);
    button.focus(); // before it listens: the focus leaving another button ends that one's listening
    this.#listening = { id, slot };
    button.classList.add("is-listening");
    button.textContent = "press a key";
    this.#say("Press the new key. Escape keeps the old one.");
  }

  #pressed(event) {
    if (!this.#listening) return;
    const { id, slot } = this.#listening;
    const name = keyName(event);
    if (isModifier(name)) return;
    if (name === "Tab" || name === "Shift+Tab") return; // the focus goes on, and focusout ends the listening
    event.preventDefault();
    event.stopPropagation();
    const no = refusal(name);
    if (name === "Escape") this.#back(id, slot, "Nothing was changed.");
    else if (no) this.#say(`${no} Press another key; Escape keeps the old one.`);
    else this.#propose(id, slot, keymap.keys(id).map((key, at) => (at === slot ? name : key === name ? "" : key)));
  }

  // At once where the keys are free; else the reader is told whose they are and asked.
  #propose(id, slot, keys) {
    const losers = keymap.losers(id, keys);
    const fixed = losers.find((action) => action.fixed);
    if (fixed) this.#back(id, slot, `That key is “${fixed.words}” and cannot be changed.`);
    else if (losers.length) this.#ask(id, slot, keys, losers);
    else this.#take(id, slot, keys);
  }

  #ask(id, slot, keys, losers) {
    this.#draw();
    const row = this.list.querySelector(`[data-id="${id}"]`);
    const taken = keys.filter((key) => losers.some((action) => keymap.keys(action.id).includes(key)));
    const names = losers.map((action) => `“${action.words}”`).join(" and ");
    const box = make("dd", "clash");
    const words = make("p", "", `${taken.map(spoken).join(" and ")} is now ${names}, which would be left without it.`);
    words.setAttribute("role", "alert");
    const take = make("button", "btn take", "Use it here");
    take.dataset.keys = JSON.stringify(keys);
    const keep = make("button", "btn keep", "Keep as it was");
    for (const button of [take, keep]) Object.assign(button, { type: "button" }).dataset.slot = slot;
    box.append(words, take, keep);
    row.append(box);
    this.#say("");
    take.focus();
  }

  #take(id, slot, keys) {
    keymap.assign(id, keys);
    const now = keymap.keys(id).filter(Boolean).map(spoken).join(" and ");
    this.#keep(`${keymap.byId.get(id).words}: ${now}.`, { id, slot });
  }

  #keep(words, place) {
    keepKeymap();
    this.#back(place?.id, place?.slot, words);
  }

  #back(id, slot, words) {
    this.#draw();
    this.#say(words);
    if (id) this.#button(id, slot).focus();
  }

  #stop() {
    if (!this.#listening) return;
    const { id, slot } = this.#listening;
    this.#listening = null;
    this.#button(id, slot)?.replaceWith(keyButton(keymap.byId.get(id), slot));
  }

  #button(id, slot) {
    return this.list.querySelector(`[data-id="${id}"] .key[data-slot="${slot}"]`);
  }

  #say(words) {
    this.dialog.querySelector("#key-status").textContent = words;
  }

  #draw() {
    this.#listening = null;
    this.all.hidden = !keymap.stored;
    this.list.replaceChildren(...GROUPS.map((group) => {
      const section = make("section");
      const rows = make("dl");
      rows.append(...keymap.actions.filter((action) => action.group === group).map(row));
      section.append(make("h3", "", group), rows);
      return section;
    }));
  }
}

function row(action) {
  const element = make("div", "keyrow");
  element.dataset.id = action.id;
  const keys = make("dd", "keys");
  if (keymap.isChanged(action.id)) keys.append(resetButton(action));
  const slots = keymap.keys(action.id).keys();
  keys.append(...[...slots].map((slot) => (action.fixed ? caps(keymap.keys(action.id)[slot]) : keyButton(action, slot))));
  element.append(make("dt", "", action.words), keys);
  return element;
}

function keyButton(action, slot) {
  const key = keymap.keys(action.id)[slot];
  const button = make("button", "key");
  button.type = "button";
  button.dataset.slot = slot;
  button.setAttribute("aria-label", `${action.words}: ${key ? spoken(key) : "no key"}. Change`);
  button.append(key ? caps(key) : make("span", "none", "no key"));
  return button;
}

function resetButton(action) {
  const button = make("button", "btn ghost icon reset");
  button.type = "button";
  button.title = `Back to ${keymap.defaults(action.id).map(spoken).join(" and ")}`;
  button.setAttribute("aria-label", `${action.words}: ${button.title}`);
  button.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-undo"/></svg>';
  return button;
}

function caps(key) {
  const box = make("span", "caps");
  box.append(...keyWords(key).map((word) => make("kbd", "chord", word)));
  return box;
}

// A capital is said as what is pressed.
function spoken(key) {
  return /^[A-Z]$/.test(key) ? `Shift+${key}` : keyWords(key).join("+");
}

function make(name, classes = "", text = "") {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  if (text) element.textContent = text;
  return element;
}
