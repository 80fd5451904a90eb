// The list of applies: from row to row by key, and rows are deleted. The server draws the table anew.

import { ApiError, getText } from "./api.js";
import { Deletion } from "./deletion.js";
import { connectActions, connectFrame } from "./frame.js";
import { bindKeys } from "./keys.js";
import { notice, say } from "./notices.js";
import { keymap } from "./shortcuts.js";

const links = () => [...document.querySelectorAll("#applies th > a.mono")];
const rowOf = (element) => element?.closest?.("#applies tbody tr");
let at = 0; // where the row stood that is asked about
let name = "";

function step(by) {
  const every = links();
  const now = every.indexOf(rowOf(document.activeElement)?.querySelector("th > a.mono"));
  const next = now < 0 ? (by > 0 ? 0 : every.length - 1) : Math.min(Math.max(now + by, 0), every.length - 1);
  every[next]?.focus();
}

function ask(button) {
  const link = rowOf(button ?? document.activeElement)?.querySelector("a[data-apply]");
  if (!link) {
    say("Go to an apply of yours first: j and k lead from row to row.");
    return;
  }
  at = links().indexOf(link);
  name = link.dataset.name;
  deletion.ask(`applies/${link.dataset.apply}`, name, button ?? document.activeElement);
}

const deletion = new Deletion(async ({ applies }) => {
  say(`${name} was deleted${applies.length > 1 ? `, with ${applies.length - 1} newer` : ""}.`);
  try {
    const fresh = new DOMParser().parseFromString(await getText(location.href), "text/html");
    document.getElementById("applies").replaceWith(fresh.getElementById("applies"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice(`${error.message} Reload the page to see the list as it is now.`, "error");
    return;
  }
  (links()[Math.min(at, links().length - 1)] ?? document.querySelector("main"))?.focus();
});

const actions = { next: () => step(1), previous: () => step(-1), delete: () => ask() };

connectFrame();
connectActions({ delete: ask });
bindKeys(actions, keymap);
