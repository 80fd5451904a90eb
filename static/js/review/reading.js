// How the finished diff is read: one or two columns, wrapped or scrolled lines, find, links to lines, print. Must not know
// decisions.

import { announce, say } from "../notices.js";
import { choice, toggle } from "../settings.js";
import { Find } from "./find.js";
import { Links } from "./links.js";
import { fillAll, rowsWaiting } from "./pieces.js";
import { Sideways } from "./sideways.js";

export class Reading {
  constructor(root, applyId, focus) {
    Object.assign(this, { root, focus });
    this.sideways = new Sideways(root);
    this.find = new Find(root, applyId, (cell, range) => this.#found(cell, range));
    this.links = new Links(root, applyId);
  }

  get actions() {
    return {
      view: () => this.#toggleView(),
      wrap: () => this.#toggleWrap(),
      "scroll-left": () => this.sideways.step(-1),
      "scroll-right": () => this.sideways.step(1),
      find: () => this.find.open(),
      // Only the server finds what is folded or has not come. In the field the key is the browser's again.
      "find-instead": Object.assign(() => this.find.open(), { rests: () => choice("ownfind") === "off" }),
      goto: () => this.links.ask(),
      link: () => this.links.copy(this.focus.current),
      print: () => this.#print(),
    };
  }

  // Closes what is open, else takes the marks off lines. False where there was nothing.
  leave() {
    return this.find.close() || this.links.unmark();
  }

  // After something has changed how rows are shown.
  settle() {
    if (this.focus.current) this.focus.reveal();
  }

  #toggleView() {
    if (matchMedia("(max-width: 860px)").matches) return; // there is room for one column only
    toggle("view", "unified", "split");
    announce(choice("view") === "unified" ? "Unified view" : "Side by side");
    this.settle();
  }

  #toggleWrap() {
    toggle("wrap", "off", "on");
    say(choice("wrap") === "off" ? "Long lines scroll" : "Long lines wrap");
    this.settle();
  }

  #found(cell, range) {
    const hunk = cell.closest(".hunk");
    if (hunk) this.focus.mark(this.focus.hunks.indexOf(hunk));
    this.sideways.show(range);
  }

  // Paper does not scroll: all rows come first.
  async #print() {
    const diff = this.root.querySelector("#diff");
    const left = rowsWaiting(diff);
    if (left) say(`Loading ${left.toLocaleString("en")} rows, then printing.`);
    await fillAll(diff);
    window.print();
  }
}
