// Selecting text in one column leaves the other alone. With the keyboard or "select all" both are taken.

export function connectSelection() {
  document.addEventListener("pointerdown", (event) => {
    const line = event.target.closest?.(".l");
    const main = document.getElementById("main");
    if (line && document.documentElement.dataset.view !== "unified") main.dataset.select = line.classList.contains("o") ? "o" : "n";
    else delete main.dataset.select;
  });
}
