// What a screen reader says of a hunk when it comes to it: position, symbol, counts, decision, what speaks against it.

export class Speech {
  #said = new WeakMap(); // hunk -> its decision and place when it was described

  constructor(focus) {
    this.focus = focus; // it knows the hunks, also after they were drawn again
  }

  paint(decisions) {
    const total = this.focus.hunks.length; // parts count as they do in “3 of 7 decided”
    for (const [index, hunk] of this.focus.hunks.entries()) {
      const decision = decisions.of(hunk.dataset.hunk);
      if (hunk.matches(".waits") || !hunk.querySelector(".hbar")) continue; // its own words say that it is to come
      const place = placeOf(hunk.dataset.number, index + 1, total);
      const said = `${place} ${decision}`;
      if (this.#said.get(hunk) === said && !hunk.hasAttribute("aria-labelledby")) continue;
      this.#said.set(hunk, said);
      hunk.removeAttribute("aria-labelledby");
      hunk.setAttribute("aria-label", words(hunk, decision, place));
    }
  }
}

// "2 of 5"; "1.3, 3 of 7" where hunks are cut.
function placeOf(number, at, total) {
  return number === String(at) ? `${number} of ${total}` : `${number}, ${at} of ${total}`;
}

function words(hunk, decision, place) {
  const { symbol } = hunk.dataset;
  const counts = hunk.querySelector(".hbar .cnt .vh").textContent;
  const more = [...hunk.querySelectorAll(".doubts li")].map((doubt) => sentence(doubt.textContent));
  if (hunk.classList.contains("is-extra")) more.unshift("No line of the chat asks for it.");
  if (hunk.classList.contains("is-conflict")) more.unshift(`${decision === "pending" ? "In" : "It was in"} conflict with an edit of the file.`);
  if (hunk.classList.contains("is-joined")) more.unshift("Decided together with the hunk above.");
  if (hunk.hasAttribute("data-written")) more.unshift(`${hunk.dataset.written}.`);
  return [`Hunk ${place}, ${symbol}: ${counts}, ${decision}.`, ...more].join(" ");
}

function sentence(text) {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
