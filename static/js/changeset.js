// The page of a changeset: follows its files while they are written and decided on, and goes from one to the next.

import { acceptedWords, returnedWords } from "./accepted.js";
import { ApiError, call, getText } from "./api.js";
import { Deletion } from "./deletion.js";
import { connectActions, connectFrame } from "./frame.js";
import { showGone } from "./gone.js";
import { bindKeys } from "./keys.js";
import { announce, notice, say } from "./notices.js";
import { Socket } from "./review/socket.js";
import { drawHints, keymap } from "./shortcuts.js";

const place = document.getElementById("changeset");
const id = place.dataset.changeset;
let leaving = false;
let asking = false;
let again = false;

const bar = () => place.querySelector(".setbar").dataset;

// One request at a time; whatever changed meanwhile is one more.
async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  do {
    again = false;
    try {
      draw(await getText(`/changesets/${id}/files`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 0) notice(error.message, "error"); // no answer: the socket tells when the server is back
    }
  } while (again);
  asking = false;
}

function draw(html) {
  const held = place.contains(document.activeElement) ? document.activeElement.id : "";
  const wasOpen = Number(bar().open);
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (fresh.innerHTML.trim() === place.innerHTML.trim()) return;
  place.replaceChildren(...fresh.childNodes);
  drawHints(place);
  if (held) (document.getElementById(held) ?? document.getElementById("set-next") ?? document.getElementById("set-patch"))?.focus();
  if (wasOpen && !Number(bar().open)) announce(`All files are written. ${bar().decided} of ${bar().total} hunks decided.`);
}

function step(by) {
  const links = [...place.querySelectorAll("[data-file]")];
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

async function stop() {
  const button = document.getElementById("set-stop");
  if (!button || button.disabled) return;
  button.disabled = true;
  try {
    await call("POST", `/api/changesets/${id}/stop`);
    announce("Stopping.");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== "already_ended") notice(error.message, "error");
    refresh();
  }
}

let told = null; // the notice of what was accepted

async function acceptAll() {
  const button = document.getElementById("set-accept");
  if (!button) {
    say(Number(bar().open) ? "Some files are still being written. Accept all when they have ended." : "Every hunk of every file is decided.");
    return;
  }
  if (button.disabled) return;
  button.disabled = true; // what is drawn next has a new one
  try {
    tellAccepted(await call("PUT", `/api/changesets/${id}/decisions`, { decision: "accepted" }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    button.disabled = false;
    notice(error.message, "error");
  }
  refresh();
}

function tellAccepted({ step, files }) {
  told?.remove();
  told = notice(acceptedWords(files));
  if (!step) return;
  const back = document.createElement("button");
  back.type = "button";
  back.className = "btn";
  back.textContent = "Undo";
  back.addEventListener("click", () => goBackOrForth("undo", `?step=${step}`));
  told.lastElementChild.before(back);
}

// A step through several files, as the server keeps it: each file's review goes along, where nothing was decided since.
async function goBackOrForth(way, query = "") {
  try {
    const { files } = await call("POST", `/api/changesets/${id}/${way}${query}`);
    told?.remove();
    const words = returnedWords(way, files);
    if (files.some(({ stays }) => stays)) notice(words, "error");
    else say(words);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === `nothing_to_${way}`) say(error.message);
    else notice(error.message, "error");
  }
  refresh();
}

function follow(link, otherwise) {
  if (link) link.click();
  else say(otherwise);
}

const deletion = new Deletion(({ url }) => {
  leaving = true;
  location.assign(url);
});
const actions = {
  next: () => step(1),
  previous: () => step(-1),
  "next-file": () => step(1),
  "previous-file": () => step(-1),
  "next-pending": () => follow(document.getElementById("set-next"), "Every hunk of every file is decided."),
  download: () => follow(document.getElementById("set-patch"), Number(bar().open) ? "The patch is there when all files have ended." : "No file has a change."),
  "accept-all": acceptAll,
  undo: () => goBackOrForth("undo"),
  redo: () => goBackOrForth("redo"),
  escape: stop,
  delete: () => {
    if (document.querySelector('[data-act="delete"]')) deletion.ask(`changesets/${id}`, "this changeset");
    else say("Only the person who made it can delete it.");
  },
};

connectFrame();
connectActions({ escape: stop, delete: actions.delete, "accept-all": acceptAll });
bindKeys(actions, keymap);
new Socket(() => `/ws/changesets/${id}`, refresh, (state) => {
  if (state === "open") refresh(); // what changed while nothing was heard
  if (state === "gone" && !leaving) showGone(document.getElementById("main"));
  if (state === "refused") notice("Not allowed: sign in again, then reload this page.", "error");
});
window.addEventListener("pageshow", (event) => { if (event.persisted) refresh(); });
