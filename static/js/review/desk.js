// The finished review page: decisions, focus, folds, result and their keys. One desk a page.

import { ApiError, call } from "../api.js";
import { afterFrame } from "../after_frame.js";
import { tellGone } from "../gone.js";
import { announce, notice, say } from "../notices.js";
import { choice, toggle } from "../settings.js";
import { connectBars } from "./bars.js";
import { Closely, wantsALook } from "./closely.js";
import { Comments } from "./comments.js";
import { Company } from "./company.js";
import { allWords, paintBanner, paintHad, tellCarried, undecided } from "./conflicts.js";
import { drawHints, keyOf } from "../shortcuts.js";
import { Decisions } from "./decisions.js";
import { Focus } from "./focus.js";
import { connectFolds, expandAround } from "./folds.js";
import { showLine } from "./lines.js";
import { drawMap } from "./map.js";
import { connectOutline } from "./outline.js";
import { paintAround, paintHunks } from "./paint.js";
import { PartsDesk } from "./parts.js";
import { Proposals } from "./proposals.js";
import { connectRest, need, watch, watchPieces } from "./pieces.js";
import { Reading } from "./reading.js";
import { Rebase } from "./rebase.js";
import { Result } from "./result.js";
import { connectReturns } from "./returns.js";
import { connectSpaces, toggleSpaces } from "./spaces.js";
import { Soundness } from "./soundness.js";
import { Socket } from "./socket.js";
import { Speech } from "./speech.js";

const EDGE = 56; // pixels that bars may cover

export class Desk {
  // files: those of the changeset, null where there is none
  constructor(root, files = null) {
    this.root = root;
    this.files = files;
    this.id = root.dataset.apply;
    this.api = `/api/applies/${this.id}`;
    this.focus = new Focus(root);
    const state = JSON.parse(root.querySelector("#review-state").textContent);
    const hunks = [...new Set(this.focus.hunks.map((hunk) => hunk.dataset.of))];
    this.decisions = new Decisions(hunks, state, (step) => this.#send(step));
    this.parts = new PartsDesk(root, this.api, this.decisions, this.focus, () => this.#redrawn());
    this.proposals = new Proposals(root, this.decisions, this.focus);
    this.speech = new Speech(this.focus);
    this.result = new Result(this.id, this.decisions);
    this.reading = new Reading(root, this.id, this.focus);
    this.closely = new Closely(root, this.focus);
    this.rebase = new Rebase(this.api, this.decisions, (id) => this.focus.labelOf(id));
    this.company = new Company(root, this.decisions, this.focus, (message) => this.socket.send(message));
    this.#connect();
    this.soundness = new Soundness(this.api, this.decisions, root.querySelector("#unsound"), {
      label: (id) => document.getElementById(`h-${id}`)?.dataset.number ?? "",
      mend: (id, decision) => {
        this.focus.goTo(id);
        this.#decide(decision);
      },
    });
    drawMap(root);
    this.#markFirst();
    this.#paint();
    const unheld = Object.keys(state.early ?? {}).length;
    if (unheld) notice(`${unheld === 1 ? "One decision" : `${unheld} decisions`} made while the file was written did not hold: the hunks became others. Look for pending ones.`);
    this.comments = new Comments(root, this.focus);
    this.reading.links.follow();
    this.socket = new Socket(() => `/ws/applies/${this.id}/review`, (message) => this.#noticed(message), (socket) => {
      if (socket === "gone") tellGone();
      if (socket !== "open") return;
      this.#refetch(); // what changed while nothing was heard
      this.comments.refresh();
      this.proposals.refresh();
      this.company.opened();
    });
  }

  get actions() {
    const { lines } = this.parts; // while lines are chosen, moving and deciding is about them
    return {
      ...this.parts.actions,
      ...this.proposals.actions,
      ...this.reading.actions,
      ...this.closely.actions,
      next: () => (lines.active ? lines.move(1) : this.focus.step(1)),
      previous: () => (lines.active ? lines.move(-1) : this.focus.step(-1)),
      "next-pending": () => this.#toPending(1),
      "previous-pending": () => this.#toPending(-1),
      "next-symbol": () => (lines.active ? lines.extend(1) : this.#toSymbol(1)),
      "previous-symbol": () => (lines.active ? lines.extend(-1) : this.#toSymbol(-1)),
      first: () => this.focus.first(),
      last: () => this.focus.last(),
      accept: () => (lines.active ? lines.decide("accepted") : this.#chooses() || this.proposals.take(this.focus.current) || this.#decideAndGoOn("accepted")),
      reject: () => (lines.active ? lines.decide("rejected") : this.#chooses() || this.#decideAndGoOn("rejected")),
      clear: () => (lines.active ? lines.decide("pending") : this.#chooses() || this.#decide("pending")),
      advance: () => this.#toggleAdvance(),
      "accept-all": () => this.#decideAll("accepted"),
      "reject-all": () => this.#decideAll("rejected"),
      undo: () => this.decisions.undo(),
      redo: () => this.decisions.redo(),
      asked: (button) => {
        const hunk = button?.closest?.(".hunk");
        if (hunk) this.focus.mark(this.focus.hunks.indexOf(hunk));
        this.focus.showAsked();
      },
      expand: () => expandAround(this.root, this.focus.current, this.id, ["up", "down"]),
      "expand-symbol": () => expandAround(this.root, this.focus.current, this.id, ["begins", "ends"]),
      blanks: () => toggleSpaces(this.root),
      copy: () => this.result.copy(),
      download: () => this.result.download(),
      patch: () => this.result.patch(),
      mend: () => this.#mend(),
      preview: () => this.result.preview(),
      rebase: () => this.rebase.open(),
      ...this.comments.actions,
      ...this.company.actions,
    };
  }

  close() {
    for (const part of [this.socket, this.soundness, this.proposals, this.comments, this.company]) part.close();
  }

  // Escape: leaves what was entered last, else takes the marks off lines.
  escape() {
    return this.comments.leave() || this.proposals.leave() || this.parts.leave() || this.reading.leave();
  }

  #connect() {
    this.decisions.addEventListener("change", () => this.#paint());
    this.decisions.addEventListener("refused", ({ detail: { error, lost } }) => {
      const what = lost.length > 1 ? `${lost.length} steps were not saved and are taken back` : "It was not saved and is taken back";
      notice(`${error.message} ${what}.`, "error");
      if (error.code === "changed_meanwhile" || error.code === "unknown_hunk") this.#refetch();
    });
    this.focus.addEventListener("change", () => afterFrame(this.#paintAround));
    connectReturns(this.decisions, this.focus, () => this.parts.drawn);
    connectBars(this.root);
    connectFolds(this.root, this.id);
    watchPieces(this.root);
    connectRest(this.root);
    connectSpaces(this.root);
    connectOutline(this.root, this.focus, () => this.#paint());
    this.root.addEventListener("filled", ({ target, detail: { others } }) => {
      drawHints(target);
      this.speech.paint(this.decisions);
      paintHad(target, this.decisions.conflicts);
      if (others) this.focus.refresh(); // its hunks were cut or joined since the page came
    });
    this.root.addEventListener("click", (event) => this.#clicked(event));
  }

  #clicked(event) {
    const does = event.target.closest("[data-do]");
    const link = event.target.closest("a[data-hunk]");
    const goes = event.target.closest("[data-go]");
    const line = event.target.closest("[data-chat-line]");
    const place = event.target.closest("[data-line]");
    const hunk = event.target.closest(".hunk");
    if (place) {
      event.preventDefault();
      showLine(this.root, Number(place.dataset.line));
    } else if (link || goes) {
      event.preventDefault();
      this.focus.goTo(link ? link.dataset.hunk : goes.dataset.go);
    } else if (line) {
      event.preventDefault();
      this.closely.showChatLine(line.dataset.chatLine);
    } else if (hunk) {
      this.focus.mark(this.focus.hunks.indexOf(hunk));
      if (does) this.#decide(does.dataset.do);
    }
  }

  // In a changeset it goes on in the next file, before it begins again at the top of this one.
  async #toPending(by = 1) {
    const pending = (hunk) => this.decisions.of(hunk.dataset.hunk) === "pending";
    if (this.files && (this.focus.nextWhere(pending, by, false) || (await this.files.toPending(by)))) return;
    if (!this.focus.nextWhere(pending, by)) say(this.files ? "Every hunk of every file is decided." : "Every hunk is decided.");
  }

  #toSymbol(by) {
    if (!this.focus.stepSymbol(by)) say(by > 0 ? "This is the last symbol." : "This is the first symbol.");
  }

  // The first decision that the footer offers.
  #mend() {
    const offer = this.root.querySelector("#unsound button");
    if (offer) offer.click();
    else say("Nothing is known that the accepted hunks lack.");
  }

  // The hunk of the address; else the first pending one that nobody asked for or that something speaks against, as
  // it needs the closest look; else the first pending one on the screen, else the first pending one.
  #markFirst() {
    if (!this.focus.hunks.length) return;
    const named = this.focus.hunks.findIndex((hunk) => `#${hunk.id}` === location.hash);
    if (named >= 0) {
      this.focus.go(named);
      return;
    }
    const pending = this.focus.hunks.map((hunk, at) => at).filter((at) => this.decisions.all[at] === "pending");
    const end = { "#first-pending": 0, "#last-pending": -1 }[location.hash]; // the way here from another file
    if (end !== undefined && pending.length) {
      this.focus.go(pending.at(end));
      return;
    }
    const extra = pending.find((at) => wantsALook(this.focus.hunks[at]));
    if (location.hash === "#carried" && this.root.querySelector("#carried")) {
      this.focus.mark(extra ?? pending[0] ?? 0);
      tellCarried(this.root, this.decisions, this.focus);
      return;
    }
    if (extra > 0) {
      this.focus.mark(extra);
      this.focus.reveal();
      return;
    }
    const seen = extra ?? pending.find((at) => this.focus.hunks[at].getBoundingClientRect().bottom > 80);
    this.focus.mark(seen ?? pending[0] ?? 0);
    if (pending.length && !isSeen(this.focus.current)) this.focus.reveal();
  }

  // A key decides what can be seen. It waits for rows that are on their way; where the hunk in focus was scrolled away,
  // it only chooses the first one that is on the screen.
  #chooses() {
    if (!this.focus.current || isSeen(this.focus.current)) return false;
    if (isWithin(this.focus.current) && need(this.focus.current)) {
      say(`Hunk ${this.focus.current.dataset.number} is still on its way. Press again when it is here.`);
      return true;
    }
    const undecided = (hunk) => isSeen(hunk) && this.decisions.of(hunk.dataset.hunk) === "pending";
    const open = this.focus.hunks.findIndex(undecided);
    const at = open >= 0 ? open : this.focus.hunks.findIndex(isSeen);
    if (at < 0) this.focus.reveal();
    else this.focus.mark(at);
    say(`Hunk ${this.focus.current.dataset.number} is chosen now: the one before was not on the screen. Press again to decide.`);
    return true;
  }

  // On to the next undecided hunk, where an undecided one was decided. Never back to the top by itself: the end of the
  // file is where a reader stops.
  #decideAndGoOn(decision) {
    const before = this.decisions.of(this.focus.id);
    const goesOn = choice("advance") !== "off";
    if (goesOn && before === decision && this.files?.hasMore && this.decisions.counts.pending === 0) {
      this.#toPending();
      return;
    }
    if (!this.#decide(decision) || before !== "pending" || !goesOn) return;
    // What is joined to a hunk above is decided with it.
    const open = (hunk) => this.decisions.of(hunk.dataset.hunk) === "pending" && !hunk.classList.contains("is-joined");
    if (this.focus.nextWhere(open, 1, false)) return;
    if (this.focus.hunks.some(open)) say(`${this.#progress()} Nothing is undecided below; what is left is above.`);
    else if (this.files?.hasMore) say(`Every hunk of this file is decided. The same once more, or ${keyOf("next-pending")}, goes on in the next file.`);
  }

  #toggleAdvance() {
    toggle("advance", "off", "on");
    say(choice("advance") === "off" ? "A decision stays at its hunk." : "A decision goes on to the next undecided hunk.");
  }

  // False where nothing was decided.
  #decide(decision) {
    const hunk = this.focus.current;
    if (!hunk) return false;
    if (hunk.classList.contains("editing")) { // the buttons of a phone's bar
      say("Your lines for this hunk are open. Accept or cancel them first.");
      return false;
    }
    if (decision === "pending" && this.decisions.of(hunk.dataset.hunk) === "pending") {
      say(`Hunk ${hunk.dataset.number} is undecided already. Undo takes the last decision back.`);
      return false;
    }
    this.decisions.decide(hunk.dataset.hunk, decision);
    announce(`Hunk ${hunk.dataset.number} ${decision}. ${this.#progress()}`);
    return true;
  }

  #decideAll(decision) {
    const stay = this.decisions.decideAll(decision);
    const left = undecided(this.decisions).length;
    const stands = document.querySelector("#notices .brief"); // what it says may be true no more
    (stay || left || stands ? say : announce)(`${allWords(decision, { stay, left })} ${this.#progress()}`);
  }

  #progress() {
    const { total, pending } = this.decisions.counts;
    return `${total - pending} of ${total} decided.`;
  }

  #redrawn() {
    watch(this.root);
    this.proposals.connect();
    drawHints(this.root);
    drawMap(this.root);
    this.company.redrawn();
    this.#paint();
  }

  #paint() {
    paintHunks(this.decisions);
    afterFrame(this.#paintAround);
  }

  #paintAround = () => {
    paintAround(this.root, this.decisions, this.focus.id);
    this.speech.paint(this.decisions);
    this.files?.paint(this.decisions.counts);
    paintHad(this.root, this.decisions.conflicts);
    paintBanner(this.root, this.decisions);
  };

  #send({ kind, id, done, ...step }) {
    const hunk = `${this.api}/hunks/${id}`;
    const { version } = this.decisions;
    switch (kind) {
      case "one": return call("PUT", `${hunk}/decision`, step);
      case "all": return call("PUT", `${this.api}/decisions`, { ...step, version });
      case "lines": return call("PUT", `${hunk}/lines`, step);
      case "cut": return call("POST", `${hunk}/cuts`, step);
      case "join": return call("PUT", `${hunk}/joined`, step);
      case "both": return call("PUT", `${hunk}/both`, step);
      case "write": return call("PUT", `${hunk}/text`, step);
      case "take": return call("PUT", `${hunk}/proposal`, step);
      case "adopt": return call("POST", `${this.api}/adoptions`, id ? { ...step, hunk: id } : { ...step, version });
      case "propose": return call("DELETE", `${hunk}/text`);
      default: return call("POST", `${this.api}/${kind}?version=${version}`);
    }
  }

  #noticed(message) {
    for (const part of [this.comments, this.proposals, this.company]) part.noticed(message);
    if (message.type === "review" && message.version > this.decisions.version) this.#refetch();
  }

  async #refetch() {
    try {
      this.decisions.accept(await call("GET", `${this.api}/review`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // No answer: the socket tells when the server is back. Signed out: the next decision will say so.
      if (error.status !== 0 && error.status !== 401) notice(error.message, "error");
    }
  }
}

// Whether the place of an element that may have no height yet is on the screen.
function isWithin(element) {
  const { top } = element.getBoundingClientRect();
  return top > 0 && top < window.innerHeight;
}

// Whether some of an element is on the screen, between the bars at its edges.
function isSeen(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > EDGE && top < window.innerHeight - EDGE;
}
