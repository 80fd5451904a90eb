// Several opened files over a reload: every path, and as much text as a tab's storage may hold. Must not know: what an
// answer is, how files are shown.

import { tabStorage } from "./tab_storage.js";

export const MOST = 2 * 1024 * 1024; // characters of all texts together; a tab's storage holds some five million
const KEY = "applyweb.draft.files";

// `files`: [path, text or null] of each path, null where there is no room, or no text; those of `first` have room before
// others. `left` counts those without room. read(path) resolves to {text} or {error}; what cannot fit by its size(path)
// is not read.
export async function gather(paths, first, size, read, most = MOST) {
  const texts = new Map(paths.map((path) => [path, null]));
  let room = most;
  let left = 0;
  for (const path of new Set([...first.filter((path) => texts.has(path)), ...paths])) {
    const fits = size(path) <= room;
    const { text } = fits ? await read(path) : {};
    if (fits && text === undefined) continue; // no text: it could not be applied to anyway
    if (!fits || text.length > room) {
      left += 1;
      continue;
    }
    room -= text.length;
    texts.set(path, text);
  }
  return { files: [...texts], left };
}

// False where the storage is switched off or full: then nothing is kept.
export function keep(state) {
  return tabStorage((kept) => {
    kept.setItem(KEY, JSON.stringify(state));
    return true;
  }) ?? false;
}

// What `keep` was given in this tab, or null.
export function kept() {
  return JSON.parse(tabStorage((kept) => kept.getItem(KEY)) ?? "null");
}

export function forget() {
  tabStorage((kept) => kept.removeItem(KEY));
}
