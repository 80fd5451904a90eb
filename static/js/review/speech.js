// What a screen reader says of a hunk when it comes to it: position, symbol, counts, decision, what speaks against it.

export class Speech {
  #said = new WeakMap(); // hunk -> its decision when it was described

  constructor(focus) {
    this.focus = focus; // it knows the hunks, also after they were drawn again
  }

  paint(decisions) {
    const total = new Set(this.focus.hunks.map((hunk) => hunk.dataset.of)).size; // parts of a hunk are no hunks
    for (const hunk of this.focus.hunks) {
      const decision = decisions.of(hunk.dataset.hunk);
      if (hunk.matches(".waits") || !hunk.querySelector(".hbar")) continue; // its own words say that it is to come
      if (this.#said.get(hunk) === decision && !hunk.hasAttribute("aria-labelledby")) continue;
      this.#said.set(hunk, decision);
      hunk.removeAttribute("aria-labelledby");
      hunk.setAttribute("aria-label", words(hunk, decision, total));
    }
  }
}

function words(hunk, decision, total) {
  const { number, symbol } = hunk.dataset;
  const counts = hunk.querySelector(".hbar .cnt .vh").textContent;
  const more = [...hunk.querySelectorAll(".doubts li")].map((doubt) => sentence(doubt.textContent));
  if (hunk.classList.contains("is-extra")) more.unshift("No line of the chat asks for it.");
  if (hunk.classList.contains("is-conflict")) more.unshift(`${decision === "pending" ? "In" : "It was in"} conflict with an edit of the file.`);
  if (hunk.classList.contains("is-joined")) more.unshift("Decided together with the hunk above.");
  if (hunk.hasAttribute("data-written")) more.unshift(`${hunk.dataset.written}.`);
  return [`Hunk ${number} of ${total}, ${symbol}: ${counts}, ${decision}.`, ...more].join(" ");
}

function sentence(text) {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
