"""Moved lines for the rows of a diff: which lines they are, and the words with a way to the other end.

Must not know: where a row stands, decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from applyweb.core.diff import Hunk, Moved


@dataclass(frozen=True, slots=True)
class Moves:
    """The blocks by each of their lines (0-based), of the original and of the merged text."""

    old: dict[int, Moved]
    new: dict[int, Moved]

    def strip(self, old: int | None, new: int | None) -> str:
        """The HTML that stands above the row of these lines where a block begins with one of them, else ""."""
        strips = []
        if old is not None and (block := self.old.get(old)) is not None and block.old_start == old:
            strips.append(_strip("to", block.new_start, block.new_hunk, block))
        if new is not None and (block := self.new.get(new)) is not None and block.new_start == new:
            strips.append(_strip("from", block.old_start, block.old_hunk, block))
        return "".join(strips)

    def words(self, hunk: Hunk, old: Sequence[str], new: Sequence[str]) -> str:
        """Where a hunk that is nothing but a moved block went or came from, such as "to line 12"; "" for another."""
        removed, added = range(hunk.old_start, hunk.old_end), range(hunk.new_start, hunk.new_end)
        if not added and (block := _first(removed, self.old, old)) is not None:
            return f"to line {block.new_start + 1:,}"
        if not removed and (block := _first(added, self.new, new)) is not None:
            return f"from line {block.old_start + 1:,}"
        return ""


def moves_of(blocks: Sequence[Moved]) -> Moves:
    """All blocks of a diff, ready to be looked up."""
    return Moves(
        {block.old_start + k: block for block in blocks for k in range(block.count)},
        {block.new_start + k: block for block in blocks for k in range(block.count)},
    )


NO_MOVES = Moves({}, {})


def _first(lines: range, blocks: dict[int, Moved], texts: Sequence[str]) -> Moved | None:
    """The first block of `lines`, if all of these but blank ones are of blocks."""
    if any(at not in blocks and texts[at].strip() for at in lines):
        return None
    return next((blocks[at] for at in lines if at in blocks), None)


def _strip(way: str, line: int, hunk_id: str, block: Moved) -> str:
    change = "not a word changed" + (f", {_indent(block.indent)}" if block.indent else "")
    return (
        f'<div class="moveto {way}"><svg class="i" aria-hidden="true"><use href="#i-moved"/></svg><span>Moved, {way} '
        f'<button class="link" type="button" data-go="{hunk_id}">line {line + 1:,}</button>'
        f"; {block.count:,} lines, {change}</span></div>"
    )


def _indent(by: int) -> str:
    return f"indented by {by} more" if by > 0 else f"indented by {-by} less"
