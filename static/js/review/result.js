// Taking the result away: copy, download, preview. The text always comes from the server, computed from the decisions.

import { ApiError, getText } from "../api.js";
import { writeClipboard } from "../clipboard.js";
import { announce, notice } from "../notices.js";
import { countLines, sizeWords } from "../paste/facts.js";

export class Result {
  constructor(applyId, decisions) {
    this.url = `/api/applies/${applyId}/result`;
    this.page = `/applies/${applyId}/preview`;
    this.decisions = decisions;
  }

  async copy() {
    const text = await this.#get(this.url);
    if (text === null) return;
    if (!(await writeClipboard(text))) {
      notice("The browser does not allow copying here. Use Download, or copy from Preview.", "error");
      return;
    }
    const lines = countLines(text);
    announce(`Result copied, ${lines} lines.`);
    for (const button of document.querySelectorAll("[data-act=copy]")) flash(button, "Copied");
  }

  async download() {
    await this.decisions.settled();
    document.getElementById("download").click();
  }

  async patch() {
    await this.decisions.settled();
    document.getElementById("patch").click();
  }

  async preview() {
    const html = await this.#get(this.page);
    if (html === null) return;
    const text = new DOMParser().parseFromString(html, "text/html").getElementById("preview-text");
    const [lines, shown] = [Number(text.dataset.lines), Number(text.dataset.shown)];
    const { accepted, rejected, pending } = text.dataset; // of the moment that the text is of
    const facts = `${lines.toLocaleString("en")} line${lines === 1 ? "" : "s"}, ${sizeWords(Number(text.dataset.bytes))}: ${accepted} accepted, ${rejected} rejected, ${pending} pending`;
    document.getElementById("preview-facts").textContent = lines > shown ? `${facts} (${shownWords(shown)})` : facts;
    document.getElementById("preview-text").replaceWith(text);
    this.#warn();
    document.getElementById("preview").showModal();
    text.querySelector(".new, .gone")?.scrollIntoView({ block: "center" });
  }

  // What the footer says of the result, without its offers.
  #warn() {
    const place = document.getElementById("preview-unsound");
    place.textContent = document.getElementById("unsound").firstChild?.textContent ?? "";
    place.hidden = !place.textContent;
  }

  // Under all that was decided; null where the server did not give it.
  async #get(url) {
    try {
      await this.decisions.settled();
      return await getText(url);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
      return null;
    }
  }
}

function shownWords(shown) {
  if (!shown) return "the first line is too long to be shown here";
  return shown === 1 ? "the first line is shown" : `the first ${shown.toLocaleString("en")} lines are shown`;
}

function flash(button, words) {
  if (button.dataset.flashing) return;
  button.dataset.flashing = "yes";
  const text = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const before = text.textContent;
  text.textContent = words;
  setTimeout(() => {
    text.textContent = before;
    delete button.dataset.flashing;
  }, 1600);
}
