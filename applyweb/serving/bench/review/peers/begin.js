// What every peer's page does: fetch the case's texts, wait until the library and the texts are there and nothing is
// left to do, and only then start the clock and draw.

export async function begin(draw) {
  const texts = await (await fetch(`/texts/${location.hash.slice(1)}.json`)).json();
  await new Promise((resolve) => requestIdleCallback(() => requestAnimationFrame(() => setTimeout(resolve, 0))));
  const next = document.getElementById("next");
  globalThis.benchBegan = performance.now();
  const toNext = draw(document.getElementById("place"), texts);
  next.addEventListener("click", () => toNext?.());
}
