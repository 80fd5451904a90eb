// The live view: draws a file while it is being written. Each frame costs the same, however fast the engine is: settled
// hunks are appended and never touched again, and of the lines still open only the last some hundred are on the page.

import { getText } from "../api.js";
import { announce } from "../notices.js";
import { tellGone } from "../gone.js";
import { EventStream } from "./events.js";
import { LiveDesk } from "./live_desk.js";
import { LiveFile, splitLines } from "./live_file.js";
import { row, settledHunk, title } from "./live_rows.js";
import { tellPlace } from "./queue.js";

const TAIL = 200; // open lines on the page
const AHEAD = 12; // original lines shown below them
const HUNKS = 200; // settled hunks on the page; further ones are counted
const HUNKS_A_FRAME = 40;
const NEAR = 10; // settled hunks that are always laid out; the browser skips earlier ones while they are off the screen

export class LiveView {
  #undrawn = [];
  #began;
  #rate = { at: 0, lines: 0 };
  #follow = true;
  #before = null; // what was said before the connection was lost
  #waiting = new AbortController();

  // ended(event, reading) is called when the apply has ended, however it did; `reading` where the reader has left the end
  // of the stream.
  constructor(root, ended) {
    this.root = root;
    this.ended = ended;
    this.live = root.querySelector("#live");
    this.desk = new LiveDesk(root);
    this.part = (name) => root.querySelector(`#${name}`);
    this.#began = performance.now() - Number(this.live.dataset.elapsed || 0);
  }

  async start() {
    this.file = new LiveFile(splitLines(await getText(this.live.dataset.original)));
    const digits = String(this.file.original.length).length;
    if (digits > 5) this.live.classList.add(`n${digits}`); // as the finished diff: room for the line numbers
    this.part("m-total").textContent = this.file.original.length.toLocaleString("en");
    this.#drawTail();
    this.stream = new EventStream(this.live.dataset.events, {
      draw: (events) => this.#draw(events),
      ended: (event) => {
        this.stop();
        this.ended(event, !this.#follow);
      },
      state: (state) => this.#showConnection(state),
    });
    this.clock = setInterval(() => this.#drawTime(), 100);
    this.#connectFollowing();
    if (this.root.dataset.status === "queued") tellPlace(this.desk.api, this.#waiting.signal, (words) => this.#say(words));
  }

  stop() {
    this.#waiting.abort();
    clearInterval(this.clock);
    this.desk.close();
    this.leave.abort();
    this.stream.close();
  }

  #draw(events) {
    if (!this.#follow) this.#keepHeight();
    for (const event of events) {
      if (event.type === "started") this.#begin(event);
      else if (event.type === "delta") this.file.write(event.text, event.position);
      else if (event.type === "hunk") this.#undrawn.push(this.file.settle(event));
    }
    this.#drawSettled();
    this.#drawTail();
    this.#drawMeters();
    if (this.#follow) this.#scrollToEnd();
  }

  // Another start than the first: what was drawn is void, and the note says why.
  #begin(event) {
    const restarted = this.file.length > 0 || this.file.hunks.length > 0;
    this.file.reset();
    this.desk.reset();
    this.#undrawn = [];
    this.#rate = { at: performance.now(), lines: 0 };
    this.part("live-settled").replaceChildren();
    this.part("live-tail").replaceChildren();
    this.part("settled").replaceChildren();
    this.part("settled-none").hidden = false;
    this.#waiting.abort();
    this.#say("Writing");
    const words = event.note?.message ?? (restarted ? "The server began this apply anew." : "");
    if (words) this.#note(words);
  }

  // How far it is; while the connection is lost, that is said instead.
  #say(words) {
    if (this.#before !== null) this.#before = words;
    else this.part("phase").querySelector("b").textContent = words;
  }

  #note(words) {
    const banner = document.createElement("section");
    banner.className = "banner";
    banner.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-info"/></svg>';
    const text = document.createElement("p");
    text.textContent = words;
    banner.append(text);
    this.part("live-note").replaceChildren(banner);
  }

  #drawSettled() {
    const place = this.part("live-settled");
    const list = this.part("settled");
    const batch = this.#undrawn.splice(0, HUNKS_A_FRAME).filter((hunk) => hunk.number <= HUNKS);
    for (const hunk of batch) {
      place.append(settledHunk(hunk, this.file.lines));
      place.children[place.children.length - NEAR - 1]?.classList.add("far");
      list.append(outlineItem(hunk));
    }
    if (batch.length) this.desk.drawn(batch);
    this.part("settled-none").hidden = this.file.hunks.length > 0;
    if (this.#undrawn.length) requestAnimationFrame(() => this.#drawSettled());
  }

  #drawTail() {
    const place = this.part("live-tail");
    const rows = this.file.tail(TAIL);
    const first = rows[0]?.index ?? this.file.length;
    if (this.tailBegan !== this.file.newSettled) {
      place.replaceChildren(); // what settled moves the lines after it against the original
      this.tailBegan = this.file.newSettled;
    }
    for (const element of [...place.children]) {
      if (Number(element.dataset.index) >= first) break;
      element.remove();
    }
    const kept = place.children.length;
    const last = place.lastElementChild;
    if (last && rows[kept - 1]?.text !== last.dataset.text) last.replaceWith(tailRow(rows[kept - 1]));
    place.append(...rows.slice(kept).map(tailRow));
    this.#drawCaret(place);
    const hidden = first - this.file.newSettled;
    this.part("live-above").hidden = hidden <= 0;
    this.part("live-above").textContent = `${hidden.toLocaleString("en")} lines above these are written and not settled yet`;
    const ahead = this.file.ahead(AHEAD).map(({ index, text }) => row(index, text, null, ""));
    this.part("live-ahead").replaceChildren(...ahead);
  }

  #drawCaret(place) {
    this.caret ??= Object.assign(document.createElement("span"), { className: "caret" });
    const code = place.lastElementChild?.querySelector(".n code");
    if (code) code.append(this.caret);
    else this.caret.remove();
  }

  #drawMeters() {
    const total = this.file.original.length;
    const percent = total ? Math.min(100, Math.round((100 * this.file.position) / total)) : 0;
    this.part("m-position").textContent = this.file.position.toLocaleString("en");
    this.part("m-percent").textContent = total ? `${percent} %` : "";
    this.part("m-bar").value = percent;
    this.part("m-settled").textContent = this.file.hunks.length.toLocaleString("en");
  }

  #drawTime() {
    const now = performance.now();
    this.part("m-time").textContent = ((now - this.#began) / 1000).toFixed(1);
    if (now - this.#rate.at < 500) return;
    const lines = this.file.length;
    const speed = ((lines - this.#rate.lines) * 1000) / (now - this.#rate.at);
    this.part("m-speed").textContent = Math.round(speed).toLocaleString("en");
    this.#rate = { at: now, lines };
  }

  #showConnection(state) {
    const phase = this.part("phase")?.querySelector("b");
    if (state === "gone") tellGone();
    if (!phase) return;
    if (state === "lost") {
      this.#before ??= phase.textContent;
      phase.textContent = "Connection lost, trying again";
      announce("Connection lost, trying again.");
    } else if (state === "open") {
      if (this.#before !== null) phase.textContent = this.#before;
      this.#before = null;
    } else {
      phase.textContent = "Not allowed: sign in again";
    }
  }

  // The page follows the writing until the reader scrolls up, and again when the reader comes back to the end.
  #connectFollowing() {
    this.leave = new AbortController();
    const { signal } = this.leave;
    const follow = this.part("follow");
    const away = () => {
      this.#follow = false;
      follow.hidden = false;
    };
    window.addEventListener("wheel", (event) => event.deltaY < 0 && away(), { passive: true, signal });
    window.addEventListener("touchmove", away, { passive: true, signal });
    window.addEventListener("keydown", (event) => ["PageUp", "ArrowUp", "Home"].includes(event.key) && away(), { signal });
    window.addEventListener("pointerdown", (event) => event.clientX >= document.documentElement.clientWidth && away(), { signal });
    follow.addEventListener("click", () => {
      this.#follow = true;
      follow.hidden = true;
      this.#scrollToEnd();
    });
  }

  // What settles takes less room. Where somebody reads, the page must not become too short to stay there.
  #keepHeight() {
    const end = window.innerHeight - this.live.getBoundingClientRect().top;
    this.live.style.minBlockSize = `${Math.ceil(end)}px`;
  }

  #scrollToEnd() {
    const end = this.part("live-tail").lastElementChild ?? this.part("live-settled").lastElementChild;
    if (!end) return;
    const bottom = window.innerHeight - document.querySelector(".foot").offsetHeight - 40;
    const over = end.getBoundingClientRect().bottom - bottom;
    if (over > 0) window.scrollBy(0, over);
  }
}

function tailRow({ index, text, old }) {
  const element = row(old, text, index, text);
  element.classList.toggle("same", old !== null);
  element.dataset.index = index;
  element.dataset.text = text;
  return element;
}

function outlineItem(hunk) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#s-${hunk.number}`;
  link.innerHTML = '<svg class="st pending" aria-hidden="true"><use href="#s-pending"/></svg><span class="name"></span>';
  link.querySelector(".name").textContent = title(hunk);
  item.append(link);
  return item;
}
