// The minimap: where in the file the hunks are, and which part is on the screen.

const MOST = 400; // marks; more than one every two pixels tell nothing

export function drawMap(root) {
  const map = root.querySelector("#map");
  if (!map) return;
  const marks = thinned([...root.querySelectorAll(".hunk")]).map((hunk) => {
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

// All hunks, or where they are very many one for each stretch of the file.
function thinned(hunks) {
  if (hunks.length <= MOST) return hunks;
  let last = -1;
  return hunks.filter((hunk) => {
    const stretch = Math.floor((Number(hunk.dataset.top) * MOST) / 100);
    const first = stretch !== last;
    last = stretch;
    return first;
  });
}
