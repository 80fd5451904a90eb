// The live state of each engine on its card. The cards work without it.

import { ApiError, call } from "../api.js";

export async function showStates(choice) {
  let engines;
  try {
    ({ engines } = await call("GET", "/engines/states"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    engines = [];
  }
  for (const card of choice.querySelectorAll(".engine")) {
    const radio = card.querySelector("input");
    const found = engines.find((engine) => engine.name === radio.value);
    const chip = card.querySelector("[data-state]");
    chip.firstElementChild.className = `dot ${found?.state ?? "unknown"}`;
    chip.lastElementChild.textContent = found?.words ?? "unknown";
    chip.title = found?.message ?? "The site did not say";
    radio.disabled = found?.state === "off" && !radio.checked;
  }
}
