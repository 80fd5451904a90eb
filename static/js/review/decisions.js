// The decisions on hunks, shown at once and confirmed by the server. Pure: knows no DOM and no network.
//
// The server's last answer is the truth. What the person did since then lies over it, in order, until the server has
// answered each; an answer that says no takes its step away again.

export class Decisions extends EventTarget {
  #truth;
  #waiting = [];
  #busy = false;

  // ids: every hunk in order. truth: {version, decisions, can_undo, can_redo}. send(step) resolves to a newer truth or
  // throws an error with `status`, 0 where the server did not answer.
  constructor(ids, truth, send) {
    super();
    this.ids = ids;
    this.#truth = truth;
    this.send = send;
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
    return this.#truth.can_undo || this.#waiting.some((step) => step.kind === "one" || step.kind === "all");
  }

  get canRedo() {
    return this.#truth.can_redo || this.#waiting.some((step) => step.kind === "undo");
  }

  decide(id, decision) {
    if (this.of(id) !== decision) this.#take({ kind: "one", id, decision });
  }

  decideAll(decision) {
    if (this.all.some((each) => each !== decision)) this.#take({ kind: "all", decision });
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
    this.#truth = truth;
    this.#changed();
  }

  // When everything sent so far is answered.
  async settled() {
    while (this.#waiting.length) await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
  }

  #take(step) {
    this.#waiting.push(step);
    this.#changed();
    this.#work();
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length) {
      const step = this.#waiting[0];
      try {
        const truth = await this.send(step);
        this.#waiting.shift();
        this.accept(truth);
      } catch (error) {
        // Without an answer the steps behind it have no ground to stand on either.
        const lost = error.status ? [this.#waiting.shift()] : this.#waiting.splice(0);
        this.#changed();
        this.dispatchEvent(new CustomEvent("refused", { detail: { error, lost } }));
      }
    }
    this.#busy = false;
    this.dispatchEvent(new Event("idle"));
  }

  #shown() {
    let shown = this.#truth.decisions;
    for (const step of this.#waiting) {
      // What undo and redo will bring back only the server knows, so they show when it has answered.
      if (step.kind === "one") shown = { ...shown, [step.id]: step.decision };
      if (step.kind === "all") shown = Object.fromEntries(this.ids.map((id) => [id, step.decision]));
    }
    return shown;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
