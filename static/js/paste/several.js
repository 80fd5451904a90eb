// The file pane where there are several files: which of them the answer is for, what it makes, and what must be told
// before it begins. The server finds that out and draws it.

import { ApiError, call, postForText } from "../api.js";
import { byteLength, decodeFile, sizeWords } from "./facts.js";
import { dropped, FileSet, filesOf, picked } from "./files.js";
import { forget, gather, keep, kept, MOST } from "./kept.js";

const PAUSE = 250; // milliseconds after the last change

export class Several extends EventTarget {
  #files = new FileSet();
  #answers = new Map(); // first chat line of a piece -> path
  #timer = 0;
  #asked = 0;
  #saving = 0;
  #unkept = 0; // files that a reload would lose

  // one: the pane of a single file; chat() gives the exact answer.
  constructor(root, one, chat, limit) {
    super();
    Object.assign(this, { root, one, chat, limit });
    this.most = Number(root.dataset.files);
    this.plan = root.querySelector("#plan");
    this.trouble = root.querySelector("#several-error");
    this.#connect();
  }

  get active() {
    return !this.root.hidden;
  }

  get applies() {
    return Number(this.plan.querySelector(".plan")?.dataset.applies ?? 0);
  }

  // Takes files besides those that are there; what the single pane holds becomes one of them where it has a path.
  add(entries, path = "") {
    const own = !this.active && this.one.exact && path ? [[path, this.one.exact]] : [];
    const words = this.#files.add([...own, ...entries]);
    this.#show(true);
    this.#tell(words);
    this.replan();
  }

  // A drop: true where it is for this pane.
  drop(transfer, path) {
    const entries = dropped(transfer);
    const files = [...(transfer?.files ?? [])];
    if (entries) filesOf(entries).then((found) => this.add(found, path));
    else if (files.length > 1 || (files.length && this.active)) this.add(picked(files), path);
    else return false;
    return true;
  }

  pick(folder = false) {
    this.root.querySelector(folder ? "#pick-folder" : "#pick-files").click();
  }

  replan(pause = PAUSE) {
    if (!this.active) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), pause);
  }

  // The answer changed: its lines are others, and what was told about them is void.
  chatChanged() {
    this.#answers.clear();
    this.replan();
  }

  // What was here before the page was loaded anew.
  restore() {
    const { files, answers } = kept() ?? { files: [] };
    if (!files.length) return;
    this.#files.add(files);
    this.#answers = new Map(answers);
    this.#show(true);
    this.replan(0);
  }

  // After a success: the next visit begins empty.
  dropDraft() {
    this.#saving += 1;
    forget();
  }

  // Starts it. Resolves to the changeset; errors: ApiError.
  async send(engine) {
    clearTimeout(this.#timer);
    await this.#ask();
    const open = this.plan.querySelector("[data-ask]");
    if (open) {
      open.focus();
      throw new ApiError("Say first which file each piece of code is for.", { code: "ambiguous", field: "answers" });
    }
    const originals = await this.#originals();
    return call("POST", "/api/changesets", { originals, chat: this.chat(), engine, answers: Object.fromEntries(this.#answers) });
  }

  fail(words) {
    this.#tell(words);
  }

  async #originals() {
    const found = [];
    for (const row of this.plan.querySelectorAll("[data-given]")) {
      const path = row.dataset.given;
      const { text, error } = await this.#read(path);
      if (error) throw new ApiError(error, { code: "invalid", field: "originals" });
      found.push({ path, original: text });
    }
    const total = found.reduce((sum, each) => sum + byteLength(each.original), 0);
    if (total > this.limit) {
      throw new ApiError(`The files have ${sizeWords(total)} together; the limit is ${sizeWords(this.limit)}.`, { code: "too_large", field: "originals" });
    }
    return found;
  }

  async #read(path) {
    const file = this.#files.file(path);
    if (typeof file === "string") return { text: file };
    if (file === null) return { error: `${path} was not kept when the page was loaded anew. Open it again.` };
    if (file.size > this.limit) return { error: `${path} has ${sizeWords(file.size)}; the limit is ${sizeWords(this.limit)}.` };
    try {
      return decodeFile(new Uint8Array(await file.arrayBuffer()), this.limit, path);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return { error: `${path} could not be read: it was moved or changed since. Open it again.` };
    }
  }

  async #ask() {
    const number = (this.#asked += 1);
    const body = { paths: this.#files.paths, chat: this.chat(), answers: Object.fromEntries(this.#answers) };
    try {
      const html = body.chat.trim() ? await postForText("/changesets/plan", body) : "";
      if (number === this.#asked) this.#draw(html);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (number === this.#asked) this.#draw("", error.message);
    }
  }

  #draw(html, words = "") {
    const held = document.activeElement?.closest?.("#plan") ? document.activeElement.id : "";
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    if (html) this.plan.replaceChildren(...fresh.childNodes);
    else this.#drawPaths();
    if (held) (document.getElementById(held) ?? this.plan.querySelector("[data-ask]") ?? this.plan).focus();
    this.#tell(words || (this.applies > this.most ? `A changeset may have ${this.most} files, and the answer is for ${this.applies}.` : ""));
    this.dispatchEvent(new Event("changed"));
    this.#save();
  }

  // A reload loses no file that there is room for; what is kept is the newest that was whole.
  async #save() {
    const number = (this.#saving += 1);
    const given = [...this.plan.querySelectorAll("[data-given]")].map((row) => row.dataset.given);
    const size = (path) => this.#files.file(path)?.size ?? 0;
    const { files, left } = await gather(this.#files.paths, given, size, (path) => this.#read(path));
    if (number !== this.#saving || !this.active) return;
    const unkept = keep({ files, answers: [...this.#answers] }) ? left : files.length;
    if (unkept === this.#unkept) return;
    this.#unkept = unkept;
    this.#note();
  }

  // No answer yet: the files alone.
  #drawPaths() {
    const box = document.createElement("div");
    box.className = "plan";
    box.innerHTML = '<h3>Paste the answer beside this: which of the files it is for shows here.</h3><p class="q2 rest"></p>';
    const shown = this.#files.paths.slice(0, 40).join(", ");
    box.querySelector("p").textContent = this.#files.size > 40 ? `${shown} and ${this.#files.size - 40} more` : shown;
    this.plan.replaceChildren(box);
  }

  #show(active) {
    this.root.hidden = !active;
    this.one.root.hidden = active;
    this.root.querySelector("#several-count").textContent = `${this.#files.size.toLocaleString("en")} given`;
    this.#note();
    this.dispatchEvent(new Event("changed"));
  }

  #note() {
    const { passedOver } = this.#files;
    const words = ["Only files that the answer is for leave this browser."];
    if (passedOver) words.unshift(`${passedOver.toLocaleString("en")} files of .git, node_modules and the like are passed over.`);
    if (this.#unkept) words.push(`A reload of this page keeps ${sizeWords(MOST)} of text: ${this.#unkept.toLocaleString("en")} of the files would have to be opened again.`);
    this.root.querySelector("#several-note").textContent = words.join(" ");
  }

  #back() {
    this.#files.clear();
    this.#answers.clear();
    this.#unkept = 0;
    this.dropDraft();
    this.plan.replaceChildren();
    this.#tell("");
    this.#show(false);
    this.one.area.focus();
  }

  #tell(words) {
    this.trouble.hidden = !words;
    this.trouble.textContent = words;
  }

  #connect() {
    for (const [button, folder] of [["#more-files", false], ["#more-folder", true]]) {
      this.root.querySelector(button).addEventListener("click", () => this.pick(folder));
    }
    for (const input of this.root.querySelectorAll("#pick-files, #pick-folder")) {
      input.addEventListener("change", () => {
        if (input.files.length) this.add(picked(input.files), this.path?.());
        input.value = "";
      });
    }
    this.root.querySelector("#one-file").addEventListener("click", () => this.#back());
    this.plan.addEventListener("change", ({ target }) => {
      if (target.matches("[data-ask]") && target.value !== "?") this.#answers.set(target.dataset.ask, target.value);
      else if (target.matches("[data-make]")) this.#make(target);
      else return;
      this.replan(0);
    });
    this.plan.addEventListener("click", ({ target }) => {
      const line = target.closest("[data-forget]")?.dataset.forget;
      if (!line) return;
      this.#answers.delete(line);
      this.replan(0);
    });
  }

  #make(box) {
    for (const line of box.dataset.make.split(" ").filter(Boolean)) {
      if (box.checked) this.#answers.delete(line);
      else this.#answers.set(line, "");
    }
  }
}
