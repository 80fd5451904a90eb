// What a marked character is and why it matters, beside it while it is pointed at, pressed or has the focus.

const WHY = {
  order: "It changes the order in which a line is shown, and not the order in which it runs: code can read otherwise than it does. Reject the change unless the text needs it.",
  unseen: "It cannot be seen, but it is there: two names that look the same can differ by it, and a search does not find the word.",
  space: "It looks like a space and is another character: a compiler may refuse it, and a comparison of texts fails on it.",
  alike: "It looks like a letter or sign of ASCII and is not: two names that look the same can be two names.",
};

export function connectCharacters(root) {
  const note = document.createElement("div");
  note.className = "charnote";
  note.id = "charnote";
  note.setAttribute("role", "tooltip");
  note.hidden = true;
  root.append(note);
  let about = null;

  function show(mark) {
    if (mark === about) return;
    about?.removeAttribute("aria-describedby");
    about?.setAttribute("title", about.getAttribute("aria-label"));
    about = mark;
    note.hidden = !mark;
    if (!mark) return;
    const name = document.createElement("b");
    name.textContent = mark.getAttribute("aria-label");
    note.replaceChildren(name, document.createTextNode(WHY[mark.dataset.why]));
    mark.setAttribute("aria-describedby", note.id);
    mark.removeAttribute("title"); // one of the two is enough
    place(note, mark.getBoundingClientRect());
  }

  const markOf = (event) => event.target.closest?.("[data-why]") ?? null;
  root.addEventListener("pointerover", (event) => show(markOf(event)));
  root.addEventListener("pointerdown", (event) => show(markOf(event)));
  root.addEventListener("focusin", (event) => show(markOf(event)));
  root.addEventListener("focusout", () => show(null));
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") show(null); });
  window.addEventListener("scroll", () => show(null), { passive: true });
}

// Below the mark, or above it where there is no room; never over the edge.
function place(note, at) {
  const { offsetWidth: width, offsetHeight: height } = note;
  const left = Math.min(Math.max(at.left - 8, 12), window.innerWidth - width - 12);
  const below = at.bottom + 6;
  note.style.insetInlineStart = `${left}px`;
  note.style.insetBlockStart = `${below + height > window.innerHeight - 60 ? at.top - height - 6 : below}px`;
}
