// The paste page: two panes, an engine, one button.

import { ApiError, call } from "./api.js";
import { connectFrame } from "./frame.js";
import { showStates } from "./paste/engines.js";
import { codeBlocks, headedPaths, languageInChat, languageOfPath, pathInChat } from "./paste/facts.js";
import { Pane } from "./paste/pane.js";
import { Several } from "./paste/several.js";

const form = document.getElementById("apply-form");
const path = document.getElementById("path");
const language = document.getElementById("language");
const go = document.getElementById("go");
const formError = document.getElementById("form-error");
const chatCode = document.getElementById("chat-code");
const known = JSON.parse(document.getElementById("languages").textContent);
const names = new Set([...language.options].map((option) => option.value).filter(Boolean));
const limit = Number(form.dataset.limit);
const panes = {
  original: new Pane(document.querySelector("[data-pane=original]"), limit),
  chat: new Pane(document.querySelector("[data-pane=chat]"), limit),
};
let pathIsGuessed = !path.value;
const several = new Several(document.getElementById("several"), panes.original, () => panes.chat.exact, limit);
several.path = () => path.value.trim();

function detected() {
  return languageOfPath(path.value, known) || languageInChat(panes.chat.exact, names);
}

function showGuesses() {
  if (pathIsGuessed) path.value = pathInChat(panes.chat.exact, known);
  language.options[0].textContent = detected() ? `Detect: ${detected()}` : "Detect";
  const blocks = codeBlocks(panes.chat.exact).length;
  showHint();
  chatCode.textContent = panes.chat.exact ? (blocks === 1 ? "1 code block" : `${blocks} code blocks`) : "";
}

// An answer over several files says so; until somebody opens them it is applied to the one that is here.
function showHint() {
  const named = several.active ? [] : headedPaths(panes.chat.exact, known);
  const hint = document.getElementById("several-hint");
  hint.hidden = named.length < 2;
  hint.querySelector("span").textContent = `The answer names ${named.length} files.`;
}

function showSeveral() {
  const words = several.active && several.applies ? `Apply to ${several.applies} file${several.applies === 1 ? "" : "s"}` : "Apply";
  document.getElementById("go-words").textContent = words;
  showHint();
}

function made() {
  if (several.active) return several.send(form.elements.engine.value);
  return call("POST", "/api/applies", {
    path: path.value.trim(),
    language: language.value || detected(),
    original: panes.original.exact,
    chat: panes.chat.exact,
    engine: form.elements.engine.value,
  });
}

async function send() {
  if (go.disabled) return;
  formError.hidden = true;
  go.disabled = true;
  try {
    const { url } = await made();
    for (const pane of Object.values(panes)) pane.dropDraft();
    several.dropDraft();
    location.assign(url);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    go.disabled = false;
    showError(error);
  }
}

function showError(error) {
  if (several.active && ["answers", "originals", "path"].includes(error.field)) {
    several.fail(error.message);
    return;
  }
  const pane = panes[error.field];
  if (pane) {
    pane.fail(error.message);
    pane.area.focus();
    return;
  }
  formError.textContent = error.message;
  formError.hidden = false;
  if (error.field === "path") path.focus();
}

connectFrame();
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    event.preventDefault();
    send();
  }
});
path.addEventListener("input", () => {
  pathIsGuessed = false; // from now on the person says it, even by leaving it empty
  showGuesses();
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  // A file dropped beside the panes would make the browser leave the page.
  if (event.defaultPrevented) return;
  event.preventDefault();
  if (several.drop(event.dataTransfer, several.path())) return;
  const file = event.dataTransfer?.files[0];
  if (file) panes.original.open(file);
});
panes.original.onDrop = (transfer) => several.drop(transfer, several.path());
panes.original.addEventListener("several", (event) => {
  event.preventDefault();
  several.add(event.detail.map((file) => [file.name, file]), several.path());
});
document.getElementById("open-folder").addEventListener("click", () => several.pick(true));
document.getElementById("open-several").addEventListener("click", () => several.pick());
several.addEventListener("changed", showSeveral);
panes.original.addEventListener("opened", (event) => {
  path.value = event.detail;
  pathIsGuessed = false;
  showGuesses();
});
panes.chat.addEventListener("changed", showGuesses);
panes.chat.addEventListener("changed", () => several.chatChanged());
window.addEventListener("pageshow", () => { // also when the reader comes back from the review page
  go.disabled = false;
  for (const pane of Object.values(panes)) pane.keep = true;
});

const again = document.getElementById("again");
if (again) {
  const texts = JSON.parse(again.textContent);
  panes.original.set(texts.original);
  panes.chat.set(texts.chat);
} else {
  several.restore();
}
showGuesses();
showStates(document.getElementById("engine-choice"));
