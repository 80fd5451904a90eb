// A hunk written anew by an engine, at a note: asking, looking on, stopping, going from one proposal to the next, taking
// one. The server draws the proposals; nothing of them changes a decision until one is taken. Must not know: how
// decisions are kept, how a note is written.

import { ApiError, call, getText } from "../api.js";
import { announce, notice, say } from "../notices.js";
import { drawHints } from "../shortcuts.js";
import { AskForm } from "./ask_form.js";
import { hunkOf } from "./decisions.js";
import { Drafts } from "./drafts.js";
import { EventStream } from "./events.js";
import { showPane } from "./focus.js";
import { need } from "./pieces.js";
import { marked, markProposal, stepProposal, toggleProposal, unmark } from "./proposal_marks.js";

export class Proposals {
  #streams = new Map(); // proposal → EventStream
  #asked = new Set(); // what was asked for in this window and has not come yet
  #fetched = Promise.resolve();

  constructor(root, decisions, focus) {
    Object.assign(this, { root, decisions, focus, id: root.dataset.apply });
    this.form = new AskForm(root.querySelector("#ask-form"), new Drafts(() => sessionStorage, this.id), {
      put: (form, name) => this.#put(form, name),
      send: (name, note, engine) => this.#send(name, note, engine),
      back: (name) => section(name)?.focus({ preventScroll: true }),
    });
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("filled", () => this.connect());
    this.connect();
  }

  get actions() {
    return {
      ask: (button) => this.#ask(button?.closest?.(".hunk") ?? this.focus.current),
      "next-proposal": () => stepProposal(this.focus.current, 1),
      "previous-proposal": () => stepProposal(this.focus.current, -1),
    };
  }

  close() {
    for (const stream of this.#streams.values()) stream.close();
  }

  // Closes the form, else takes the mark off a proposal. False where there was neither.
  leave() {
    return this.form.close() || unmark(this.focus.current);
  }

  // Accepts the proposal that is marked in this hunk. False where none is.
  take(hunk) {
    const chosen = marked(hunk);
    if (!chosen) return false;
    if (chosen.matches(".proposed")) this.#shape(hunk, { kind: "propose", id: hunk.dataset.hunk }, "Proposal 1");
    else this.#take(hunk, chosen);
    return true;
  }

  noticed(message) {
    if (message.type === "proposals") this.#refresh(message.hunk);
  }

  // What began or ended while nothing was heard.
  async refresh() {
    let states;
    try {
      states = JSON.parse(await getText(`/applies/${this.id}/proposals`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return; // the socket tells when the server is back
    }
    const shown = [...this.root.querySelectorAll(".alts")].map((block) => hunkOf(block.dataset.alts));
    for (const hunk of new Set([...Object.keys(states), ...shown])) {
      const there = new Map(this.#all(hunk).map((each) => [Number(each.dataset.alt), isOpen(each)]));
      const known = (states[hunk] ?? []).every(([id, status]) => !OPEN.has(status) ? there.get(id) === false : there.get(id) === true);
      if (!known || there.size !== (states[hunk] ?? []).length) this.#refresh(hunk);
    }
  }

  // Proposals that came on the page: those that are being written are listened to, the form goes back to its hunk.
  connect() {
    for (const element of this.root.querySelectorAll(".alt.is-open")) this.#listen(element);
    this.form.restore();
  }

  // At once: the first key after this one is of the note.
  #ask(hunk) {
    if (!hunk) {
      say("There is no hunk to ask about.");
      return;
    }
    this.focus.mark(this.focus.hunks.indexOf(hunk));
    showPane("pane-diff");
    hunk.classList.add("shown"); // also where changes of white space are hidden
    const writing = hunk.querySelector(".alt.is-open [data-alt-do=stop]");
    if (writing) writing.focus();
    else this.form.open(hunk.dataset.hunk, hunk.dataset.number);
    need(hunk);
  }

  async #send(name, note, engine) {
    const hunk = section(name);
    const body = { note, engine, seen: hunk?.dataset.decision };
    const { id } = await call("POST", `/api/applies/${this.id}/hunks/${name}/proposals`, body);
    this.#asked.add(id);
    announce("Asked. The new lines will stand below the hunk.");
    this.#refresh(hunkOf(name)); // not waited for: the form closes when the request is taken
  }

  // Below the rows and the other proposals, above what is said of the hunk.
  #put(element, name) {
    const hunk = section(name);
    const talk = hunk?.querySelector(":scope > .hunktalk");
    if (talk) talk.before(element);
    else hunk?.append(element);
  }

  #clicked(event) {
    const button = event.target.closest("[data-alt-do]");
    const element = button?.closest(".alt");
    if (!element) return;
    const hunk = element.closest(".hunk");
    switch (button.dataset.altDo) {
      case "toggle": toggleProposal(element, button.getAttribute("aria-expanded") !== "true"); break;
      case "take": this.#take(hunk, element); break;
      case "retry": this.#retry(hunk, element); break;
      default: this.#end(hunk, element); // stop, forget
    }
  }

  #take(hunk, element) {
    const { alt, number } = element.dataset;
    this.#shape(hunk, { kind: "take", id: hunk.dataset.hunk, proposal: Number(alt) }, `Proposal ${number}`);
  }

  async #shape(hunk, step, words) {
    const { number } = hunk.dataset;
    if (await this.decisions.shape(step)) announce(`${words} accepted for hunk ${number}.`);
  }

  async #retry(hunk, element) {
    const { note, engine } = element.dataset;
    hunk.focus({ preventScroll: true });
    await this.#try(() => this.#send(hunk.dataset.hunk, note, engine));
  }

  async #end(hunk, element) {
    const { hunk: name } = hunk.dataset;
    hunk.focus({ preventScroll: true });
    await this.#try(() => call("DELETE", `/api/applies/${this.id}/hunks/${name}/proposals/${element.dataset.alt}`));
    await this.#refresh(hunkOf(name));
  }

  async #try(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code !== "already_ended") notice(error.message, "error"); // it came: that is shown
    }
  }

  // One after the other: what comes later is drawn later.
  #refresh(hunk) {
    this.#fetched = this.#fetched.then(() => this.#fetch(hunk));
    return this.#fetched;
  }

  async #fetch(hunk) {
    for (const part of this.root.querySelectorAll(`.hunk[data-of="${hunk}"]:not(.waits)`)) {
      try {
        this.#draw(part, await getText(`/applies/${this.id}/hunks/${part.dataset.hunk}/alternatives`));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // Cut or joined meanwhile: the parts are drawn again, with what belongs to them. No answer: the socket tells.
        if (error.status !== 404 && error.status !== 0) notice(error.message, "error");
      }
    }
  }

  #draw(hunk, html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".alts");
    const old = hunk.querySelector(":scope > .alts");
    const before = new Map([...(old?.querySelectorAll(".alt") ?? [])].map((each) => [each.dataset.alt, each]));
    const focused = old?.contains(document.activeElement);
    if (fresh) {
      document.adoptNode(fresh);
      for (const element of fresh.querySelectorAll(".alt")) this.#keep(before.get(element.dataset.alt), element);
      if (old) old.replaceWith(fresh);
      else this.#put(fresh, hunk.dataset.hunk);
      const form = hunk.querySelector(":scope > .askform");
      if (form && form.nextElementSibling === fresh) form.before(fresh);
      drawHints(fresh);
    } else {
      old?.remove();
    }
    if (focused) hunk.focus({ preventScroll: true });
    this.connect();
    for (const element of fresh?.querySelectorAll(".alt:not(.is-open)") ?? []) {
      if (this.#asked.delete(Number(element.dataset.alt))) this.#came(hunk, element);
    }
  }

  // What the reader did with a proposal stays: its rows open, the mark on it, the lines that came so far.
  #keep(old, fresh) {
    if (!old) return;
    if (isOpen(old) && isOpen(fresh)) fresh.querySelector(".coming").replaceWith(old.querySelector(".coming"));
    if (!old.querySelector(".altrows") || !fresh.querySelector(".altrows")) return;
    toggleProposal(fresh, !old.querySelector(".altrows").hidden);
    fresh.classList.toggle("is-marked", old.classList.contains("is-marked"));
  }

  // What this window asked for has ended.
  #came(hunk, element) {
    if (!element.dataset.number) {
      announce(`${element.querySelector("h4").textContent}. ${element.querySelector(".reason").textContent}`);
      return;
    }
    markProposal(hunk, element);
  }

  #listen(element) {
    const { alt, events } = element.dataset;
    if (this.#streams.has(alt)) return;
    const stop = () => {
      this.#streams.get(alt)?.close();
      this.#streams.delete(alt);
    };
    this.#streams.set(alt, new EventStream(events, {
      draw: (batch) => this.#show(alt, batch),
      ended: () => {
        stop();
        const hunk = this.root.querySelector(`.alt[data-alt="${alt}"]`)?.closest(".hunk");
        if (hunk) this.#refresh(hunk.dataset.of);
      },
      state: (state) => { if (state === "refused" || state === "gone") stop(); },
    }));
  }

  #show(alt, events) {
    const place = this.root.querySelector(`.alt[data-alt="${alt}"] .coming`);
    const follows = place && place.scrollHeight - place.scrollTop - place.clientHeight < 4;
    for (const { type, text } of place ? events : []) {
      if (type === "started") place.textContent = "";
      if (type === "delta") place.append(text);
    }
    if (follows) place.scrollTop = place.scrollHeight; // unless the reader went back up
  }

  #all(hunk) {
    return [...this.root.querySelectorAll(`.hunk[data-of="${hunk}"] .alt`)];
  }
}

const OPEN = new Set(["queued", "running"]);

function isOpen(element) {
  return element.classList.contains("is-open");
}

function section(name) {
  return document.getElementById(`h-${name}`);
}
