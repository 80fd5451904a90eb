// The minimap: where in the file the hunks are, and which part is on the screen.

export function drawMap(root) {
  const map = root.querySelector("#map");
  if (!map) return;
  const marks = [...root.querySelectorAll(".hunk")].map((hunk) => {
    const mark = document.createElement("a");
    mark.href = `#${hunk.id}`;
    mark.dataset.hunk = hunk.dataset.hunk;
    mark.tabIndex = -1; // the outline has the same links for the keyboard
    mark.style.insetBlockStart = `min(${hunk.dataset.top}%, 100% - 4px)`;
    mark.style.blockSize = `${hunk.dataset.size}%`;
    return mark;
  });
  map.replaceChildren(...marks);
}
