// Brings a page's module once the page was painted: until then its many files would be in the way. A classic script, since
// a module waits for the whole page. The frame after the first one begins when that is on the screen.
"use strict";
(() => {
  const { module } = document.currentScript.dataset;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = module;
    document.head.append(script);
  }));
})();
