// What the page itself does not show: notices that stay until closed, and words for screen readers.

export function announce(words) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = words; });
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
  close.innerHTML = '<svg class="i" aria-hidden="true"><use href="#i-x"/></svg>';
  close.addEventListener("click", () => box.remove());
  box.append(text, close);
  place.append(box);
  while (place.children.length > 3) place.firstElementChild.remove();
  return box;
}
