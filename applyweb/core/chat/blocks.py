"""An answer's lines -> blocks: fenced code (nested, longer, `~~~`, unclosed), bare patches, and prose.

Must not know: file names, formats of code inside a fence, the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from applyweb.core.chat.fences import Fences

_SEARCH = re.compile(r"^\s?(?:<{5,20}|-{5,20}) ?(?:SEARCH|ORIGINAL|HEAD)\b[^\n]*$")
_REPLACE_END = re.compile(r"^\s?(?:>{5,20}|\+{5,20}) ?(?:REPLACE|UPDATED|[\w./-]+)[^\n]*$")
_BEGIN_PATCH = re.compile(r"^\*\*\* (?:Begin Patch|Update File:|Add File:)")
_HUNK = re.compile(r"^@@(?: |$)")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `start` to `end` (0-based, half-open, the content only) of an answer. `info` and `lines` are a fence's own;
    `outer` is the line after everything that belongs to the block."""

    kind: Literal["fence", "bare", "prose"]
    start: int
    end: int
    outer: int
    lines: tuple[str, ...]
    info: str = ""
    closed: bool = True


def split_blocks(lines: list[str]) -> list[Block]:
    """The blocks in order; every line is in exactly one, the fence lines aside."""
    blocks: list[Block] = []
    fences, bare = Fences(lines), _Bare(lines)
    prose_from = at = 0
    while at < len(lines):
        block = _fence_at(lines, fences, at) or bare.at(at)
        if block is None:
            at += 1
            continue
        if prose_from < at:
            blocks.append(Block("prose", prose_from, at, at, tuple(lines[prose_from:at])))
        blocks.append(block)
        prose_from = at = block.outer
    if prose_from < len(lines):
        blocks.append(Block("prose", prose_from, len(lines), len(lines), tuple(lines[prose_from:])))
    return blocks


def _fence_at(lines: list[str], fences: Fences, at: int) -> Block | None:
    opening = fences.at.get(at)
    if opening is None or not opening.opens:
        return None
    closer = fences.closer(at)
    closed = closer is not None
    end = fences.limit(at) if closer is None else closer
    content = tuple(lines[at + 1 : end])
    if opening.indent:
        content = tuple(_without_indent(line, len(opening.indent)) for line in content)
    return Block("fence", at + 1, end, end + 1 if closed else end, content, opening.info, closed)


def _without_indent(line: str, width: int) -> str:
    """A fence in a list item is indented, and its content with it."""
    return line[width:] if not line[:width].strip(" \t") else line.lstrip(" \t")


class _Bare:
    """Patches that stand in the answer without a fence. Where each kind may end is sought once for all rows, when it is
    first asked for."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    @cached_property
    def _replace_ends(self) -> _Next:
        return _Next(row for row, line in enumerate(self._lines) if _REPLACE_END.match(line))

    @cached_property
    def _patch_ends(self) -> _Next:
        return _Next(row for row, line in enumerate(self._lines) if line.startswith("*** End Patch"))

    @cached_property
    def _strange(self) -> _Next:
        return _Next(row for row, line in enumerate(self._lines) if line and line[0] not in " +-@*\\\t")

    def at(self, at: int) -> Block | None:
        lines = self._lines
        line = lines[at]
        if _BEGIN_PATCH.match(line):
            end = self._patch_end(at)
        elif _SEARCH.match(line):
            last = self._replace_ends.after(at)
            end = at if last is None else last + 1
        elif line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
            end = _hunks_end(lines, at + 2)
        elif line.startswith("diff --git ") or _HUNK.match(line):
            end = _hunks_end(lines, at)
        else:
            return None
        return Block("bare", at, end, end, tuple(lines[at:end])) if end > at else None

    def _patch_end(self, at: int) -> int:
        last = self._patch_ends.after(at)
        if last is not None:
            return last + 1
        strange = self._strange.after(at)
        return len(self._lines) if strange is None else strange


class _Next:
    """Ascending rows, of which the next one after another is asked."""

    def __init__(self, rows: Iterable[int]) -> None:
        self._rows = list(rows)

    def after(self, row: int) -> int | None:
        at = bisect_right(self._rows, row)
        return self._rows[at] if at < len(self._rows) else None


def _hunks_end(lines: list[str], at: int) -> int:
    """The end of a bare unified diff: the first line that can be neither header, context, addition nor removal. A blank
    line belongs to it only when more of the diff follows."""
    end = row = at
    while row < len(lines):
        line = lines[row]
        if line.strip():
            if not re.match(r"[ \t+\-@\\]|diff --git |index |(?:new|deleted|old) (?:file )?mode|\*\*\* End", line):
                break
            end = row + 1
        row += 1
    return end
