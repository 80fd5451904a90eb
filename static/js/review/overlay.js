// Other people's reviews laid over one's own: what each decided stands on every hunk, where they differ is marked and gone
// through, and what another decided can be taken over. The server says what differs and draws it; this fetches it anew when
// anybody has decided, and puts it in its places.

import { ApiError, getText } from "../api.js";
import { announce, notice, say } from "../notices.js";
import { choice, choose } from "../settings.js";
import { drawHints } from "../shortcuts.js";

const PAUSE = 250; // milliseconds between two fetches, however many people decide

export class Overlay {
  #strips = new Map(); // hunk -> what the others decided on it
  #version; // of one's own review, when it was fetched
  #waiting = 0;
  #busy = false;
  #again = false;
  #asked = false; // for this apply: then it is told that nobody else reviews it

  constructor(root, decisions, focus) {
    Object.assign(this, { root, decisions, focus, id: root.dataset.apply });
    this.holder = root.querySelector("#laid");
    this.box = root.querySelector("[data-overlay]");
    this.box.addEventListener("change", () => this.#set(this.box.checked));
    root.addEventListener("click", (event) => this.#clicked(event));
    decisions.addEventListener("change", () => {
      if (this.#isOn && decisions.version !== this.#version) this.#soon();
    });
    decisions.addEventListener("refused", () => { if (this.#isOn) this.#soon(); });
    this.box.checked = choice("others") === "on";
    if (this.#isOn) this.#soon(0);
  }

  get actions() {
    return {
      overlay: () => this.#set(!this.#isOn),
      "next-difference": () => this.#next(),
      "take-over": () => this.#takeHere(),
    };
  }

  close() {
    clearTimeout(this.#waiting);
    this.#waiting = 0;
  }

  noticed(message) {
    if (message.type === "reviews" && this.#isOn) this.#soon();
  }

  // What changed while nothing was heard.
  refresh() {
    if (this.#isOn) this.#soon();
  }

  // Brings each hunk's strip to it, as far as the hunk is on the page.
  place() {
    for (const [hunk, strip] of this.#strips) {
      const bar = this.root.querySelector(`.hunk[data-of="${hunk}"] > .hbar`);
      if (bar && bar.nextElementSibling !== strip) bar.after(strip);
    }
    this.#mark();
  }

  get #isOn() {
    return this.box.checked;
  }

  async #set(on) {
    this.box.checked = on;
    this.#asked = on;
    choose("others", on ? "on" : "off");
    if (!on) {
      this.close();
      this.#take("");
      announce("The others’ reviews are taken off.");
    } else {
      await this.#fetch();
      announce(this.holder.querySelector("ul")?.innerText.replaceAll("\n", " ") ?? "Nobody else reviews this yet.");
    }
  }

  // Lays them over this apply alone, on the way to a difference. False where nobody else reviews it.
  async #lay() {
    this.box.checked = true;
    await this.#fetch();
    if (this.holder.firstElementChild) return true;
    this.box.checked = false;
    say("Nobody else has decided anything yet.");
    return false;
  }

  #soon(pause = PAUSE) {
    if (this.#waiting) return;
    this.#waiting = setTimeout(() => {
      this.#waiting = 0;
      this.#fetch();
    }, pause);
  }

  // One at a time: what changes meanwhile is fetched after it.
  async #fetch() {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    const { version } = this.decisions;
    try {
      const html = await getText(`/applies/${this.id}/standpoints`);
      this.#version = version;
      if (this.#isOn) this.#take(html);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // No answer: the socket tells when the server is back. Signed out: the next decision will say so.
      if (error.status !== 0 && error.status !== 401) notice(error.message, "error");
    }
    this.#busy = false;
    if (this.#again) {
      this.#again = false;
      this.#soon();
    }
  }

  #take(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const banner = fresh.querySelector(".banner.laid");
    exchange(this.holder, this.#asked || banner?.querySelector("ul") ? banner : null);
    const strips = new Map([...fresh.querySelectorAll(".standpoints")].map((strip) => [strip.dataset.for, strip]));
    for (const [hunk, old] of this.#strips) {
      const strip = strips.get(hunk);
      if (strip && drawing(strip) === old.drawing) strips.set(hunk, old); // what somebody may be at stays
      else {
        const held = old.contains(document.activeElement) ? document.activeElement : null;
        if (strip) old.replaceWith(strip);
        else old.remove();
        if (held) again(held, strip, this.focus.current);
      }
    }
    this.#strips = strips;
    for (const strip of strips.values()) strip.drawing ??= drawing(strip);
    drawHints(this.holder);
    this.place();
  }

  // Outline and minimap: the hunks on which somebody differs.
  #mark() {
    for (const link of this.root.querySelectorAll(".outline a[data-hunk], .map a")) {
      const names = this.#differs(link.dataset.hunk.split(".")[0]);
      link.toggleAttribute("data-differs", Boolean(names)); // no class: those are the decision's
      if (link.closest(".map")) continue;
      const sign = link.querySelector(".differs");
      if (sign?.dataset.names === names) continue;
      sign?.remove();
      if (names) link.querySelector(".cnt").before(differsSign(names));
    }
  }

  #differs(hunk) {
    return this.#strips.get(hunk)?.dataset.differs ?? "";
  }

  async #next() {
    if (!this.#isOn && !(await this.#lay())) return;
    const differs = (hunk) => this.#differs(hunk.dataset.of) && this.#strips.get(hunk.dataset.of).parentElement === hunk;
    const waits = (hunk) => this.#differs(hunk.dataset.of) && hunk.matches(".waits");
    if (!this.focus.nextWhere((hunk) => differs(hunk) || waits(hunk))) {
      say(this.#strips.size ? "Nobody decided a hunk otherwise than you." : "Nobody else has decided anything yet.");
      return;
    }
    const { number, of } = this.focus.current.dataset;
    announce(`Hunk ${number}: ${this.#differs(of)} decided otherwise. You: ${this.decisions.ofHunk(of)}.`);
  }

  // What stands on the hunk in focus; where several people could be meant, their buttons are gone to.
  async #takeHere() {
    if (!this.#isOn) {
      await this.#lay();
      return;
    }
    const buttons = [...(this.#strips.get(this.focus.current?.dataset.of)?.querySelectorAll("[data-point=take]") ?? [])];
    if (!buttons.length) say("Nobody decided this hunk otherwise than you.");
    else if (buttons.length === 1) this.#takeOver(buttons[0]);
    else {
      buttons[0].focus();
      announce(`${buttons.length} people decided this hunk. Choose whose decision to take over.`);
    }
  }

  #clicked(event) {
    const button = event.target.closest("[data-point]");
    if (button?.dataset.point === "show") this.#show(button);
    else if (button) this.#takeOver(button);
  }

  async #takeOver(button) {
    const { person, version, name } = button.closest("[data-person]").dataset;
    const hunk = button.closest(".standpoints")?.dataset.for ?? "";
    const seen = hunk ? { seen: this.decisions.ofHunk(hunk) } : {};
    const step = { kind: "adopt", id: hunk, person: Number(person), theirs: Number(version), ...seen };
    if (await this.decisions.shape(step)) say(`${hunk ? "Taken over" : "All taken over"} from ${name}. One undo takes it back.`);
  }

  async #show(button) {
    const strip = button.closest(".standpoints");
    const { person, name } = button.closest(".point").dataset;
    const shown = strip.querySelector(".pointrows");
    const isThis = shown?.dataset.person === person;
    for (const each of strip.querySelectorAll("[aria-expanded=true]")) each.setAttribute("aria-expanded", "false");
    shown?.remove();
    if (isThis) return;
    try {
      const html = await getText(`/applies/${this.id}/hunks/${strip.dataset.for}/standpoints/${person}`);
      const rows = document.createElement("div");
      rows.className = "pointrows";
      rows.dataset.person = person;
      rows.setAttribute("role", "group");
      rows.setAttribute("aria-label", `This hunk as ${name} has it`);
      rows.innerHTML = html;
      strip.append(rows);
      button.setAttribute("aria-expanded", "true");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
    }
  }
}

// What the server drew; rows that were shown since do not count.
function drawing(strip) {
  return strip.querySelector("ul").outerHTML;
}

function exchange(holder, fresh) {
  const old = holder.firstElementChild;
  if (!fresh) holder.replaceChildren();
  else if (!old || old.drawing !== fresh.outerHTML) {
    const held = holder.contains(document.activeElement) ? document.activeElement : null;
    fresh.drawing = fresh.outerHTML;
    holder.replaceChildren(fresh);
    if (held) again(held, holder, null);
  }
}

// The button that had the focus is gone: the same one of what took its place, else the hunk.
function again(held, place, hunk) {
  const person = held.closest("[data-person]")?.dataset.person;
  const same = place?.querySelector(`[data-person="${person}"] [data-point="${held.dataset.point}"]`) ?? place?.querySelector("button");
  (same ?? hunk)?.focus({ preventScroll: true });
}

function differsSign(names) {
  const sign = document.createElement("span");
  sign.className = "differs";
  sign.dataset.names = names;
  sign.title = `${names} decided otherwise`;
  sign.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-differs"/></svg>';
  sign.append(Object.assign(document.createElement("span"), { className: "vh", textContent: sign.title }));
  return sign;
}
