"""Patch formats -> hunks: unified diffs (right, wrong or no line numbers), apply_patch (also its bare body),
SEARCH/REPLACE.

Must not know: where a hunk goes. A hunk's line numbers and anchors are kept as what the answer claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz.distance import Indel

from applyweb.core.chat.answer import Edit
from applyweb.core.chat.names import on_own_line

Op = Literal[" ", "-", "+"]
Row = tuple[Op, str]

_RANGE = re.compile(r"^@@+ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@+ ?(.*)$")
_FILE = re.compile(r"^\*\*\* (Update|Add|Delete) File:(.*)$")
_SEARCH = re.compile(r"^\s{0,3}(?:<{5,20} ?(?:SEARCH|ORIGINAL|HEAD)?|-{5,20} ?SEARCH)\b[^\n]*$|^<{7}$")
_GLUED = re.compile(r"^\s{0,3}(?:<{5,20}|-{5,20})[A-Z]")
_DIVIDER = re.compile(r"^\s{0,3}={5,20}\s*$")
_END = re.compile(r"^\s{0,3}(?:>{5,20}(?: ?\S.*)?|\+{5,20} ?REPLACE.*)$")
_GIT = re.compile(
    r"^(?:diff --git |index [0-9a-f]|(?:new|deleted|old) (?:file )?mode |"
    r"similarity |rename |\*\*\* (?:Begin|End) Patch)"
)


_AGAIN = "its file has a section further up, which this one may not know of"


@dataclass(frozen=True, slots=True)
class Hunk:
    """Rows in order (kept, removed, added). `line` is the claimed 1-based old line, 0 where none is claimed;
    `anchors` are the texts after "@@"; `problem` says what is malformed, "" where nothing is. `whole` is a file
    given in full."""

    rows: tuple[Row, ...]
    chat_line: int
    path: str = ""
    line: int = 0
    anchors: tuple[str, ...] = ()
    at_end: bool = False
    problem: str = ""
    style: Literal["diff", "search"] = "diff"
    whole: bool = False
    deletes_file: bool = False
    final_newline: bool | None = None

    @property
    def old(self) -> list[str]:
        return [text for op, text in self.rows if op != "+"]

    @property
    def new(self) -> list[str]:
        return [text for op, text in self.rows if op != "-"]


def hunks_of(edit: Edit) -> tuple[Hunk, ...]:
    """The hunks of an edit in a patch format, in order."""
    lines = edit.code.split("\n")
    if edit.format == "search_replace":
        return tuple(_search_hunks(lines, edit.start, edit.path))
    return tuple(_Diff(edit.start, edit.path).read(lines))


@dataclass(slots=True)
class _Diff:
    """The state of reading a diff: the hunk being collected and the file that it belongs to."""

    first_line: int
    path: str
    hunks: list[Hunk] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    start: int = 0
    line: int = 0
    at_end: bool = False
    adding: bool = False
    no_newline: set[Op] = field(default_factory=set)
    named: set[str] = field(default_factory=set)  # files that a section was for
    problem: str = ""

    def read(self, lines: list[str]) -> list[Hunk]:
        if lines and not lines[-1]:
            lines = lines[:-1]
        for index, line in enumerate(lines):
            self._take(line, lines[index + 1] if index + 1 < len(lines) else "", self.first_line + index)
        self._close()
        return self.hunks

    def _take(self, line: str, following: str, chat_line: int) -> None:
        named = _FILE.match(line)
        if named:
            self._close()
            self.path, self.adding = named[2].strip(), named[1] == "Add"
            self.problem = _AGAIN if self.path in self.named else ""
            self.named.add(self.path)
            if named[1] == "Delete":
                self.hunks.append(Hunk((), chat_line, self.path, deletes_file=True))
        elif line.startswith("--- ") and following.startswith("+++ "):
            self._close()
            self._name(line[4:])
        elif line.startswith("+++ ") and not self.rows:
            self._name(line[4:])
        elif line.startswith("@@"):
            self._open(line, chat_line)
        elif line.startswith("*** End of File"):
            self.at_end = True
        elif line.startswith("*** Move to:") or _GIT.match(line):
            if not line.startswith(("index ", "*** Move")):
                self._close()
        elif line.startswith("\\"):
            if self.rows:
                self.no_newline.add(self.rows[-1][0])
        else:
            self.start = self.start or chat_line
            op: Op = "+" if line[:1] == "+" else "-" if line[:1] == "-" else " "
            self.rows.append((op, line[1:] if line[:1] in ("+", "-", " ") and line else line))

    def _name(self, text: str) -> None:
        name = text.split("\t")[0].strip().strip('"')
        name = name[2:] if name[:2] in ("a/", "b/") else name
        if name and name != "/dev/null":
            self.path = name

    def _open(self, line: str, chat_line: int) -> None:
        stacked = not self.rows and bool(self.anchors)
        if not stacked:
            self._close()
        self.start = chat_line
        ranged = _RANGE.match(line)
        if ranged:
            self.line = max(1, int(ranged[1]))
            text = ranged[5]
        else:
            text = re.sub(r"^@@+ ?", "", line)
            bare = text.rstrip()
            if bare.endswith("@@"):
                text = bare.rstrip("@").rstrip()
        if text.strip() and not (re.fullmatch(r"[-+\d, .]*|\.\.\.", text.strip())):
            self.anchors.append(text.rstrip())

    def _close(self) -> None:
        rows = self.rows
        while rows and rows[-1] == (" ", "") and not self.at_end:  # the blank line before the next header
            rows.pop()
        if rows:
            newline = None if "+" not in self.no_newline and " " not in self.no_newline else False
            newline = True if newline is None and "-" in self.no_newline else newline
            self.hunks.append(
                Hunk(
                    tuple(rows),
                    self.start,
                    self.path,
                    self.line,
                    tuple(self.anchors),
                    self.at_end,
                    self.problem,
                    whole=self.adding,
                    final_newline=newline,
                )
            )
        self.rows, self.anchors, self.line, self.at_end, self.adding = [], [], 0, False, False
        self.start = 0
        self.no_newline = set()


def _search_hunks(lines: list[str], first_line: int, path: str) -> list[Hunk]:
    hunks: list[Hunk] = []
    state: Literal["out", "old", "new"] = "out"
    old: list[str] = []
    new: list[str] = []
    start = line = 0
    problem = ""
    for index, text in enumerate([*lines, ""]):
        last = index == len(lines)
        if state == "out":
            if _SEARCH.match(text):
                state, start, old, new, line = "old", first_line + index, [], [], 0
                problem = "its first marker is glued to its word" if _GLUED.match(text) else ""
            elif named := on_own_line(text):
                path = named
        elif state == "old":
            if _DIVIDER.match(text):
                state = "new"
            elif numbered := re.match(r"^:start_line: ?(\d+)\s*$", text):
                line = int(numbered[1])
            elif last or _SEARCH.match(text) or _END.match(text):
                problem = "it has no ======= between the old and the new text"
                hunks.append(Hunk((), start, path, problem=problem, style="search"))
                state = "old" if _SEARCH.match(text) else "out"
                start, old, new = first_line + index, [], []
            elif not (line and not old and re.fullmatch(r"-{5,}", text)):
                old.append(text)
        elif _END.match(text) or last or _SEARCH.match(text):
            closed = _END.match(text) is not None
            problem = problem or ("" if closed else "its end marker is missing")
            rows = rows_between(old, new)
            hunks.append(Hunk(tuple(rows), start, path, line, problem=problem, style="search"))
            state = "old" if _SEARCH.match(text) else "out"
            start, old, new, problem = first_line + index, [], [], ""
        else:
            if _DIVIDER.match(text):
                problem = "it has a second ======= line"
            new.append(text)
    return hunks


def rows_between(old: list[str], new: list[str]) -> list[Row]:
    """Rows that turn `old` into `new`, with what both share as kept rows."""
    rows: list[Row] = []
    for op in Indel.opcodes(old, new):
        if op.tag == "equal":
            rows.extend((" ", text) for text in old[op.src_start : op.src_end])
        else:
            rows.extend(("-", text) for text in old[op.src_start : op.src_end])
            rows.extend(("+", text) for text in new[op.dest_start : op.dest_end])
    return rows
