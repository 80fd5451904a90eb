// What can be said of a text or a file before it is sent: size, lines, line ends, language, what looks wrong.
// Pure: knows no DOM.

export function countLines(text) {
  const ends = text.match(/\r\n|\r|\n/g)?.length ?? 0;
  return ends + (text && !/[\r\n]$/.test(text) ? 1 : 0);
}

export function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

export function sizeWords(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

export function lineEndWords(text) {
  const kinds = new Set(text.match(/\r\n|\r|\n/g) ?? []);
  const names = { "\n": "LF", "\r\n": "CRLF", "\r": "CR" };
  const known = [...kinds].map((kind) => names[kind]);
  return known.length > 1 ? `mixed line ends (${known.join(", ")})` : (known[0] ?? "");
}

// "199 lines, 6.0 KiB, LF"
export function describe(text) {
  if (!text) return "empty";
  const lines = countLines(text);
  const words = [`${lines.toLocaleString("en")} line${lines === 1 ? "" : "s"}`, sizeWords(byteLength(text))];
  const ends = lineEndWords(text);
  if (ends) words.push(ends);
  if (text.startsWith("\ufeff")) words.push("BOM");
  return words.join(", ");
}

// A file's bytes as text, or {error} with words for people. Only UTF-8 gives the exact bytes back.
export function decodeFile(bytes, limit, name = "The file") {
  if (bytes.length > limit) {
    return { error: `${name} has ${sizeWords(bytes.length)}; the limit is ${sizeWords(limit)}.` };
  }
  if (bytes.includes(0)) return { error: `${name} looks like a binary file (it holds NUL bytes). Choose source text.` };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { error: `${name} is not UTF-8. Convert it to UTF-8 and open it again; what was here before is untouched.` };
  }
}

// known: {suffixes: {".py": "python"}, names: {"makefile": "makefile"}}
export function languageOfPath(path, known) {
  const leaf = path.replaceAll("\\", "/").split("/").pop().toLowerCase();
  const dot = leaf.lastIndexOf(".");
  return known.names[leaf] ?? (dot > 0 ? known.suffixes[leaf.slice(dot)] : undefined) ?? "";
}

const FENCE = /^\s{0,3}(`{3,}|~{3,})[ \t]*([^\n`]*)$/;

// The code blocks of a chat: [{info}], fences paired as Markdown pairs them.
export function codeBlocks(chat) {
  const blocks = [];
  let open = "";
  for (const line of chat.split(/\r\n|\r|\n/)) {
    const found = FENCE.exec(line);
    if (!found) continue;
    if (!open) {
      open = found[1];
      blocks.push({ info: found[2].trim() });
    } else if (found[1].startsWith(open) && !found[2].trim()) {
      open = "";
    }
  }
  return blocks;
}

// The paths that a chat names in code quotes and beside fences. What they are for the server tells.
export function pathsInChat(chat, known) {
  const named = new Set();
  const words = [...chat.matchAll(/`([^`\s]{1,200})`/g)].map((found) => found[1]);
  for (const block of codeBlocks(chat)) words.push(...block.info.split(/[\s:=,"']+/));
  for (const word of words) {
    if (/^[\w@.][\w@./+-]*\.\w+$/.test(word) && languageOfPath(word, known)) named.add(word.replace(/^\.\//, ""));
  }
  return [...named];
}

// The one path that a chat names, "" where it names none or several.
export function pathInChat(chat, known) {
  const named = pathsInChat(chat, known);
  return named.length === 1 ? named[0] : "";
}

// The files that an answer over several has code for, by what stands as a header: of diffs, envelopes, headings, fences.
export function headedPaths(chat, known) {
  const named = new Set(codeBlocks(chat).flatMap((block) => block.info.split(/[\s:=,"']+/)));
  for (const found of chat.matchAll(/^(?:\+\+\+ (?:b\/)?|\*\*\* (?:Update|Add) File: |#{1,6} +(?:\d+\. +)?|\*\*)`?([\w@.][\w@./+-]*\.\w+)/gm)) named.add(found[1]);
  return [...named].filter((name) => /^[\w@.][\w@./+-]*\.\w+$/.test(name) && languageOfPath(name, known));
}

// The language that the chat's fences agree on, "" for none. languages: the set of known names.
export function languageInChat(chat, languages) {
  const found = new Set(codeBlocks(chat).map((block) => block.info.split(/[\s:{]/)[0].toLowerCase()));
  const known = [...found].filter((name) => languages.has(name));
  return known.length === 1 ? known[0] : "";
}

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const MIXED = /(?=[\p{L}_]*\p{Script=Latin})(?=[\p{L}_]*[\p{Script=Cyrillic}\p{Script=Greek}])[\p{L}_]+/u;

// Words of warning about characters that deceive the eye, "" for none.
export function deceptive(text) {
  if (!BIDI.test(text) && !/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text)) return "";
  const lines = text.split(/\r\n|\r|\n/);
  const turned = lines.findIndex((line) => BIDI.test(line));
  if (turned >= 0) {
    return `Line ${turned + 1} holds an invisible control that turns the direction of text: the code may not run as it reads.`;
  }
  const mixed = lines.findIndex((line) => line.length < 10_000 && MIXED.test(line));
  if (mixed < 0) return "";
  return `Line ${mixed + 1} has a word of mixed alphabets (“${MIXED.exec(lines[mixed])[0]}”): letters may only look alike.`;
}
