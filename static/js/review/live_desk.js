// Deciding while the file is being written: settled hunks can be accepted and rejected before the end. The server keeps
// the verdicts and gives them to the hunks of the finished diff.

import { ApiError, call } from "../api.js";
import { announce, notice } from "../notices.js";
import { choice } from "../settings.js";
import { Decisions } from "./decisions.js";
import { People } from "./people.js";
import { Socket } from "./socket.js";

export class LiveDesk {
  #at = -1;

  constructor(root) {
    this.root = root;
    this.api = `/api/applies/${root.dataset.apply}`;
    const state = JSON.parse(root.querySelector("#review-state").textContent);
    this.decisions = new Decisions([], truthOf(state), async ({ id, decision }) =>
      truthOf(await call("PUT", `${this.api}/hunks/${id}/decision`, { decision })));
    this.decisions.addEventListener("change", () => this.#paint());
    this.decisions.addEventListener("refused", ({ detail: { error } }) => this.#refused(error));
    root.addEventListener("click", (event) => this.#clicked(event));
    this.people = new People(root, (message) => this.socket.send(message), (id) => this.#goTo(id));
    this.socket = new Socket(() => `/ws/applies/${root.dataset.apply}/review`, (message) => this.people.noticed(message), (state) => {
      if (state === "open") this.people.opened();
    });
  }

  close() {
    this.socket.close();
    this.people.close();
  }

  get actions() {
    return {
      next: () => this.#step(1),
      previous: () => this.#step(-1),
      accept: () => this.#decideAndGoOn("accepted"),
      reject: () => this.#decideAndGoOn("rejected"),
      clear: () => this.#decide("pending"),
    };
  }

  // Hunks were drawn: those that can be decided.
  drawn(hunks) {
    for (const { id } of hunks) this.decisions.hunks.push(id);
    this.#paint();
    this.people.repaint();
  }

  // What was drawn is void; verdicts stay by id.
  reset() {
    this.#at = -1;
    this.decisions.hunks.length = 0;
  }

  get #sections() {
    return [...this.root.querySelectorAll("#live-settled .hunk")];
  }

  get #current() {
    return this.#sections[this.#at] ?? null;
  }

  #step(by) {
    const sections = this.#sections;
    if (!sections.length) return;
    this.#show(Math.min(Math.max(this.#at + by, 0), sections.length - 1));
  }

  #goTo(id) {
    const at = this.#sections.findIndex((section) => section.dataset.hunk === id);
    if (at >= 0) this.#show(at);
  }

  #show(at) {
    this.#mark(at);
    this.#current.scrollIntoView({ block: "center" });
    this.#current.focus({ preventScroll: true });
  }

  #mark(at) {
    this.#current?.classList.remove("is-now");
    this.#at = at;
    this.#current?.classList.add("is-now");
    this.people.at(this.#current?.dataset.hunk ?? "");
  }

  // As on the finished page: on to the next undecided hunk, as far as there is one yet.
  #decideAndGoOn(decision) {
    const open = (section) => this.decisions.of(section.dataset.hunk) === "pending";
    const fresh = this.#current && open(this.#current);
    this.#decide(decision);
    const next = this.#sections.findIndex((section, at) => at > this.#at && open(section));
    if (fresh && next >= 0 && choice("advance") !== "off") this.#show(next);
  }

  #decide(decision) {
    const section = this.#current;
    if (!section) return;
    this.decisions.decide(section.dataset.hunk, decision);
    announce(`Hunk ${section.dataset.number} ${decision}.`);
  }

  #clicked(event) {
    const section = event.target.closest("#live-settled .hunk");
    if (!section) return;
    this.#mark(this.#sections.indexOf(section));
    const does = event.target.closest("[data-do]");
    if (does) this.#decide(does.dataset.do);
  }

  #paint() {
    for (const section of this.#sections) section.dataset.decision = this.decisions.of(section.dataset.hunk);
  }

  async #refused(error) {
    if (error.code === "unknown_hunk" || error.code === "not_finished") return; // it has ended meanwhile; its page comes
    notice(`${error.message} It was not saved and is taken back.`, "error");
    try {
      this.decisions.accept(truthOf(await call("GET", `${this.api}/review`)));
    } catch (again) {
      if (!(again instanceof ApiError)) throw again; // the first message says it
    }
  }
}

function truthOf(review) {
  return { version: review.version, decisions: { ...review.decisions, ...review.early }, parts: {}, can_undo: false, can_redo: false };
}
