"""An answer's lines -> blocks: fenced code (nested, longer, `~~~`, unclosed), bare patches, and prose.

Must not know: file names, formats of code inside a fence, the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_FENCE = re.compile(r"^( {0,12}|\t{0,3})(`{3,}|~{3,})[ \t]*(.*?)[ \t]*$")
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
    prose_from = at = 0
    while at < len(lines):
        block = _fence_at(lines, at) or _bare_at(lines, at)
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


def _fence_at(lines: list[str], at: int) -> Block | None:
    opening = _FENCE.match(lines[at])
    if opening is None or (opening[2][0] == "`" and "`" in opening[3]):
        return None
    end = _fence_end(lines, at, opening[2], nested=True)
    if end is None:
        end = _fence_end(lines, at, opening[2], nested=False)
    closed = end is not None
    if end is None:
        end = _next_opening(lines, at, opening[2])
    content = tuple(_without_indent(line, len(opening[1])) for line in lines[at + 1 : end])
    return Block("fence", at + 1, end, end + 1 if closed else end, content, opening[3], closed)


def _fence_end(lines: list[str], at: int, mark: str, *, nested: bool) -> int | None:
    """The closing line. With `nested`, a fence with an info string inside opens an inner one that must close first."""
    depth = 0
    for row in range(at + 1, len(lines)):
        found = _FENCE.match(lines[row])
        if found is None or found[2][0] != mark[0] or len(found[2]) < len(mark):
            continue
        if not found[3]:
            if depth == 0:
                return row
            depth -= 1
        elif nested and len(found[1]) <= 3:
            depth += 1
        elif not nested and len(found[1]) <= 3 and len(found[2]) == len(mark):
            return None
    return None


def _next_opening(lines: list[str], at: int, mark: str) -> int:
    """Where an unclosed fence ends: before the next opening fence of its kind, else at the end of the answer."""
    for row in range(at + 1, len(lines)):
        found = _FENCE.match(lines[row])
        if found is not None and found[2] == mark and found[3]:
            return row
    return len(lines)


def _without_indent(line: str, width: int) -> str:
    """A fence in a list item is indented, and its content with it."""
    return line[width:] if not line[:width].strip(" \t") else line.lstrip(" \t")


def _bare_at(lines: list[str], at: int) -> Block | None:
    """A patch that stands in the answer without a fence."""
    line = lines[at]
    if _BEGIN_PATCH.match(line):
        end = _patch_end(lines, at)
    elif _SEARCH.match(line):
        end = next((row + 1 for row in range(at + 1, len(lines)) if _REPLACE_END.match(lines[row])), at)
    elif line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
        end = _hunks_end(lines, at + 2)
    elif line.startswith("diff --git ") or _HUNK.match(line):
        end = _hunks_end(lines, at)
    else:
        return None
    return Block("bare", at, end, end, tuple(lines[at:end])) if end > at else None


def _patch_end(lines: list[str], at: int) -> int:
    for row in range(at + 1, len(lines)):
        if lines[row].startswith("*** End Patch"):
            return row + 1
    for row in range(at + 1, len(lines)):
        if lines[row] and lines[row][0] not in " +-@*\\\t":
            return row
    return len(lines)


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
