// Single-key shortcuts. They rest while a field has the focus or a dialog is open, and can be switched off (WCAG 2.1.4);
// chords and Escape always work. Must not know what the actions are, nor which key does which.

const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";

// The name of a key press: "a", "A" (with Shift), "?", "Escape", "Ctrl+Shift+z". Caps Lock makes no difference, so that
// it cannot turn "accept this" into "accept all". AltGr, which Windows tells as Ctrl and Alt, only writes a character.
export function keyName(event) {
  const letter = /^[a-z]$/i.test(event.key);
  if ((event.ctrlKey || event.metaKey) && !writesWithAltGr(event)) {
    const shift = event.shiftKey ? "Shift+" : "";
    return `Ctrl+${shift}${letter ? event.key.toLowerCase() : event.key}`;
  }
  if (letter) return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
  return event.key;
}

export function isSingle(name) {
  return [...name].length === 1;
}

function writesWithAltGr(event) {
  return event.getModifierState?.("AltGraph") && isSingle(event.key);
}

// actions: {id: function}, a function with `rests` where the reader may leave the key to the browser;
// keymap.actionOf(key name) gives an id. Returns a function that unbinds.
export function bindKeys(actions, keymap) {
  function pressed(event) {
    if (event.defaultPrevented || event.isComposing || (event.altKey && !writesWithAltGr(event))) return;
    const name = keyName(event);
    const id = keymap.actionOf(name);
    const action = actions[id];
    if (!action) return;
    if (document.querySelector("dialog[open], [popover]:popover-open") || event.target.closest?.(FIELDS)) return;
    if (action.rests?.()) return; // the key is the browser's
    if (isSingle(name) && document.documentElement.dataset.keys === "off") return;
    event.preventDefault();
    if (!event.repeat || keymap.repeats(id)) action(); // a key that is held down decides once
  }
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
