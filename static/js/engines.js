// Keeps the engines page fresh: fetches it again and puts the cards in, while somebody looks.

import { ApiError, getText } from "./api.js";

const EVERY = 2000;

async function refresh() {
  if (!document.hidden) {
    try {
      const page = new DOMParser().parseFromString(await getText("/engines/"), "text/html");
      const fresh = page.getElementById("engines");
      const shown = document.getElementById("engines");
      if (fresh.innerHTML !== shown.innerHTML) shown.replaceChildren(...fresh.children);
      shown.setAttribute("aria-busy", "false");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      document.getElementById("engines").setAttribute("aria-busy", "true"); // stale until the site answers again
    }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
