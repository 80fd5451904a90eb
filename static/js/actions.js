// Every action that has a key: its id (the data-act of its buttons), what the help calls it, its group there, and its
// default keys (see keyName in keys.js), several with spaces between. To add one is to add a line here and a function of
// that id where it is done. `fixed`: cannot be given another key. Must not know: what the actions do.

export const GROUPS = ["Move", "Decide", "Look", "Finish"];

export const ACTIONS = [
  { id: "next", words: "Next hunk", group: "Move", keys: "j" },
  { id: "previous", words: "Previous hunk", group: "Move", keys: "k" },
  { id: "next-pending", words: "Next undecided hunk", group: "Move", keys: "n" },
  { id: "previous-pending", words: "Previous undecided hunk", group: "Move", keys: "p" },
  { id: "next-symbol", words: "Next symbol", group: "Move", keys: "J" },
  { id: "previous-symbol", words: "Previous symbol", group: "Move", keys: "K" },
  { id: "first", words: "First hunk", group: "Move", keys: "g" },
  { id: "last", words: "Last hunk", group: "Move", keys: "G" },
  { id: "extra", words: "Next hunk to look at closely", group: "Move", keys: "e" },
  { id: "missing", words: "Next line that did not land", group: "Move", keys: "m" },
  { id: "asked", words: "The lines that ask for the hunk", group: "Move", keys: "l" },
  { id: "accept", words: "Accept", group: "Decide", keys: "a" },
  { id: "reject", words: "Reject", group: "Decide", keys: "r" },
  { id: "clear", words: "Clear the decision", group: "Decide", keys: "z" },
  { id: "lines", words: "Into the hunk, line by line", group: "Decide", keys: "i" },
  { id: "cut", words: "Cut the hunk above the line", group: "Decide", keys: "s" },
  { id: "join", words: "Join to the hunk above, let go", group: "Decide", keys: "S" },
  { id: "edit", words: "Write the lines yourself", group: "Decide", keys: "E" },
  { id: "accept-all", words: "Accept all", group: "Decide", keys: "A" },
  { id: "reject-all", words: "Reject all", group: "Decide", keys: "R" },
  { id: "undo", words: "Undo", group: "Decide", keys: "u Ctrl+z" },
  { id: "redo", words: "Redo", group: "Decide", keys: "U Ctrl+Shift+z" },
  { id: "view", words: "Unified, side by side", group: "Look", keys: "v" },
  { id: "space", words: "Spaces and tabs", group: "Look", keys: "w" },
  { id: "blanks", words: "Hide changes of white space", group: "Look", keys: "W" },
  { id: "expand", words: "Expand the folds nearby", group: "Look", keys: "x" },
  { id: "expand-symbol", words: "Expand to the whole definition", group: "Look", keys: "X" },
  { id: "left", words: "Outline", group: "Look", keys: "[" },
  { id: "right", words: "Chat", group: "Look", keys: "]" },
  { id: "theme", words: "Light, dark", group: "Look", keys: "t" },
  { id: "preview", words: "Preview the result", group: "Finish", keys: "o" },
  { id: "copy", words: "Copy the result", group: "Finish", keys: "y" },
  { id: "download", words: "Download the result", group: "Finish", keys: "d" },
  { id: "send", words: "Apply, on the first page", group: "Finish", keys: "Ctrl+Enter", fixed: true },
  { id: "escape", words: "Stop writing, close", group: "Finish", keys: "Escape", fixed: true },
  { id: "help", words: "This help", group: "Finish", keys: "?" },
];
