// What may come a moment after what was done: the next frame shows what the reader pressed, and the one after it what
// follows from it elsewhere on the page.

const waiting = new Set();
let isAsked = false;

// Runs `work` once the next frame is on the screen; asked for twice until then, once. In a page that is not shown it
// waits until it is.
export function afterFrame(work) {
  waiting.add(work);
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => setTimeout(run));
}

function run() {
  isAsked = false;
  const now = [...waiting];
  waiting.clear();
  for (const work of now) {
    try {
      work();
    } catch (error) {
      reportError(error); // the others come all the same
    }
  }
}
