// Hunks in parts: drawing them again when their parts change, and the actions that change them.

import { ApiError, getText } from "../api.js";
import { announce, notice, say } from "../notices.js";
import { hunkOf } from "./decisions.js";
import { Editor } from "./editor.js";
import { LineMode, offsetsOf } from "./line_mode.js";
import { need, watch } from "./pieces.js";

export class PartsDesk {
  // redrawn() is called when hunks were drawn again.
  constructor(root, api, decisions, focus, redrawn) {
    Object.assign(this, { root, decisions, focus, redrawn });
    this.apply = root.dataset.apply;
    this.pressed = new Map(); // hunk: whose lines are to stand first, until the answer is drawn
    this.lines = new LineMode(root, {
      decide: (section, rows, decision) => this.#decideLines(section, rows, decision),
      cut: (section, row) => this.#cut(section, row),
      moved: (rows, before) => announce([before, ...rows.map(wordsOf)].join(" ").trim()),
    });
    this.editor = new Editor(root, api, (id, text) => decisions.shape({ kind: "write", id, text }));
    decisions.addEventListener("layout", ({ detail: hunks }) => this.#redraw(hunks));
  }

  get actions() {
    return {
      lines: (button) => this.#enter(button),
      cut: () => (this.lines.active ? this.lines.cut() : say("Choose a line first: i goes into the hunk, s cuts above the line.")),
      join: (button) => this.#join(sectionOf(button) ?? this.focus.current),
      edit: (button) => this.#edit(sectionOf(button) ?? this.focus.current),
      both: (button) => this.#keepBoth(sectionOf(button) ?? this.focus.current, button?.dataset?.first),
      propose: (button) => this.#propose(sectionOf(button) ?? this.focus.current),
    };
  }

  // Leaves what was entered last. False where nothing was.
  leave() {
    return this.editor.close() || this.lines.leave();
  }

  async #enter(button) {
    const section = sectionOf(button) ?? this.focus.current;
    await need(section); // its rows may not be here yet
    if (section && !this.lines.enter(section)) say("These lines are your own. Go back to the proposed ones to decide line by line.");
  }

  async #decideLines(section, rows, decision) {
    const id = section.dataset.hunk;
    const after = nextRow(section, rows.at(-1));
    const step = { kind: "lines", id: hunkOf(id), decision, ...offsetsOf(section, rows) };
    const place = after && offsetsOf(section, [after]);
    this.lines.leave();
    if (!(await this.decisions.shape(step))) return;
    await this.drawn;
    const told = `${rows.length === 1 ? "Line" : `${rows.length} lines`} ${decision === "pending" ? "undecided" : decision}.`;
    if (!place || !this.#enterAt(hunkOf(id), place, told)) announce(told);
  }

  // Goes on at the same place of the hunk, whatever parts it has now; `told` is said before its line. False where it is
  // gone.
  #enterAt(hunk, place, told) {
    for (const section of this.#sections(hunk)) {
      for (const row of section.querySelectorAll(":scope > .change > .row")) {
        const found = offsetsOf(section, [row]);
        if (found.removed[0] !== place.removed[0] || found.added[0] !== place.added[0]) continue;
        this.focus.mark(this.focus.hunks.indexOf(section));
        return this.lines.enter(section, row, told);
      }
    }
    return false;
  }

  async #cut(section, row) {
    const { removed, added } = offsetsOf(section, [row]);
    this.lines.leave();
    const at = { removed: removed[0], added: added[0] };
    if (!(await this.decisions.shape({ kind: "cut", id: hunkOf(section.dataset.hunk), ...at }))) return;
    await this.drawn;
    announce("Cut in two.");
  }

  #join(section) {
    if (!section) return;
    const joined = !section.classList.contains("is-joined");
    this.decisions.shape({ kind: "join", id: section.dataset.hunk, joined });
  }

  #edit(section) {
    if (!section) return;
    this.lines.leave();
    this.editor.open(section);
  }

  // Both sides of a conflict, one below the other. The key gives one order and then the other.
  async #keepBoth(section, wanted) {
    if (!section?.querySelector('[data-act="both"]')) {
      say("This hunk has no two sides to keep: it is in no conflict, or one side has no lines.");
      return;
    }
    const { hunk: id, number } = section.dataset;
    const before = this.pressed.get(id) ?? section.dataset.bothFirst;
    const first = wanted ?? (before === "original" ? "proposed" : "original");
    this.pressed.set(id, first);
    const taken = await this.decisions.shape({ kind: "both", id, first });
    await this.drawn;
    if (this.pressed.get(id) === first) this.pressed.delete(id);
    if (!taken) return;
    for (const drawn of this.root.querySelectorAll(`.hunk[data-hunk="${id}"]`)) drawn.dataset.bothFirst = first;
    announce(`Hunk ${number} accepted with both sides, ${first === "original" ? "the file’s lines" : "the proposed lines"} first.`);
  }

  async #propose(section) {
    if (!section) return;
    if (!section.hasAttribute("data-written")) say("The proposed lines stand here already.");
    else if (await this.decisions.shape({ kind: "propose", id: section.dataset.hunk })) announce(`Hunk ${section.dataset.number}: the proposed lines again.`);
  }

  // One after the other: what comes later is drawn later.
  #redraw(hunks) {
    this.lines.leave();
    this.drawn = (this.drawn ?? Promise.resolve()).then(() => this.#draw(hunks));
  }

  async #draw(hunks) {
    for (const hunk of hunks) {
      const old = this.#sections(hunk);
      if (!old.length) continue;
      try {
        const html = await getText(`/applies/${this.apply}/hunks/${hunk}`);
        const had = old.some((section) => section.contains(document.activeElement));
        this.editor.beforeDrawing(old);
        old[0].insertAdjacentHTML("beforebegin", html);
        for (const section of old) section.remove();
        for (const section of this.#sections(hunk)) watch(section);
        this.focus.refresh(hunk);
        if (had) this.focus.current?.focus({ preventScroll: true });
        this.editor.afterDrawing(this.#sections(hunk));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        notice(`The hunk was changed, but this page could not draw it. ${error.message} Reload the page.`, "error");
      }
    }
    this.redrawn();
  }

  #sections(hunk) {
    return [...this.root.querySelectorAll(`.hunk[data-of="${hunk}"]`)];
  }
}

function sectionOf(button) {
  return button?.closest?.(".hunk");
}

function nextRow(section, row) {
  const rows = [...section.querySelectorAll(":scope > .change > .row")];
  return rows[rows.indexOf(row) + 1] ?? null;
}

// A row as words: what it removes, what it adds.
function wordsOf(row) {
  const [old, fresh] = ["o", "n"].map((side) => row.querySelector(`.l.${side} > code`)?.textContent.trim());
  return [old !== undefined ? `Removed: ${old || "blank"}.` : "", fresh !== undefined ? `Added: ${fresh || "blank"}.` : ""].join(" ").trim();
}
