// Which place in the queue an apply has, asked anew until it does not wait any more.

import { ApiError, call } from "../api.js";

const PAUSE = 2000; // ms

// show(words) is called with what there is to say; `begun` is an AbortSignal.
export async function tellPlace(apply, begun, show) {
  while (!begun.aborted) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    try {
      const { status, place } = await call("GET", apply);
      if (status !== "queued") return;
      if (!begun.aborted) show(placeWords(place));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status) return; // signed out, or gone: the events tell. Without an answer it is asked again.
    }
  }
}

export function placeWords(place) {
  return place > 1 ? `Waiting, number ${place}` : "Waiting";
}
