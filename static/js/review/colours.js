// The colours of a large file come a little after its diff: this puts them into the rows that are shown.

import { ApiError, getText } from "../api.js";

const PAUSE = 1500;
const TRIES = 20;

export async function awaitColours(root) {
  for (let tries = 0; tries < TRIES && root.dataset.coloured === "no" && root.isConnected; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    try {
      const fresh = new DOMParser().parseFromString(await getText(`/applies/${root.dataset.apply}/diff`), "text/html");
      if (fresh.getElementById("apply").dataset.coloured === "yes") colour(root, fresh);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // colours are not worth a message
    }
  }
}

function colour(root, fresh) {
  const key = (line) => `${line.classList.contains("o") ? "o" : "n"}${line.dataset.n}`;
  const codes = new Map();
  for (const line of fresh.querySelectorAll("#diff .l[data-n]")) codes.set(key(line), line.firstElementChild);
  for (const line of root.querySelectorAll("#diff .l[data-n]")) {
    const code = codes.get(key(line));
    if (code) line.firstElementChild.replaceWith(code);
  }
  root.dataset.coloured = "yes";
}
