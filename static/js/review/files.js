// The other files of a changeset, from the desk of one of them: next and previous, and on to what is undecided elsewhere.
// Nothing that was decided here is left behind unsaved. Must not know how hunks are drawn.

import { ApiError, call } from "../api.js";
import { notice, say } from "../notices.js";

// null where the apply is in no changeset. decisions() gives those of this file, null while there are none.
export function connectFiles(root, decisions) {
  const bar = root.querySelector("#filebar");
  return bar ? new Files(root, bar, decisions) : null;
}

class Files {
  constructor(root, bar, decisions) {
    Object.assign(this, { root, bar, decisions });
    root.querySelector(".filelist [aria-current]")?.scrollIntoView({ block: "nearest" });
    root.addEventListener("click", (event) => {
      const link = event.target.closest("#filebar a[data-act], .filelist a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      event.stopPropagation();
      this.#go(link.getAttribute("href"));
    });
  }

  get actions() {
    return {
      "next-file": () => this.#follow("next-file", "This is the last file."),
      "previous-file": () => this.#follow("previous-file", "This is the first file."),
      files: () => this.#follow("files"),
    };
  }

  // Whether other files had anything undecided when the page came.
  get hasMore() {
    return Number(this.bar.dataset.othersDecided) < Number(this.bar.dataset.othersTotal);
  }

  // This file's part of the counts, as it is decided on.
  paint({ total, pending, accepted }) {
    const { othersDecided, othersTotal } = this.bar.dataset;
    this.bar.querySelector("[data-set-decided]").textContent = Number(othersDecided) + total - pending;
    this.bar.querySelector("[data-set-total]").textContent = Number(othersTotal) + total;
    const row = this.root.querySelector(".filelist [aria-current]");
    const place = row.querySelector("[data-file-decided]");
    if (!place) return;
    place.textContent = total - pending;
    row.querySelector("[data-file-total]").textContent = total;
    const [state, words, symbol] = stateOf(total, pending, accepted);
    const disc = row.querySelector(".st");
    disc.setAttribute("class", `st ${state}`);
    disc.setAttribute("aria-label", words);
    disc.querySelector("use").setAttribute("href", symbol);
  }

  // Goes to the next file (by = 1) or the previous one (by = -1) that has something to decide or is still being written.
  // False where there is none.
  async toPending(by) {
    let files;
    try {
      await this.decisions()?.settled();
      ({ files } = await call("GET", `/api/changesets/${this.bar.dataset.changeset}`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message, "error");
      return true;
    }
    const here = files.findIndex((file) => file.id === this.bar.dataset.here);
    for (let step = 1; step < files.length; step += 1) {
      const file = files[(here + by * step + files.length) % files.length];
      if (file.hunks.pending || file.status === "queued" || file.status === "running") {
        location.assign(`${file.url}${by > 0 ? "#first-pending" : "#last-pending"}`);
        return true;
      }
    }
    return false;
  }

  #follow(act, otherwise) {
    const link = this.bar.querySelector(`a[data-act="${act}"]`);
    if (link) this.#go(link.getAttribute("href"));
    else say(otherwise);
  }

  async #go(address) {
    await this.decisions()?.settled();
    location.assign(address);
  }
}

// The class, words and symbol of a file's disc, as the server says them too.
function stateOf(total, pending, accepted) {
  if (!total) return ["accepted", "nothing to review", "#s-accepted"];
  if (pending === total) return ["pending", "not reviewed yet", "#s-pending"];
  if (pending) return ["acc", "in review", "#s-now"];
  return accepted ? ["accepted", "reviewed", "#s-accepted"] : ["rejected", "all rejected", "#s-rejected"];
}
