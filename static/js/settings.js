// Changing the reader's choices. prefs.js (in the head) reads them and sets the root's attributes.

export function choice(name) {
  return document.documentElement.dataset[name] ?? "";
}

export function choose(name, value) {
  document.documentElement.dataset[name === "view" ? "wantedView" : name] = value;
  try {
    localStorage.setItem(`applyweb.${name}`, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // storage is full or off: the attribute still holds
  }
  window.dispatchEvent(new Event("applyweb:settings"));
}

export function toggleTheme() {
  const dark = choice("theme") ? choice("theme") === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  choose("theme", dark ? "light" : "dark");
}

export function toggle(name, on, off) {
  choose(name, choice(name) === on ? off : on);
}
