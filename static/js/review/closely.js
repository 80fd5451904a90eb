// What wants a close look: hunks that nobody asked for or that something speaks against, and lines of the chat that did not
// land. Must not know: what is decided.

import { announce, say } from "../notices.js";
import { lineOf } from "./chat_lines.js";

export class Closely {
  #missing = 0; // the line that was gone to last

  constructor(root, focus) {
    Object.assign(this, { root, focus });
  }

  get actions() {
    return {
      extra: () => this.#toExtra(),
      missing: () => this.#toMissing(),
    };
  }

  async showChatLine(number) {
    document.getElementById("pane-chat").checked = true;
    const line = await lineOf(this.root, number);
    if (!line) return;
    line.classList.add("noted");
    line.scrollIntoView({ block: "center" });
  }

  // The next such hunk, from the top again after the last one.
  #toExtra() {
    if (!this.focus.nextWhere(wantsALook)) say("Every hunk stands in the chat’s code or is named beside it, and nothing speaks against one.");
  }

  // The next line of the chat that asks for something which did not land.
  #toMissing() {
    const lines = this.root.querySelector("#chat").dataset.missing.split(" ").filter(Boolean).map(Number);
    if (!lines.length) {
      say("All of the chat’s code has landed.");
      return;
    }
    this.#missing = lines.find((number) => number > this.#missing) ?? lines[0];
    this.showChatLine(this.#missing);
    announce(`Chat line ${this.#missing} did not land.`);
  }
}

export function wantsALook(hunk) {
  return ["is-extra", "is-doubted", "is-conflict"].some((name) => hunk.classList.contains(name));
}
