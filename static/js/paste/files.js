// The files that somebody picked or dropped, by their paths in the folder. Contents are read only when they are needed.

// What no answer is about, and what makes a folder endless.
const PASSED_OVER = new Set([".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".ruff_cache", ".pytest_cache"]);
const MOST = 20_000;

export function isPassedOver(path) {
  return path.split("/").some((step) => PASSED_OVER.has(step));
}

// The paths of one folder without the folder's own name, if all have one.
export function withoutTop(paths) {
  const tops = new Set(paths.map((path) => path.split("/")[0]));
  return tops.size === 1 && paths.every((path) => path.includes("/")) ? paths.map((path) => path.slice(path.indexOf("/") + 1)) : paths;
}

export class FileSet {
  #files = new Map(); // path -> File, or its text, or null where it must be opened again
  passedOver = 0;

  get paths() {
    return [...this.#files.keys()].sort(); // a browser tells a folder's files in any order
  }

  get size() {
    return this.#files.size;
  }

  file(path) {
    return this.#files.get(path);
  }

  clear() {
    this.#files.clear();
    this.passedOver = 0;
  }

  // entries: [path, File or text]. A path that is there already is replaced. Returns words where not all could be taken.
  add(entries) {
    const taken = entries.filter(([path]) => !isPassedOver(path));
    this.passedOver += entries.length - taken.length;
    if (this.size + taken.length > MOST) {
      return `The folder has ${taken.length.toLocaleString("en")} files; up to ${MOST.toLocaleString("en")} can be looked through. Open a folder inside of it.`;
    }
    for (const [path, file] of taken) this.#files.set(path, file);
    return "";
  }
}

// [path, File] of files that a field gave: by its place in the folder, else by name.
export function picked(files) {
  const paths = withoutTop([...files].map((file) => file.webkitRelativePath || file.name));
  return [...files].map((file, at) => [paths[at], file]);
}

// The entries of a drop, to be asked for while the event lasts; null where it holds one file and no folder.
export function dropped(transfer) {
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length > 1 || entries.some((entry) => entry.isDirectory) ? entries : null;
}

// [path, File] of all that was dropped, folders read to their ends.
export async function filesOf(entries) {
  const found = [];
  const single = entries.length === 1 && entries[0].isDirectory; // then its own name is no part of the paths
  for (const entry of entries) await walk(entry, single ? "" : entry.name, found);
  return found;
}

async function walk(entry, path, found) {
  if (isPassedOver(path) || found.length > MOST) return;
  if (entry.isFile) {
    found.push([path, await new Promise((resolve, reject) => entry.file(resolve, reject))]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (!some.length) return;
    for (const inner of some) await walk(inner, path ? `${path}/${inner.name}` : inner.name, found);
  }
}
