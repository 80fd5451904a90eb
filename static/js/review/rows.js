// Telling when rows came or went, as when a fold opens, and what the bars at the edges of the screen cover.

const ROWS = ".row, code, .fold, .change, .hunk, .part, .piece"; // and not what others hang into a cell for a while

// Calls `changed` after each change. Returns {ignore(work), close()}: what `work` does is not told.
export function watchRows(root, changed) {
  const diff = root.querySelector("#diff");
  const watcher = new MutationObserver((records) => {
    const nodes = records.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes]);
    if (nodes.some((node) => node.nodeType === Node.ELEMENT_NODE && node.matches(ROWS))) changed();
  });
  const start = () => watcher.observe(diff, { childList: true, subtree: true });
  start();
  return {
    ignore(work) {
      watcher.disconnect();
      const outcome = work();
      start();
      return outcome;
    },
    close: () => watcher.disconnect(),
  };
}

// [top, bottom] of the part of the screen where rows can be seen.
export function openRoom() {
  const height = (selector) => document.querySelector(selector)?.offsetHeight ?? 0;
  return [height(".top") + height(".tabs") + height(".findbar"), window.innerHeight - height(".foot")];
}

// Brings an element to the middle of the screen unless it can be seen well already.
export function bringIntoRoom(element) {
  const box = element.getBoundingClientRect();
  const [top, bottom] = openRoom();
  if (box.top < top + 40 || box.bottom > bottom - 40) window.scrollBy(0, box.top - (top + bottom) / 2);
}
