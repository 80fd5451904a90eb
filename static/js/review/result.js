// Taking the result away: copy, download, preview. The text always comes from the server, computed from the decisions.

import { ApiError, getText } from "../api.js";
import { writeClipboard } from "../clipboard.js";
import { announce, notice } from "../notices.js";
import { countLines, sizeWords, byteLength } from "../paste/facts.js";

const SHOWN = 400_000; // characters in the preview
const NUMBERED = 5_000; // lines

export class Result {
  constructor(applyId, decisions) {
    this.url = `/api/applies/${applyId}/result`;
    this.decisions = decisions;
  }

  async copy() {
    const text = await this.#text();
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

  async preview() {
    const text = await this.#text();
    if (text === null) return;
    const { accepted, rejected, pending } = this.decisions.counts;
    const facts = `${countLines(text)} lines, ${sizeWords(byteLength(text))}: ${accepted} accepted, ${rejected} rejected, ${pending} pending`;
    document.getElementById("preview-facts").textContent = text.length > SHOWN ? `${facts} (the beginning is shown)` : facts;
    document.getElementById("preview-text").replaceChildren(...numbered(text.slice(0, SHOWN)));
    document.getElementById("preview").showModal();
  }

  async #text() {
    try {
      await this.decisions.settled();
      return await getText(this.url);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
      return null;
    }
  }
}

// Each line an element, which the style numbers; of a text with more lines the text alone.
function numbered(text) {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (lines.length > NUMBERED) return [text];
  return lines.map((line) => Object.assign(document.createElement("span"), { textContent: line }));
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
