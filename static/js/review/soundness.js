// Warns where the accepted hunks alone do not parse, or use what they do not declare,
// since hunks may need each other; offers what would mend it.

import { ApiError, call } from "../api.js";

const OFFERED = 2; // single decisions that would mend the result
const PAUSE = 250; // milliseconds without a decision before the server is asked

export class Soundness {
  #timer = 0;

  // label(id) is what the page calls a hunk; mend(id, decision) goes there and decides it.
  constructor(api, decisions, place, { label, mend }) {
    this.url = `${api}/result/syntax`;
    Object.assign(this, { decisions, place, label, mend });
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
    if (this.decisions.counts.accepted === 0) { // the original as it was
      this.#say("");
      return;
    }
    try {
      await this.decisions.settled();
      const { parses, line, mends, loose } = await call("GET", this.url);
      if (parses === false) this.#say(`This selection does not parse${line ? ` (line ${line} of the result)` : ""}.`, mends);
      else if (loose.length) this.#say(`${loose[0].name} is used, but nothing declares it.`, loose);
      else this.#say("");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say(""); // signed out or no server: the decision itself says so
    }
  }

  #say(text, mends = []) {
    const offers = mends.slice(0, OFFERED).map(({ id, decision }) => this.#offer(id, decision));
    const words = [text, ...offers.map((offer) => offer.textContent)].join(" ");
    if (this.place.dataset.words === words) return;
    this.place.dataset.words = words;
    this.place.replaceChildren(text, ...offers.flatMap((offer) => [" ", offer]));
  }

  #offer(id, decision) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = decision === "accepted" ? `Accept ${this.label(id)} too` : `Reject ${this.label(id)}`;
    button.addEventListener("click", () => this.mend(id, decision));
    return button;
  }
}
