// The decisions on hunks and their parts, shown at once and confirmed by the server. Pure: knows no DOM and no network.
//
// The server's last answer is the truth. What the person did since then lies over it, in order, until the server has
// answered each; an answer that says no takes its step away again. What changes the parts themselves (a cut, a text of
// one's own) shows when the server has answered: only it draws parts.

const WRITES = new Set(["write", "both", "take"]); // they accept with other lines than the proposed ones

export class Decisions extends EventTarget {
  #truth;
  #waiting = [];
  #busy = false;
  #seen = null; // what is shown, until the truth or a step changes

  // hunks: the id of every hunk in order. truth: {version, decisions, parts, can_undo, can_redo}. send(step) resolves to a
  // newer truth or throws an error with `status`, 0 where the server did not answer. Events: "change"; "layout" with the
  // hunks whose parts are others now; "refused" with the error and the steps that it cost; "returned" with the kind of an
  // undo or redo that was answered and the ids that it changed.
  constructor(hunks, truth, send) {
    super();
    this.hunks = hunks;
    this.#truth = truth;
    this.send = send;
  }

  // What is decided on by itself, in order: hunks that are whole, and parts.
  get ids() {
    return this.hunks.flatMap((hunk) => this.#truth.parts?.[hunk]?.map((part) => part.id) ?? [hunk]);
  }

  // The part of that id, where its hunk is not whole and as proposed.
  part(id) {
    return this.#truth.parts?.[hunkOf(id)]?.find((part) => part.id === id);
  }

  // Hunks in conflict with an edit of the file: {hunk: how the person stood to it before}.
  get conflicts() {
    return this.#truth.conflicts ?? {};
  }

  // The decision that all parts of a hunk have, or "mixed".
  ofHunk(hunk) {
    const found = new Set((this.#truth.parts?.[hunk]?.map((part) => part.id) ?? [hunk]).map((id) => this.of(id)));
    return found.size === 1 ? [...found][0] : "mixed";
  }

  of(id) {
    return this.#shown()[id] ?? "pending";
  }

  get all() {
    const shown = this.#shown();
    return this.ids.map((id) => shown[id] ?? "pending");
  }

  get counts() {
    const counts = { total: this.ids.length, accepted: 0, rejected: 0, pending: 0 };
    for (const decision of this.all) counts[decision] += 1;
    return counts;
  }

  get version() {
    return this.#truth.version;
  }

  get canUndo() {
    return this.#truth.can_undo || this.#waiting.some((step) => step.kind !== "undo" && step.kind !== "redo");
  }

  get canRedo() {
    return this.#truth.can_redo || this.#waiting.some((step) => step.kind === "undo");
  }

  decide(id, decision) {
    const seen = this.of(id);
    if (seen !== decision) this.#take({ kind: "one", id, decision, seen });
  }

  // What changes parts: {kind: "lines" | "cut" | "join" | "write" | "both" | "take" | "propose" | "adopt", id, ...}, as
  // the server takes it. Resolves to whether the server took it.
  shape(step) {
    return new Promise((resolve) => this.#take({ ...step, done: resolve }));
  }

  // What is undecided first: decisions that say otherwise stay, and are taken along the next time. Returns how many stay.
  decideAll(decision) {
    const free = this.ids.filter((id) => !this.#holds(id, { decision }));
    const others = free.filter((id) => !["pending", decision].includes(this.of(id))).length;
    const rest = decision !== "pending" && others > 0 && free.some((id) => this.of(id) === "pending");
    if (rest) this.#take({ kind: "all", decision, rest });
    else if (free.some((id) => this.of(id) !== decision)) this.#take({ kind: "all", decision });
    return rest ? others : 0;
  }

  undo() {
    if (this.canUndo) this.#take({ kind: "undo" });
  }

  redo() {
    if (this.canRedo) this.#take({ kind: "redo" });
  }

  // A state from elsewhere (another window). An older one changes nothing.
  accept(truth) {
    if (truth.version < this.#truth.version) return;
    const before = this.#truth.parts ?? {};
    this.#truth = truth;
    this.#seen = null;
    const changed = this.hunks.filter((hunk) => shapeOf(before[hunk]) !== shapeOf(truth.parts?.[hunk]));
    if (changed.length) this.dispatchEvent(new CustomEvent("layout", { detail: changed }));
    this.#changed();
  }

  // When everything sent so far is answered.
  async settled() {
    while (this.#waiting.length) await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
  }

  #take(step) {
    this.#waiting.push(step);
    this.#seen = null;
    this.#changed();
    this.#work();
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length) {
      const step = this.#waiting[0];
      const before = this.#truth; // the socket may bring what the step does before its answer is here
      try {
        const truth = await this.send(WRITES.has(step.kind) ? { ...step, ...this.#standing(step.id) } : step);
        this.#waiting.shift();
        this.#seen = null;
        this.accept(truth);
        step.done?.(true);
        if (step.kind === "undo" || step.kind === "redo") this.#tellReturned(step.kind, before);
      } catch (error) {
        // Without an answer the steps behind it have no ground to stand on either.
        const lost = error.status ? [this.#waiting.shift()] : this.#waiting.splice(0);
        this.#seen = null;
        this.#changed();
        for (const each of lost) each.done?.(false);
        this.dispatchEvent(new CustomEvent("refused", { detail: { error, lost } }));
      }
    }
    this.#busy = false;
    this.dispatchEvent(new Event("idle"));
  }

  // How a part stands whose lines are to be written, after all that was sent before: the server says no where another
  // window has put other lines there since.
  #standing(id) {
    return { seen: this.#truth.decisions[id] ?? "pending", seen_text: this.part(id)?.text_id ?? null };
  }

  #tellReturned(kind, before) {
    const now = this.#truth;
    const ids = this.ids.filter((id) => {
      const hunk = hunkOf(id);
      return (before.decisions[id] ?? "pending") !== (now.decisions[id] ?? "pending")
        || shapeOf(before.parts?.[hunk]) !== shapeOf(now.parts?.[hunk]);
    });
    this.dispatchEvent(new CustomEvent("returned", { detail: { kind, ids } }));
  }

  #shown() {
    this.#seen ??= this.#overlaid();
    return this.#seen;
  }

  #overlaid() {
    let shown = this.#truth.decisions;
    for (const step of this.#waiting) {
      // What undo and redo will bring back only the server knows, so they show when it has answered.
      if (step.kind === "one") shown = { ...shown, [step.id]: step.decision };
      if (WRITES.has(step.kind)) shown = { ...shown, [step.id]: "accepted" };
      if (step.kind === "all") shown = this.#allOf(shown, step);
    }
    return shown;
  }

  #allOf(shown, step) {
    return Object.fromEntries(this.ids.map((id) => {
      const before = shown[id] ?? "pending";
      return [id, this.#holds(id, step) || (step.rest && before !== "pending") ? before : step.decision];
    }));
  }

  // A conflict is accepted only by itself.
  #holds(id, { decision }) {
    return decision === "accepted" && hunkOf(id) in this.conflicts;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

export function hunkOf(id) {
  return id.split(".")[0];
}

// What tells whether a hunk must be drawn again.
function shapeOf(parts) {
  return parts ? JSON.stringify(parts.map(({ id, text, joined, proposal }) => [id, text, joined, proposal])) : "";
}
