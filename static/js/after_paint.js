// Brings what stands beside the diff, and the page's modules, once the diff was painted: until then they would be in the
// way. What is pressed in the meantime is kept, and happens when they are there; only what is typed for a field that such
// a key will open is lost. A classic script, since a module waits for the whole page.
"use strict";
(() => {
  const { module, modules } = document.currentScript.dataset;
  const root = document.documentElement;
  const FIELDS = "input, textarea, select, [contenteditable]";
  const HIDDEN = 200; // milliseconds without a frame: the page is in the background, where it may have to tell something
  let kept = [];
  let begun = false;

  function keep(event) {
    if (event.type === "keydown" ? event.target.closest?.(FIELDS) : !event.target.closest?.("[data-do], button[data-act]")) return;
    kept.push(event);
  }

  function ready() {
    for (const type of ["keydown", "click"]) document.removeEventListener(type, keep, true);
    for (const link of document.head.querySelectorAll("link[rel=modulepreload]")) link.remove(); // they have done their work
    const events = kept;
    kept = [];
    for (const { type, target, key, code, shiftKey, ctrlKey, metaKey, altKey } of events) {
      if (type === "keydown" && document.activeElement.matches(FIELDS)) continue; // meant for a field that one before opened
      const place = target.isConnected ? target : document.body;
      if (type === "click") place.click();
      else place.dispatchEvent(new KeyboardEvent("keydown", { key, code, shiftKey, ctrlKey, metaKey, altKey, bubbles: true, cancelable: true }));
    }
  }

  function failed() {
    const box = document.createElement("p");
    box.className = "notice error";
    box.setAttribute("role", "alert");
    box.append("This page's script could not be loaded, so nothing can be decided here. ");
    const again = Object.assign(document.createElement("a"), { className: "link", href: "", textContent: "Load the page again" });
    box.append(again);
    document.getElementById("notices").append(box);
  }

  function begin() {
    if (begun) return;
    begun = true;
    delete root.dataset.first;
    for (const href of modules.split(" ")) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
    }
    const script = Object.assign(document.createElement("script"), { type: "module", src: module });
    script.addEventListener("error", failed);
    document.head.append(script);
  }

  root.dataset.first = ""; // pieces.css
  for (const type of ["keydown", "click"]) document.addEventListener(type, keep, true);
  document.addEventListener("applyweb:ready", ready, { once: true });
  if (document.hidden) begin();
  requestAnimationFrame(() => { // before the first frame is drawn; a message comes right after it
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = begin;
    port2.postMessage(null);
  });
  setTimeout(() => document.hidden && begin(), HIDDEN);
})();
