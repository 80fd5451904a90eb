// Which key does what: the defaults, and over them what the reader has changed. Pure: knows no DOM and no storage.
//
// A slot is one place for a key; an action has as many as it has default keys. A slot whose key another action took is
// empty ("").

const REPEATED = new Set(["undo", "redo", "scroll-left", "scroll-right"]);
const MOVES = new Set(["Enter", "Tab", " ", "Escape", "Backspace", "Delete", "Home", "End", "PageUp", "PageDown"]);
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead", "Process", "Unidentified"]);
const BROWSERS = new Set(["Ctrl+t", "Ctrl+w", "Ctrl+n", "Ctrl+q", "Ctrl+r", "Ctrl+l", "Ctrl+c", "Ctrl+v", "Ctrl+x", "Ctrl+a", "Ctrl+p", "F1", "F5", "F11", "F12"]);

// A press that only prepares the next one.
export function isModifier(name) {
  return MODIFIERS.has(name.replace(/^(Ctrl\+)?(Shift\+)?/, ""));
}

// Why a key cannot be given to an action; "" where it can.
export function refusal(name) {
  if (MOVES.has(name) || name.startsWith("Arrow")) return `${name === " " ? "Space" : name} is needed to move about.`;
  if (BROWSERS.has(name) || /^Ctrl\+Shift\+[twnrcij]$/.test(name)) return `${name} belongs to the browser.`;
  if (/^(Ctrl\+(Shift\+)?)?.$/u.test(name) || /^F\d+$/.test(name)) return "";
  return `${name} cannot be used.`;
}

export class Keymap {
  #changed = {};

  constructor(actions) {
    this.actions = actions;
    this.byId = new Map(actions.map((action) => [action.id, action]));
  }

  // What `stored` gave earlier, from this version of the page or another: what no longer fits is left out.
  load(text) {
    this.#changed = {};
    for (const [id, keys] of Object.entries(parsed(text))) {
      const fits = this.byId.has(id) && Array.isArray(keys) && keys.length === this.defaults(id).length && keys.every((key) => typeof key === "string");
      if (fits && !this.byId.get(id).fixed) this.#changed[id] = keys;
    }
  }

  get stored() {
    return Object.keys(this.#changed).length ? JSON.stringify(this.#changed) : "";
  }

  defaults(id) {
    return this.byId.get(id)?.keys.split(" ") ?? [];
  }

  keys(id) {
    return this.#changed[id] ?? this.defaults(id);
  }

  isChanged(id) {
    return id in this.#changed;
  }

  // The id of the action that a key does. What the reader gave goes before a default of a newer version.
  actionOf(key) {
    const found = this.actions.filter(({ id }) => this.keys(id).includes(key));
    return (found.find(({ id }) => this.isChanged(id)) ?? found[0])?.id;
  }

  // Whether a key that is held down does it again and again: moving about, and going back.
  repeats(id) {
    return this.byId.get(id).group === "Move" || REPEATED.has(id);
  }

  // The actions that would lose a key if `id` got these.
  losers(id, keys) {
    return this.actions.filter((action) => action.id !== id && this.keys(action.id).some((key) => key && keys.includes(key)));
  }

  // Gives `id` these keys, one a slot, and takes them from whoever has them.
  assign(id, keys) {
    for (const loser of this.losers(id, keys)) {
      this.#set(loser.id, this.keys(loser.id).map((key) => (keys.includes(key) ? "" : key)));
    }
    this.#set(id, keys);
  }

  resetAll() {
    this.#changed = {};
  }

  #set(id, keys) {
    if (keys.join(" ") === this.defaults(id).join(" ")) delete this.#changed[id];
    else this.#changed[id] = keys;
  }
}

function parsed(text) {
  try {
    const found = JSON.parse(text || "{}");
    return found && typeof found === "object" ? found : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {}; // somebody else wrote it: the defaults hold
  }
}
