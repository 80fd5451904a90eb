// Comments on the review page: writing, answering, editing, deleting, resolving, and going from one to the next. The
// server renders the threads; this sends what people do and fetches them anew.

import { ApiError, call, getText } from "../api.js";
import { announce, notice, say } from "../notices.js";
import { Composer } from "./composer.js";
import { Drafts } from "./drafts.js";
import { showPane } from "./focus.js";
import { need } from "./pieces.js";
import { LinePlus, lineWords, sideOf } from "./plus.js";
import { reveal } from "./reveal.js";
import { cellOf, openUp, Threads } from "./threads.js";

export class Comments {
  #fetched = Promise.resolve();

  constructor(root, focus) {
    Object.assign(this, { root, focus, id: root.dataset.apply });
    this.api = `/api/applies/${this.id}`;
    this.threads = new Threads(root, () => this.composer.restore());
    this.composer = new Composer(root.querySelector("#composer"), new Drafts(() => sessionStorage, this.id));
    this.plus = new LinePlus(root, focus, (cell) => this.#onLine(cell));
    root.addEventListener("click", (event) => this.#clicked(event));
    this.#follow();
  }

  get actions() {
    return { comment: (button) => this.#comment(button), "next-comment": () => this.#next() };
  }

  close() {
    this.threads.close();
  }

  // Closes the box, its draft kept. False where none was open.
  leave() {
    return this.composer.close();
  }

  // What came over the review's socket.
  noticed(message) {
    if (message.type === "comments" && message.version > this.threads.version) this.refresh();
  }

  // Resolves when what the server has now is on the page, or has failed to come.
  refresh() {
    this.#fetched = this.#fetched.then(() => this.#fetch());
    return this.#fetched;
  }

  async #fetch() {
    try {
      const html = await getText(`/applies/${this.id}/threads?after=${this.threads.version}`);
      if (html) this.#tell(this.threads.take(html));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // No answer: the socket tells when the server is back. Signed out: the next thing that is sent will say so.
      if (error.status !== 0 && error.status !== 401) notice(error.message, "error");
    }
  }

  #tell(comments) {
    const writers = new Set(comments.map((comment) => comment.querySelector(".by b").textContent));
    if (!comments.length) return;
    const where = comments.length === 1 ? ` ${comments[0].closest(".thread").dataset.where}` : "";
    announce(`${[...writers].join(" and ")} commented${where}.`);
  }

  // `c`: an answer where a thread has the focus; a comment on the line where lines are chosen; else on the hunk.
  #comment(button) {
    const thread = button ? null : document.activeElement?.closest(".thread");
    const hunk = button?.closest(".hunk") ?? this.focus.current;
    const chosen = button ? [] : this.root.querySelectorAll(".row.picked .l[data-n]");
    if (thread) this.#reply(thread);
    else if (chosen.length) this.#onLine([...chosen].at(-1));
    else if (hunk) this.#onHunk(hunk);
    else say("There is no hunk to comment on.");
  }

  // A part of a hunk has no name that lasts, so a comment on it is kept with its last line.
  async #onHunk(hunk) {
    const { hunk: name, of: key, number } = hunk.dataset;
    await need(hunk);
    const last = name === key ? null : [...hunk.querySelectorAll(".l[data-n]")].at(-1);
    showPane("pane-diff");
    this.focus.mark(this.focus.hunks.indexOf(hunk));
    if (last) {
      this.#onLine(last);
      return;
    }
    this.composer.open({
      target: `hunk:${key}`,
      heading: `Comment on hunk ${number}`,
      verb: "Comment",
      text: "",
      put: (form) => {
        form.classList.add(hunk.querySelector(".l.add") ? "is-new" : "is-old");
        this.threads.endOf(key)?.append(form);
      },
      send: (text) => call("POST", `${this.api}/threads`, { hunk: key, text }),
      sent: ({ id }) => this.#sent(id, "Comment sent."),
      back: () => this.focus.current?.focus({ preventScroll: true }),
    });
  }

  #onLine(cell) {
    const side = sideOf(cell) === "o" ? "old" : "new";
    const line = Number(cell.dataset.n);
    this.composer.open({
      target: `${side}:${line}`,
      heading: `Comment on ${lineWords(cell)}`,
      verb: "Comment",
      text: "",
      put: (form) => {
        const row = this.root.querySelector(cellOf(side, line))?.closest(".row");
        form.classList.add(`is-${side}`);
        if (row) this.threads.putBelow(row, form);
      },
      send: (text) => call("POST", `${this.api}/threads`, { side, line, text }),
      sent: ({ id }) => this.#sent(id, "Comment sent."),
      back: () => (this.plus.button.isConnected ? this.plus.button : this.focus.current)?.focus({ preventScroll: true }),
    });
  }

  #reply(thread) {
    openUp(thread);
    this.composer.open({
      target: `reply:${thread.dataset.thread}`,
      heading: "Your answer",
      verb: "Reply",
      text: "",
      put: (form) => thread.append(form),
      send: (text) => call("POST", `${this.api}/threads/${thread.dataset.thread}/comments`, { text }),
      sent: () => this.#sent(thread.dataset.thread, "Answer sent."),
      back: () => thread.focus({ preventScroll: true }),
    });
  }

  #edit(comment) {
    const thread = comment.closest(".thread");
    this.composer.open({
      target: `edit:${comment.dataset.comment}`,
      heading: "Edit your comment",
      verb: "Save",
      text: comment.dataset.text,
      put: (form) => comment.append(form),
      send: (text) => call("PUT", `${this.api}/comments/${comment.dataset.comment}`, { text }),
      sent: () => this.#sent(thread.dataset.thread, "Saved."),
      back: () => thread.focus({ preventScroll: true }),
    });
  }

  async #sent(id, words) {
    await this.refresh();
    this.threads.byId(id)?.focus({ preventScroll: true });
    announce(words);
  }

  #clicked(event) {
    const button = event.target.closest("[data-talk]");
    const thread = button?.closest(".thread");
    const comment = button?.closest(".comment");
    const acts = {
      fold: () => openUp(thread, !thread.classList.contains("is-open")),
      first: () => this.#goToFirst(button.closest(".hunk")),
      reply: () => this.#reply(thread),
      edit: () => this.#edit(comment),
      delete: () => this.#delete(thread, comment),
      resolve: () => this.#resolve(thread, true),
      reopen: () => this.#resolve(thread, false),
    };
    if (button) acts[button.dataset.talk]?.();
  }

  async #delete(thread, { dataset: { comment, text } }) {
    const path = `${this.api}/comments/${comment}`;
    const pressed = document.activeElement;
    const done = await this.#change(() => call("DELETE", path));
    if (done) this.#offerUndo("Comment deleted.", { thread, pressed }, "The comment is back.", () => call("PUT", path, { text }));
  }

  async #resolve(thread, resolved) {
    const path = `${this.api}/threads/${thread.dataset.thread}/resolved`;
    const pressed = document.activeElement;
    const done = await this.#change(() => call("PUT", path, { resolved }));
    if (!done || thread.classList.contains("is-resolved") !== resolved) return; // or it was changed back meanwhile
    if (resolved) this.#offerUndo(`Resolved ${thread.dataset.where}.`, { thread, pressed }, "Open again.", () => call("PUT", path, { resolved: false }));
    else announce("Open again.");
  }

  // true where the server has done it
  async #change(send) {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
      return false;
    }
    await this.refresh();
    return true;
  }

  // A notice with the way back in it. What was pressed is gone, so the focus goes there, unless somebody took it
  // elsewhere while the server was answering.
  #offerUndo(words, { thread, pressed }, after, send) {
    const id = thread.dataset.thread;
    const box = notice(words);
    const back = () => (this.threads.byId(id) ?? this.focus.current)?.focus({ preventScroll: true });
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn";
    undo.textContent = "Undo";
    undo.addEventListener("click", async () => {
      if (!(await this.#change(send))) return;
      box.remove();
      back();
      announce(after);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      box.remove();
      back();
    });
    box.querySelector("p").after(undo);
    if ([document.body, thread, pressed].includes(document.activeElement)) undo.focus({ preventScroll: true });
  }

  // `C`: the open comment after the one that has the focus, else the first in or after the hunk in focus.
  #next() {
    const { open } = this.threads;
    if (!open.length) {
      say("No comment is open.");
      return;
    }
    const here = document.activeElement?.closest(".thread");
    const from = here ? Number(here.dataset.at) : 2 * Number.parseInt(this.focus.current?.dataset.number ?? 0, 10);
    const at = open.includes(here) ? open.indexOf(here) + 1 : open.findIndex(({ dataset }) => Number(dataset.at) >= from);
    const next = at < 0 ? 0 : at % open.length;
    this.#goTo(open[next], `Open comment ${next + 1} of ${open.length}, ${open[next].dataset.where}.`);
  }

  #goToFirst(hunk) {
    const inside = this.threads.open.filter((thread) => hunk.contains(thread));
    const thread = inside[0] ?? this.threads.open.find(({ dataset }) => dataset.in === hunk.dataset.of);
    if (thread) this.#goTo(thread);
  }

  async #goTo(thread, words = "") {
    showPane("pane-diff");
    if (!this.threads.isPlaced(thread)) await this.#bring(thread.dataset);
    openUp(thread);
    const hunk = thread.closest(".hunk");
    if (hunk) this.focus.mark(this.focus.hunks.indexOf(hunk));
    thread.scrollIntoView({ block: "center" });
    thread.focus({ preventScroll: true });
    if (words) announce(words);
  }

  // Has the rows come that a thread stands below: those that wait, or that a fold hides.
  async #bring({ in: key, whole, side, row }) {
    if (key && (whole === "yes" || !row)) await need(this.threads.partsOf(key).at(-1));
    else await reveal(this.root, this.id, side === "old" ? "o" : "n", Number(row));
    this.threads.place();
  }

  // The comment or thread that the address names.
  #follow() {
    const named = /^#(comment|thread)-\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    const thread = named && named.closest(".thread");
    if (thread) this.#goTo(thread);
  }
}
