// Warns where the accepted hunks alone do not parse: hunks may need each other.

import { ApiError, call } from "../api.js";

const PAUSE = 250; // milliseconds without a decision before the server is asked

export class Soundness {
  #timer = 0;

  constructor(api, decisions, place) {
    this.url = `${api}/result/syntax`;
    this.decisions = decisions;
    this.place = place;
    decisions.addEventListener("change", () => this.#soon());
    this.#soon();
  }

  close() {
    clearTimeout(this.#timer);
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE);
  }

  async #look() {
    const { total, accepted } = this.decisions.counts;
    if (accepted === 0 || accepted === total) {
      this.#say("");
      return;
    }
    try {
      await this.decisions.settled();
      const { parses, line } = await call("GET", this.url);
      this.#say(parses === false ? `With this selection line ${line} of the result does not parse.` : "");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say(""); // signed out or no server: the decision itself says so
    }
  }

  #say(text) {
    if (this.place.textContent !== text) this.place.textContent = text;
  }
}
