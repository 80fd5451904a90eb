// Who else looks at this apply now, and at which hunk: initials in the top bar, a list in its menu, marks on hunks, outline
// and minimap. And sharing. Must not know: what anybody decided.

import { ApiError, call } from "../api.js";
import { writeClipboard } from "../clipboard.js";
import { announce, notice, say } from "../notices.js";

const SHOWN = 4; // initials in the top bar
const AT_A_HUNK = 3;
const PAUSE = 300; // milliseconds between two words about where the reader is
const SETTLED = 3000; // who came and went within that, as by a reload, is not announced

let announced = new Map(); // id -> name; the page is drawn anew when a stream ends, and nobody came or went by that

export class People {
  #people = [];
  #more = 0;
  #hunk = "";
  #told = null; // where the server knows the reader to be; null until it can be told
  #moving = 0;
  #announcing = 0;
  #drawn = new Map(); // hunk -> the people that are shown at it

  // send(message) goes to the review's socket; goTo(hunk id) shows a hunk.
  constructor(root, send, goTo) {
    Object.assign(this, { root, send, goTo, button: root.querySelector("#people"), menu: root.querySelector("#people-menu") });
    this.menu.addEventListener("click", (event) => this.#clicked(event));
    this.menu.querySelector("[data-shared]")?.addEventListener("change", ({ target }) => this.#share(target));
  }

  close() {
    clearTimeout(this.#moving);
    clearTimeout(this.#announcing);
  }

  // The socket is open, for the first time or again: who is there comes anew.
  opened() {
    this.#told = ""; // as a new socket is taken
    this.#take([], 0);
    this.#tell();
  }

  noticed(message) {
    if (message.type === "people") this.#take(message.people, message.more);
  }

  // The reader is at this hunk.
  at(hunk) {
    this.#hunk = hunk;
    if (!this.#moving) this.#tell();
  }

  // Hunks came or were drawn again.
  repaint() {
    this.#drawn.clear();
    this.#paintPlaces();
  }

  #tell() {
    this.#moving = 0;
    if (this.#told === null || this.#told === this.#hunk) return;
    this.#told = this.#hunk;
    this.send({ type: "here", hunk: this.#hunk });
    this.#moving = setTimeout(() => this.#tell(), PAUSE);
  }

  #take(people, more) {
    this.#people = people;
    this.#more = more;
    this.#paintBar();
    this.#paintList();
    this.#paintPlaces();
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => this.#announce(), SETTLED);
  }

  #announce() {
    const now = new Map(this.#people.map(({ id, name }) => [id, name]));
    const came = [...now].filter(([id]) => !announced.has(id)).map(([, name]) => name);
    const went = [...announced].filter(([id]) => !now.has(id)).map(([, name]) => name);
    announced = now;
    const words = [came.length ? `${here(came)}.` : "", went.length ? `${listed(went)} left.` : ""].filter(Boolean);
    if (words.length) announce(words.join(" "));
  }

  get #count() {
    return this.#people.length + this.#more;
  }

  #paintBar() {
    const shown = this.#people.slice(0, SHOWN).map(avatar);
    const rest = this.#count - shown.length;
    const words = this.#count ? here(this.#people.map(({ name }) => name), this.#more) : "";
    if (rest > 0) shown.push(mark("rest", `+${rest}`, listed(this.#people.slice(SHOWN).map(({ name }) => name), this.#more)));
    this.button.querySelector(".avs").replaceChildren(...shown);
    this.button.querySelector(".howmany").textContent = this.#count || "";
    this.button.classList.toggle("is-with", this.#count > 0);
    this.button.querySelector("[data-people]").textContent = words ? `People: ${words}` : "People";
    this.button.title = words || "Who else looks at this, and their reviews";
  }

  #paintList() {
    const list = this.menu.querySelector(".herelist");
    const held = document.activeElement?.dataset?.here;
    list.replaceChildren(...this.#people.map((person) => this.#item(person)));
    if (this.#more) list.append(Object.assign(document.createElement("li"), { className: "q2", textContent: `and ${this.#more} more` }));
    list.hidden = !this.#count;
    this.menu.querySelector(".alone").hidden = this.#count > 0;
    if (held) (list.querySelector(`[data-here="${held}"]`) ?? this.button).focus();
  }

  #item(person) {
    const item = document.createElement("li");
    const number = this.#sectionOf(person.hunk)?.dataset.number.split(".")[0];
    const holder = document.createElement(number ? "button" : "span");
    if (number) Object.assign(holder, { type: "button" }).dataset.at = person.hunk;
    holder.dataset.here = person.id;
    const name = document.createElement("bdi");
    name.textContent = person.name;
    holder.append(avatar(person), name);
    if (number) holder.append(Object.assign(document.createElement("span"), { className: "q2", textContent: `at hunk ${number}` }));
    item.append(holder);
    return item;
  }

  #sectionOf(hunk) {
    return hunk ? this.root.querySelector(`.hunk[data-of="${hunk}"], .hunk[data-hunk="${hunk}"]`) : null;
  }

  #paintPlaces() {
    const now = new Map();
    for (const person of this.#people) if (person.hunk) now.set(person.hunk, [...(now.get(person.hunk) ?? []), person]);
    for (const hunk of new Set([...this.#drawn.keys(), ...now.keys()])) {
      const there = now.get(hunk) ?? [];
      const key = there.map(({ id }) => id).join(" ");
      if (this.#drawn.get(hunk) !== key) this.#paintAt(hunk, there);
      if (there.length) this.#drawn.set(hunk, key);
      else this.#drawn.delete(hunk);
    }
  }

  #paintAt(hunk, there) {
    const title = this.#sectionOf(hunk)?.querySelector(":scope > .hbar > h3");
    const name = this.root.querySelector(`.outline a[data-hunk="${hunk}"] > .name`);
    for (const place of [title, name]) {
      if (!place) continue;
      if (place.nextElementSibling?.matches(".heres")) place.nextElementSibling.remove();
      if (there.length) place.after(group(there));
    }
    for (const link of this.root.querySelectorAll(`.map a[data-hunk^="${hunk}"]`)) {
      if (link.dataset.hunk.split(".")[0] === hunk) link.toggleAttribute("data-people", there.length > 0);
    }
  }

  #clicked(event) {
    const person = event.target.closest("[data-at]");
    if (person) {
      this.menu.hidePopover();
      this.goTo(person.dataset.at);
    } else if (event.target.closest("[data-invite]")) this.#invite();
    else if (event.target.closest("[data-act]")) this.menu.hidePopover();
  }

  async #share(box) {
    try {
      const { shared } = await call("PUT", `/api/applies/${this.root.dataset.apply}/shared`, { shared: box.checked });
      say(shared ? "Shared: whoever signs in here and has the link may review it." : "No longer shared: it is yours alone.");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      box.checked = !box.checked;
      notice(error.message, "error");
    }
  }

  async #invite() {
    const box = this.menu.querySelector("[data-shared]");
    const url = new URL(`/applies/${this.root.dataset.apply}/`, location.href).href;
    const only = box && !box.checked ? " It opens for you alone until you share it." : "";
    if (await writeClipboard(url)) say(`Link copied.${only}`);
    else notice(`The browser does not allow copying here. The link is ${url}`, "error");
  }
}

function avatar({ initials, name }) {
  return mark("av", initials, name);
}

function mark(className, text, title) {
  return Object.assign(document.createElement("span"), { className, textContent: text, title });
}

// Who is at a hunk, as a mark that is read out as a sentence.
function group(people) {
  const box = document.createElement("span");
  box.className = "heres";
  box.title = here(people.map(({ name }) => name));
  const signs = people.slice(0, AT_A_HUNK).map(({ initials }) => mark("av", initials, ""));
  if (people.length > AT_A_HUNK) signs.push(mark("rest", `+${people.length - AT_A_HUNK}`, ""));
  for (const sign of signs) sign.setAttribute("aria-hidden", "true");
  box.append(...signs, Object.assign(document.createElement("span"), { className: "vh", textContent: ` ${box.title}. ` }));
  return box;
}

function here(names, more = 0) {
  return `${listed(names, more)} ${names.length + more === 1 ? "is" : "are"} here`;
}

// "Ada", "Ada and Bo", "Ada, Bo and 3 more".
export function listed(names, more = 0) {
  const all = more ? [...names, `${more} more`] : names;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
