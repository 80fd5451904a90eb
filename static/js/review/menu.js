// The "More" menu of the footer: opens, closes, gives the focus back.

export function connectMenu(root) {
  const buttons = [...root.querySelectorAll("[data-menu]")];
  const menu = root.querySelector("#more-menu");
  if (!menu) return { close: () => false };
  let opener = null;
  const show = (button) => {
    opener = button;
    menu.hidden = !button;
    for (const each of buttons) each.setAttribute("aria-expanded", String(each === button));
    if (button) menu.querySelector("a, button").focus();
  };
  for (const button of buttons) button.addEventListener("click", () => show(menu.hidden ? button : null));
  menu.addEventListener("click", () => show(null));
  document.addEventListener("click", (event) => {
    if (!menu.hidden && !event.target.closest("[data-menu], #more-menu")) show(null);
  });
  return {
    // true where there was something to close
    close() {
      if (menu.hidden) return false;
      const button = opener;
      show(null);
      button.focus();
      return true;
    },
  };
}
