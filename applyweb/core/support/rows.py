"""The code lines of a chat as evidence: what each shows (as it is to be, removed, kept), and its number in
the chat.

Must not know: the original and the merged text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal

from applyweb.core.chat import Edit, parse
from applyweb.core.languages import by_name

Op = Literal["shown", "added", "removed", "marker"]

_SHELLS = frozenset({"bash", "console", "shell-session", "terminal", "powershell", "cmd", "bat", "output"})
_ELLIPSIS = r"(?:\.{3,}|…|⋮)"
_COMMENT = r"(?:#+|//+|/\*+|\*+|<!--|--\[\[|--|;+|%+|\{/\*|\"\"\"|'''|\{#|\(\*)"
_MARKER_WORDS = re.compile(
    r"\b(?:existing|unchanged|un(?:touched|modified|altered)|omitted|rest|remain(?:s|ing|der)?|same as|as(?: it)? is|"
    r"as before|keep|other \w+|previous|elided|no changes?|for brevity|stays?|the same)\b",
    re.IGNORECASE,
)
_ELLIPSIS_COMMENT = re.compile(rf"^\s*{_COMMENT}?\s*[\[(<{{]?\s*{_ELLIPSIS}")
_MAY_BE_MARKER = re.compile(rf"{_COMMENT}|.*?{_ELLIPSIS}")  # a quick first look
_HAS_ELLIPSIS = re.compile(_ELLIPSIS)
# Of comments without dots only terse ones, and those that end as a marker does, are no real comments.
_TERSE, _WORDY = 9, 14  # words
_MARKER_END = re.compile(
    r"\b(?:unchanged|untouched|unmodified|same|before|above|is|omitted|brevity|here|existing)\W*$", re.IGNORECASE
)
_IS_COMMENT = re.compile(rf"^\s*{_COMMENT}")
_PATCH_HEAD = re.compile(
    r"^(?:diff --git |index [0-9a-f]+\.\.|--- |\+\+\+ |@@|\s*\*\*\* |\\ No newline|(?:new|deleted|old) (?:file )?mode )"
)
_PATCH_FILE = re.compile(r"^\s*(?:\+\+\+|\*\*\* (?:Update|Add|Delete) File:)\s+([^\t\n]+)")
_SEARCH = re.compile(r"^\s{0,3}(?:<{5,}|-{5,} ?SEARCH)")
_DIVIDER = re.compile(r"^\s{0,3}={5,}\s*$")
_REPLACED = re.compile(r"^\s{0,3}(?:>{5,}|\+{5,} ?REPLACE)")


_TELLING = re.compile(r"(?:[^\W_][\W_]*){4}")


@dataclass(frozen=True, slots=True)
class Row:
    """A code line of the chat that is not blank. `line` is 1-based in the chat, `edit` the number of the
    piece of code that it stands in, `key` its text without any white space. "shown" is code as it is to be
    (new or kept), "added" and "removed" are told by a patch, "marker" stands for code that is not shown, as
    the head of a patch's hunk also does. `blanks` is how many blank lines are shown above it."""

    line: int
    op: Op
    text: str
    key: str
    edit: int
    blanks: int = 0


def key_of(line: str) -> str:
    """What two lines must share to be the same line of code: everything but white space."""
    return "".join(line.split()).replace("\ufeff", "")


def is_telling(key: str) -> bool:
    """Whether a line without its white space says something by itself: it has a few letters or digits. A bracket or
    `end` does not."""
    return _TELLING.search(key[:40]) is not None


def is_marker(line: str) -> bool:
    """Whether a line only stands for code that is not shown."""
    text = line.strip()
    if not text or len(text) > 200 or not _MAY_BE_MARKER.match(text):
        return False
    if re.fullmatch(rf"[\[({{]?\s*{_ELLIPSIS}\s*[\])}}]?[,;]?", text) or _ELLIPSIS_COMMENT.match(text):
        return True
    if not _MARKER_WORDS.search(text):
        return False
    if _HAS_ELLIPSIS.search(text):
        return True
    words = len(text.split())
    short = words <= _TERSE or (words <= _WORDY and _MARKER_END.search(text) is not None)
    return short and bool(_IS_COMMENT.match(text))


@lru_cache(maxsize=1)  # checks and support ask of the same answer, one after the other
def read_rows(chat: str, path: str = "") -> tuple[Row, ...]:
    """The code lines of every piece that is not clearly for something else: another file, or a shell."""
    rows: list[Row] = []
    for number, edit in enumerate(parse(chat).edits):
        if _is_foreign(edit, path):
            continue
        blanks = 0
        for line, op, text in _lines(edit, _leaf(path)):
            key = key_of(text)
            if not key:
                blanks += op != "removed"
                continue
            rows.append(Row(line, "marker" if op == "shown" and is_marker(text) else op, text, key, number, blanks))
            blanks = blanks if op == "removed" else 0
    return tuple(rows)


def _is_foreign(edit: Edit, path: str) -> bool:
    leaf = _leaf(path)
    if edit.path and path and edit.path_source == "own":
        return _leaf(edit.path) != leaf
    language = by_name(edit.language)
    name = language.name if language else edit.language
    return name in _SHELLS and not leaf.endswith((".sh", ".bash", ".zsh", ".ps1", ".bat"))


def _leaf(path: str) -> str:
    return PurePosixPath(path.strip().replace("\\", "/")).name


def _lines(edit: Edit, leaf: str) -> list[tuple[int, Op, str]]:
    lines = list(enumerate(edit.code.split("\n"), start=edit.start))
    if edit.format == "code":
        return [(number, "shown", text) for number, text in lines]
    if edit.format == "search_replace":
        return _search_lines(lines)
    return _patch_lines(lines, leaf)


def _patch_lines(lines: list[tuple[int, str]], leaf: str) -> list[tuple[int, Op, str]]:
    """The lines of a patch but for its parts for other files; without a file name all of it."""
    found: list[tuple[int, Op, str]] = []
    foreign = False
    for number, text in lines:
        named = _PATCH_FILE.match(text)
        if named and leaf:
            foreign = _leaf(named.group(1)) not in (leaf, "null")
        if foreign:
            continue
        if _PATCH_HEAD.match(text):
            found.append((number, "marker", text))
            continue
        op: Op = "added" if text.startswith("+") else "removed" if text.startswith("-") else "shown"
        found.append((number, op, text[1:] if text[:1] in ("+", "-", " ") else text))
    return found


def _search_lines(lines: list[tuple[int, str]]) -> list[tuple[int, Op, str]]:
    """What a search text holds is evidence of removal only where its replacement does not show it again."""
    found: list[tuple[int, Op, str]] = []
    old: list[tuple[int, str]] = []
    new: list[tuple[int, str]] = []
    side: list[tuple[int, str]] | None = None
    for number, text in [*lines, (0, ">>>>>>> REPLACE")]:  # the last block may lack its end
        if _SEARCH.match(text):
            found.append((number, "marker", text))
            old, new = [], []
            side = old
        elif side is old and _DIVIDER.match(text):
            side = new
        elif _REPLACED.match(text):
            kept = {key_of(line) for _, line in new}
            found.extend((at, "removed", line) for at, line in old if key_of(line) not in kept)
            found.extend((at, "shown", line) for at, line in new)
            old, new, side = [], [], None
        elif side is not None:
            side.append((number, text))
    return found
