// The reader's keymap on this page, kept through settings.js, and the hints on the page that follow it.

import { ACTIONS } from "./actions.js";
import { Keymap } from "./keymap.js";
import { choice, choose } from "./settings.js";

export const keymap = new Keymap(ACTIONS);
let drawn = ""; // what the hints say; the server writes the defaults

function load() {
  keymap.load(choice("keymap"));
  drawHints();
}

// Keeps what was changed in `keymap`, here and for every page.
export function keepKeymap() {
  choose("keymap", keymap.stored);
}

// Words for a key: "Ctrl+Shift+z" is ["Ctrl", "Shift", "Z"].
export function keyWords(key) {
  if (!key.startsWith("Ctrl+")) return [key === "Escape" ? "Esc" : key];
  const last = key.slice(key.startsWith("Ctrl+Shift+") ? 11 : 5);
  return ["Ctrl", ...(key.startsWith("Ctrl+Shift+") ? ["Shift"] : []), last.length === 1 ? last.toUpperCase() : last];
}

// The key of an action as a word; what it is called where it has none.
export function keyOf(id) {
  const key = keymap.keys(id).find(Boolean);
  return key ? keyWords(key).join("+") : `“${keymap.byId.get(id).words}”`;
}

// Every <kbd data-key="id"> shows the key of that action; other elements with data-key have it in their title.
// `fresh`: a part that came from the server with the defaults.
export function drawHints(fresh = null) {
  const now = keymap.stored;
  if (now === drawn && !(fresh && now)) return;
  drawn = now;
  for (const place of (fresh ?? document).querySelectorAll("[data-key]")) {
    const key = keymap.keys(place.dataset.key).find(Boolean) ?? "";
    const words = keyWords(key).join("+");
    if (place.localName === "kbd") {
      place.textContent = words;
      place.hidden = !key;
    } else {
      place.title = place.title.replace(/ \(\S+\)$/, "") + (key ? ` (${words})` : "");
    }
  }
}

export function connectShortcuts() {
  window.addEventListener("applyweb:settings", load);
  window.addEventListener("storage", load); // another window; prefs.js, which is first, has read it
  load();
}
