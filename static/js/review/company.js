// The other people on this apply, for the desk: who is here now, and their reviews over one's own.

import { Overlay } from "./overlay.js";
import { People } from "./people.js";

export class Company {
  // send(message) goes to the review's socket.
  constructor(root, decisions, focus, send) {
    this.people = new People(root, send, (id) => focus.goTo(id));
    this.overlay = new Overlay(root, decisions, focus);
    root.addEventListener("filled", () => this.redrawn());
    focus.addEventListener("change", () => this.people.at(focus.current?.dataset.of ?? ""));
  }

  get actions() {
    return this.overlay.actions;
  }

  // The socket is open, for the first time or again.
  opened() {
    this.people.opened();
    this.overlay.refresh();
  }

  noticed(message) {
    this.people.noticed(message);
    this.overlay.noticed(message);
  }

  redrawn() {
    this.people.repaint();
    this.overlay.place();
  }

  close() {
    this.people.close();
    this.overlay.close();
  }
}
