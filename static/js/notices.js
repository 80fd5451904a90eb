// What the page itself does not show: notices that stay until closed, and words for screen readers.

const BRIEF = 3000; // milliseconds

export function announce(words) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = words; });
}

// Words that need no answer: read out, and shown for a moment.
export function say(words) {
  announce(words);
  const place = document.getElementById("notices");
  place.querySelector(".brief")?.remove();
  const box = document.createElement("p");
  box.className = "notice brief";
  box.setAttribute("aria-hidden", "true"); // the announcement is the same
  box.textContent = words;
  place.append(box);
  setTimeout(() => box.remove(), BRIEF);
}

export function notice(words, kind = "info") {
  const place = document.getElementById("notices");
  for (const old of place.children) if (old.dataset.words === words) old.remove();
  const box = document.createElement("div");
  box.className = `notice ${kind}`;
  box.dataset.words = words;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  const text = document.createElement("p");
  text.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn ghost icon";
  close.setAttribute("aria-label", "Close this notice");
  close.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-close"/></svg>';
  close.addEventListener("click", () => box.remove());
  box.append(text, close);
  place.append(box);
  while (place.children.length > 3) place.firstElementChild.remove();
  return box;
}
