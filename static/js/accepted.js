// What accepting all files of a changeset came to, and taking that back, in words. Pure.

const NAMED = 3; // files

// files: [{path, accepted, left, doubts}] as the server tells them.
export function acceptedWords(files) {
  const taken = files.filter(({ accepted }) => accepted);
  const open = files.filter(({ left }) => left);
  const done = taken.length ? `${hunks(sum(taken, "accepted"))} of ${counted(taken.length, "file")} accepted.` : "Nothing was accepted.";
  if (!open.length) return done;
  const left = sum(open, "left");
  const whole = open.filter(({ doubts }) => doubts.length);
  const why = whole.slice(0, NAMED).map(({ path, doubts }) => ` All of ${path} waits: ${doubts[0]}`).join("");
  return `${done} ${hunks(left)} ${left === 1 ? "stays" : "stay"} undecided, to be looked at in ${names(open)}: not asked for, in doubt, or in conflict.${why}`;
}

// way: "undo" or "redo"; files: [{path, stays}] as the server tells them.
export function returnedWords(way, files) {
  const stay = files.filter(({ stays }) => stays);
  const gone = counted(files.length - stay.length, "file");
  const done = way === "undo" ? `Accepting all is undone in ${gone}.` : `${gone} accepted again.`;
  return stay.length ? `${done} Not in ${names(stay)}: something was decided there since.` : done;
}

function names(files) {
  const shown = files.slice(0, NAMED).map(({ path }) => path);
  const more = files.length - shown.length;
  if (more) return `${shown.join(", ")} and ${more} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : shown[0];
}

function hunks(count) {
  return counted(count, "hunk");
}

function counted(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function sum(files, what) {
  return files.reduce((total, file) => total + file[what], 0);
}
