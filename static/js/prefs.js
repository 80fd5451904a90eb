// The reader's choices (theme, view, panels, white space, wrapping, going on, keys) as data attributes of the root,
// before anything is painted. A classic script in the head, so that no page flashes; the modules change choices through settings.js.
"use strict";
(() => {
  const root = document.documentElement;
  const narrow = window.matchMedia("(max-width: 860px)");
  const paper = window.matchMedia("print");

  function read(name) {
    try {
      return localStorage.getItem(`applyweb.${name}`);
    } catch {
      return null; // storage is switched off: the choice lasts for this page only
    }
  }

  function apply() {
    const theme = read("theme") ?? root.dataset.theme;
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const name of ["left", "right", "space", "blanks", "wrap", "advance", "ownfind", "others", "keys", "keymap"]) {
      const value = read(name);
      if (value !== null) root.dataset[name] = value;
    }
    root.dataset.view = narrow.matches || paper.matches ? "unified" : (read("view") ?? root.dataset.wantedView ?? "split");
  }

  apply();
  for (const media of [narrow, paper]) media.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  window.addEventListener("applyweb:settings", apply);
})();
