// One pane of the paste page: a text area over an exact text, with opening, dropping and pasting.

import { ExactText } from "./exact.js";
import { byteLength, deceptive, decodeFile, describe, sizeWords } from "./facts.js";
import { tabStorage } from "./tab_storage.js";

export class Pane extends EventTarget {
  #text = new ExactText();
  #paste = null;

  constructor(root, limit) {
    super();
    this.limit = limit;
    this.area = root.querySelector("textarea");
    this.trouble = root.querySelector(".trouble");
    this.facts = root.querySelector("[id$=-facts]");
    this.root = root;
    this.#listen(root.querySelector("[data-pick]"), root.querySelector("[data-file]"));
    this.#takeDraft();
    window.addEventListener("pagehide", () => this.#keepDraft());
    this.#show();
  }

  get exact() {
    return this.#text.exact;
  }

  set(exact) {
    this.#text.set(exact);
    this.area.value = this.#text.shown;
    this.area.setSelectionRange(0, 0);
    this.area.scrollTop = 0;
    this.#show();
  }

  // Opens a file; its name and whether it could be read go out as an event.
  async open(file) {
    const read =
      file.size > this.limit
        ? { error: `${file.name} has ${sizeWords(file.size)}; the limit is ${sizeWords(this.limit)}.` }
        : decodeFile(new Uint8Array(await file.arrayBuffer()), this.limit, file.name);
    if (read.error) {
      this.fail(read.error);
      return;
    }
    this.set(read.text);
    this.dispatchEvent(new CustomEvent("opened", { detail: file.name }));
  }

  // After a success: the next visit begins empty.
  dropDraft() {
    this.keep = false;
    tabStorage((kept) => kept.removeItem(this.#draft));
  }

  fail(words) {
    this.#tell(words, "error");
    this.area.setAttribute("aria-invalid", "true");
  }

  #listen(pick, input) {
    pick.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.#take([...input.files]);
      input.value = "";
    });
    this.area.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length) { // copied in a file manager
        event.preventDefault();
        this.#take([...event.clipboardData.files]);
        return;
      }
      const text = event.clipboardData?.getData("text/plain") ?? "";
      this.#paste = { start: this.area.selectionStart, end: this.area.selectionEnd, text };
    });
    this.area.addEventListener("input", () => {
      this.#text.edit(this.area.value, this.#paste);
      this.#paste = null;
      this.#show();
    });
    this.root.addEventListener("dragover", (event) => this.#over(event, true));
    this.root.addEventListener("dragleave", (event) => {
      if (!this.root.contains(event.relatedTarget)) this.root.classList.remove("is-over");
    });
    this.root.addEventListener("drop", (event) => {
      this.#over(event, false);
      if (this.onDrop?.(event.dataTransfer)) return;
      const file = event.dataTransfer?.files[0];
      if (file) this.open(file);
    });
  }

  // Several files are not this pane's business: they go out as an event, if anybody takes them.
  #take(files) {
    const several = files.length > 1 && !this.dispatchEvent(new CustomEvent("several", { detail: files, cancelable: true }));
    if (!several && files[0]) this.open(files[0]);
  }

  // A reload loses nothing, line ends included. The browser's own memory of a text area would lose those.
  #takeDraft() {
    this.keep = true;
    this.#text.set(tabStorage((kept) => kept.getItem(this.#draft)) ?? this.area.value);
    this.area.value = this.#text.shown;
  }

  #keepDraft() {
    if (this.keep) tabStorage((kept) => kept.setItem(this.#draft, this.exact));
  }

  get #draft() {
    return `applyweb.draft.${this.area.id}`;
  }

  #over(event, inside) {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return; // dragged text is the text area's business
    event.preventDefault();
    this.root.classList.toggle("is-over", inside);
  }

  #show() {
    this.facts.textContent = describe(this.exact);
    this.area.removeAttribute("aria-invalid");
    const size = byteLength(this.exact);
    if (size > this.limit) this.fail(`This has ${sizeWords(size)}; the limit is ${sizeWords(this.limit)}.`);
    else this.#tell(deceptive(this.exact), "warning");
    this.dispatchEvent(new Event("changed"));
  }

  #tell(words, kind) {
    this.trouble.hidden = !words;
    this.trouble.classList.toggle("warning", kind === "warning");
    this.trouble.replaceChildren();
    if (!words) return;
    this.trouble.insertAdjacentHTML("afterbegin", '<svg class="i" aria-hidden="true"><use href="#i-warn"/></svg>');
    const text = document.createElement("span");
    text.textContent = words;
    this.trouble.append(text);
  }
}
