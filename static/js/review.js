// The review page: live while an engine writes, then the desk. The server's fragment is swapped in at the end.

import { ApiError, call, getText } from "./api.js";
import { Deletion } from "./deletion.js";
import { connectActions, connectFrame } from "./frame.js";
import { GONE, showGone, tellGone } from "./gone.js";
import { bindKeys } from "./keys.js";
import { announce, notice, say } from "./notices.js";
import { toggle } from "./settings.js";
import { drawHints, keymap } from "./shortcuts.js";
import { connectCharacters } from "./review/characters.js";
import { awaitColours } from "./review/colours.js";
import { Desk } from "./review/desk.js";
import { connectFiles } from "./review/files.js";
import { LiveView } from "./review/live.js";
import { connectMenu } from "./review/menu.js";
import { connectSelection } from "./review/select.js";
import { Socket } from "./review/socket.js";
import { swap } from "./review/swap.js";
import { connectViewMenu } from "./review/view_menu.js";

// It may be here before the page is.
if (document.readyState === "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));

let desk = null;
let menu = null;
let unbind = () => {};
let live = null;
let leaving = false;
const root = () => document.getElementById("apply");

function open() {
  unbind();
  menu = connectMenu(root());
  connectViewMenu(root(), () => desk?.reading.settle());
  drawHints(root());
  const actions = {
    left: () => toggle("left", "off", "on"),
    right: () => toggle("right", "off", "on"),
    space: () => toggle("space", "on", "off"),
    escape: () => menu.close() || (desk ? desk.escape() : stop()),
    delete: ask,
  };
  connectCharacters(root());
  const files = connectFiles(root(), () => desk?.decisions);
  Object.assign(actions, files?.actions);
  if (root().dataset.status === "finished") {
    desk = new Desk(root(), files);
    awaitColours(root());
    Object.assign(actions, desk.actions);
  } else if (root().querySelector("#live")) {
    live = new LiveView(root(), ended);
    Object.assign(actions, live.desk.actions);
    watch(live);
  } else {
    new Socket(() => `/ws/applies/${root().dataset.apply}/review`, () => {}, (state) => state === "gone" && tellGone());
  }
  unbind = bindKeys(actions, keymap);
}

async function watch(live) {
  try {
    await live.start();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice(error.message, "error");
  }
}

async function ended(event, reading) {
  try {
    await swap(await getText(`/applies/${root().dataset.apply}/diff`), reading);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice(`The apply has ended, but this page could not show it. ${error.message} Reload the page.`, "error");
    return;
  }
  open();
  announce(endWords(event));
}

function endWords(event) {
  if (event.type === "failed") return `The apply failed. ${event.error.message}`;
  if (event.type === "stopped") return "The apply was stopped.";
  const { total } = event.hunks;
  const sure = event.confidence === "unsure" ? " The result is unsure; the reasons stand above the changes." : "";
  return `The file is written. ${total} hunk${total === 1 ? "" : "s"} to review.${sure}`;
}

async function stop() {
  const button = root().querySelector("[data-act=stop]");
  if (!button || button.disabled) return;
  button.disabled = true;
  try {
    await call("POST", `/api/applies/${root().dataset.apply}/stop`);
    announce("Stopping.");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "already_ended") return; // its last event is on the way
    button.disabled = false;
    notice(error.message, "error");
  }
}

function ask() {
  if (!("mine" in root().dataset)) {
    say("Only the person who made it can delete it.");
    return;
  }
  deletion.ask(`applies/${root().dataset.apply}`, root().dataset.file);
}

const deletion = new Deletion(({ url }) => {
  leaving = true;
  location.assign(url);
});

document.addEventListener(GONE, () => {
  if (leaving || !root()) return;
  unbind();
  if (desk) desk.close();
  else live?.stop();
  desk = null;
  showGone(root());
});

connectFrame();
connectSelection();
connectActions({ stop, delete: ask });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const action = button && desk?.actions[button.dataset.act];
  if (action) action(button);
});
open();
document.documentElement.dataset.ready = "yes"; // keys and buttons are heard from now on
document.dispatchEvent(new Event("applyweb:ready"));
