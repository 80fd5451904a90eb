"""An answer about several files -> its pieces, each with the file that it names, and the answer without some of them.

A piece is a fenced block, or that part of a patch which is about one file. Its name stands in the piece itself, on a
line of its own or in a sentence above it, or in the heading that it stands under.
Must not know: the files that somebody has, and which of them a name is for (core.merge.assign).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from applyweb.core.chat import parse
from applyweb.core.chat.answer import Edit
from applyweb.core.chat.names import in_sentence, is_path, on_own_line
from applyweb.core.chat.patches import Hunk, hunks_of
from applyweb.core.text import BOM, contents, split_end, split_lines

Range = tuple[int, int]  # lines of the chat, from 1, both ends included

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(\S.*)$")
_BOLD = re.compile(r"^\s*(?:\d+[.)]\s+)?\*\*.*\*\*:?\s*$")
_ANNOUNCES = re.compile(
    r"(?<!\bas )(?<!\blike )\b(?:create|add|make|write|update|edit|change|modify|in|to|new)\s+"
    r"(?:(?:a|an|the|new|file|module|existing)\s+)*`([^`\n]+)`[^`:]{0,20}:\W*$",
    re.I,
)
_FILE = re.compile(r"^\*\*\* (?:Update|Add|Delete) File:")
_SEARCH_END = re.compile(r"^\s{0,3}(?:>{5,20}|\+{5,20} ?REPLACE)")
_BELOW_HEADINGS = 7  # a bold line ends at any heading


@dataclass(frozen=True, slots=True)
class Piece:
    """`lines` are the chat's lines of its code, `hidden` those that go where the piece is not for a file. `names` is
    the file that it names: none where nothing says, several where what says so disagrees. `adds_only`: it shows no line
    of a file that is there already as such; `deletes`: the file is to go."""

    edit: Edit
    lines: Range
    hidden: tuple[Range, ...]
    names: tuple[str, ...]
    adds_only: bool = True
    deletes: bool = False


def pieces_of(chat: str) -> tuple[Piece, ...]:
    """The pieces of an answer, in order."""
    lines = contents(chat.removeprefix(BOM))
    found: list[Piece] = []
    section = _Section()
    at = 0
    for edit in parse(chat).edits:
        opens, closes = _outer(edit)
        above = lines[at : opens - 1]
        for line in above:
            section.read(line)
        names = tuple(dict.fromkeys(name for name in (edit.path, section.name) if name))
        certain = edit.path_source == "own" or _announces(above, edit.path)
        found += _pieces(edit, names[:1] if certain else names, above, at)
        section.used()
        at = closes
    return tuple(found)


def without(chat: str, hidden: Collection[Range]) -> str:
    """The chat with these lines empty: every other line keeps its number."""
    lines = split_lines(chat)
    for first, last in hidden:
        for index in range(first - 1, min(last, len(lines))):
            lines[index] = split_end(lines[index])[1]
    return "".join(lines)


def _outer(edit: Edit) -> Range:
    """First and last line of an edit with its fence."""
    return (edit.start - 1, edit.end + edit.closed) if edit.fenced else (edit.start, edit.end)


class _Section:
    """The file that the headings above name: of a heading for all that stands under it, of a plain line for what comes
    next."""

    def __init__(self) -> None:
        self.name = ""
        self._level = 0
        self._lasts = False

    def read(self, line: str) -> None:
        heading = _HEADING.match(line)
        if heading or _BOLD.match(line):
            level = len(heading[1]) if heading else _BELOW_HEADINGS
            name = _in_heading(heading[2] if heading else line)
            if name or (self.name and level <= self._level):
                self.name, self._level, self._lasts = name, level, True
        elif name := on_own_line(line):
            self.name, self._level, self._lasts = name, _BELOW_HEADINGS + 1, False

    def used(self) -> None:
        if not self._lasts:
            self.name = ""


def _in_heading(text: str) -> str:
    """The one path of a heading: all of it, in code quotes, or a word with a slash."""
    if found := on_own_line(text) or in_sentence(text):
        return found
    words = {word for raw in text.split() if "/" in (word := raw.strip("*_`:,;()\"'")) and is_path(word)}
    return words.pop() if len(words) == 1 else ""


def _pieces(edit: Edit, names: tuple[str, ...], above: Sequence[str], from_line: int) -> Iterator[Piece]:
    places = _naming_lines(above)

    def announced(own: tuple[str, ...]) -> Range:
        """The lines of the whole edit, from the line that names its file on, if one does."""
        opens, closes = _outer(edit)
        index = max((places[name] for name in own if name in places), default=None)
        return (opens if index is None else from_line + index + 1, closes)

    whole = Piece(edit, (edit.start, edit.end), (announced(names),), names)
    if edit.format == "code":
        yield whole
        return
    groups: dict[tuple[str, ...], list[int]] = {}
    hunks, rows = hunks_of(edit), edit.code.split("\n")
    for index, hunk in enumerate(hunks):
        said = hunk.path if hunk.path != edit.path or edit.path_source == "own" else ""
        groups.setdefault((said,) if said else names, []).append(index)
    for own_names, own in groups.items():
        piece = replace(whole, names=own_names, hidden=(announced(own_names),))
        if len(groups) > 1:
            ranges = tuple(_extent(edit, rows, hunks, index) for index in own)
            piece = replace(piece, lines=(ranges[0][0], ranges[-1][1]), hidden=ranges)
        yield _judged(piece, rows, [hunks[index] for index in own])
    if not hunks:
        yield whole


def _judged(piece: Piece, rows: Sequence[str], hunks: Sequence[Hunk]) -> Piece:
    at = hunks[0].chat_line - piece.edit.start
    header = rows[max(0, at - 2) : at]
    gone = any(hunk.deletes_file for hunk in hunks) or any(row.startswith("+++ /dev/null") for row in header)
    return replace(piece, adds_only=all(op == "+" for hunk in hunks for op, _ in hunk.rows), deletes=gone)


def _announces(above: Sequence[str], path: str) -> bool:
    """Whether the line right above the code says that the code is for this file, whatever a heading says: "Then
    create `a.py`:"."""
    last = next((line for line in reversed(above) if line.strip()), "")
    found = _ANNOUNCES.search(last)
    return bool(path) and found is not None and found[1] == path


def _naming_lines(above: Sequence[str]) -> dict[str, int]:
    """The last line that names each file, by its index; the fence around a name, where there is one, is its line."""
    places: dict[str, int] = {}
    for index, line in enumerate(above):
        fence = index > 0 and above[index - 1].lstrip().startswith(("```", "~~~"))
        for name in (on_own_line(line), in_sentence(line), _named_by_heading(line)):
            places[name] = index - fence
    return places


def _named_by_heading(line: str) -> str:
    heading = _HEADING.match(line)
    return _in_heading(heading[2] if heading else line) if heading or _BOLD.match(line) else ""


def _extent(edit: Edit, rows: Sequence[str], hunks: Sequence[Hunk], index: int) -> Range:
    """The chat lines of one hunk of a patch over several files. Headers stay: without its hunks one says nothing, and
    it ends the hunk before it."""
    first = hunks[index].chat_line
    last = hunks[index + 1].chat_line - 1 if index + 1 < len(hunks) else edit.end
    for line in range(first + 1, last + 1):
        row = rows[line - edit.start]
        if edit.format == "search_replace":
            if _SEARCH_END.match(row):
                return first, line
        elif _is_header(row, rows[line - edit.start + 1] if line < edit.end else ""):
            return first, line - 1
    return first, last


def _is_header(row: str, following: str) -> bool:
    begins = row.startswith(("diff --git ", "*** Begin Patch", "*** End Patch"))
    return begins or _FILE.match(row) is not None or (row.startswith("--- ") and following.startswith("+++ "))
