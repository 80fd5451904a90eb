// Runs in each measured page before its own scripts: when the diff was first painted, how long interactions took.
// CHANGED is put in as a string.
"use strict";
(() => {
  const seen = { painted: 0, lastLong: 0, interactions: {}, frame: 0 };
  globalThis.benchSeen = seen;

  const onScreen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  };

  // The first of a selector on the screen, among a few: a page may hold ten thousand.
  seen.find = (selector, most = 40) => {
    const found = document.querySelectorAll(selector);
    for (let at = 0; at < Math.min(found.length, most); at += 1) if (onScreen(found[at])) return found[at];
    return null;
  };

  // In each frame, before it is drawn. The message comes when the frame is handed to the compositor.
  function look() {
    if (!document.body || !seen.find(CHANGED)) {
      requestAnimationFrame(look);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { seen.painted = performance.now(); };
    port2.postMessage(null);
  }
  requestAnimationFrame(look);

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { interactionId, duration } = entry;
      if (interactionId) seen.interactions[interactionId] = Math.max(seen.interactions[interactionId] ?? 0, duration);
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.lastLong = Math.max(seen.lastLong, startTime + duration);
  }).observe({ type: "longtask", buffered: true });

  seen.facts = () => {
    const answered = performance.getEntriesByType("navigation")[0].responseStart;
    const began = globalThis.benchBegan ?? answered;
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
    let nodes = 1;
    while (walker.nextNode()) nodes += 1;
    return { paint: seen.painted - began, opened: seen.painted - answered, ready: Math.max(seen.painted, seen.lastLong) - began, nodes };
  };

  // The longest time between two frames from now on, until `stop` is called.
  seen.watchFrames = () => {
    let last = performance.now();
    let going = true;
    const next = (now) => {
      seen.frame = Math.max(seen.frame, now - last);
      last = now;
      if (going) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    seen.stopFrames = () => { going = false; };
  };
})();
