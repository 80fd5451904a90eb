// The colours of a large file come a little after its diff: this puts them into the rows that are shown.

import { ApiError, call, getText } from "../api.js";

const PAUSE = 1500;
const TRIES = 40;

export async function awaitColours(root) {
  const address = `/applies/${root.dataset.apply}/colours`;
  for (let tries = 0; tries < TRIES && root.dataset.coloured === "no" && root.isConnected; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    try {
      if ((await call("GET", address)).coloured) await colour(root);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // colours are not worth a message
    }
  }
}

// Every piece that is there is fetched once more. Rows that came otherwise (from under a fold, of a large hunk) keep
// their plain ink until the page is loaded anew.
async function colour(root) {
  root.dataset.coloured = "yes"; // what is fetched from now on has colours
  for (const piece of root.querySelectorAll(".piece:not(.waits)")) {
    const fresh = new DOMParser().parseFromString(await getText(piece.dataset.src), "text/html");
    const codes = new Map([...fresh.querySelectorAll(".l[data-n]")].map((line) => [keyOf(line), line.firstElementChild]));
    for (const line of piece.querySelectorAll(".l[data-n]")) {
      const code = codes.get(keyOf(line));
      if (code) line.firstElementChild.replaceWith(code);
    }
  }
}

function keyOf(line) {
  return `${line.classList.contains("o") ? "o" : "n"}${line.dataset.n}`;
}
