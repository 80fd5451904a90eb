"""Where the blocks end that a piece of an edit is in: as far as the edit closes them, and in the original.

Must not know: splices, doubts, likeness.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from applyweb.core.merge.blocks import balance
from applyweb.core.merge.closers import Pair
from applyweb.core.merge.scene import Scene

DEPTH_OF_END = -2  # the edit ends here: every block is closed


class Bounds:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.edit, self.gaps, self.original, self.at = scene.edit, scene.gaps, scene.original, scene.at
        self.owners, self.their_owners = scene.owners, scene.their_owners
        self.ats = sorted(scene.at.values())

    def closed_above(self, left: Pair, right: Pair) -> int:
        """In a view, the header of a class or the like that the edit opens and closes above the right pair, with a
        marker for some of its members and a change of its own; -1 for none. A block that changes nothing is shown for
        what goes below it, and a marker between functions may hide where one ends."""
        header = left.row if self.edit.ends[left.row] > left.row + 1 else self.edit.parents[left.row]
        while header >= 0 and self.edit.indents[header] > self.edit.indents[right.row]:
            header = self.edit.parents[header]
        if header < 0 or header not in self.at or self.edit.name(header)[0] != "class":
            return -1
        inside = range(header + 1, self.edit.ends[header])
        theirs = range(self.at[header], self.original.ends[self.at[header]])
        if inside.stop > right.row or any(self.at.get(row, theirs.start) not in theirs for row in inside):
            return -1
        solid = [row for row in self.scene.solid(inside) if not self.gaps[row]]
        changes = any(row not in self.at or row in self.scene.changed for row in solid)
        return header if changes and any(self.gaps[row] and self.edit.parents[row] == header for row in inside) else -1

    def block_end(self, marker: int, rows: Sequence[int]) -> int | None:
        """Where the outermost block ends that holds the marker and that the edit closes before these rows."""
        solid = self.scene.solid(rows)
        if not solid:
            return None
        depth = self.edit.indents[solid[0]]
        header, end = self.edit.parents[marker], None
        while header >= 0:
            closes = self.edit.ends[header] <= solid[0] and depth <= self.edit.indents[header]
            closes = closes and self.edit.name(header)[0] != "section"
            if closes and header in self.at and self.original.ends[self.at[header]] > self.at[header] + 1:
                end = self.original.ends[self.at[header]]
            header = self.edit.parents[header]
        return end

    def in_one_function(self, left: Pair, right: Pair) -> bool:
        """Whether both pairs are of one function, on either side, that the edit shows whole."""
        header = self.owners.row(left.row)
        if header < 0 or right.row >= self.edit.ends[header] or left.row < header:
            return False
        theirs = self.their_owners.row(left.at)
        if theirs < 0 or right.at >= self.original.ends[theirs]:
            return False
        return self.scene.gaps_before[self.edit.ends[header]] == self.scene.gaps_before[header]

    def outermost(self, row: int) -> int:
        while self.edit.parents[row] >= 0:
            row = self.edit.parents[row]
        return row

    def end_of_block(self, left: Pair, low: int) -> int:
        """Where the original ends the outermost block of the edit that this pair is in."""
        return self.end_of(self.outermost(left.row), low)

    def end_of(self, header: int, low: int) -> int:
        return max(low, self.original.ends[self.at[header]]) if header in self.at else low

    def closed_limit(self, row: int, depth: int) -> int:
        """Where the outermost block ends that is open at this paired row and that the edit closes before a marker
        of this indentation (or before its own end)."""
        limit = self.at[row] + 1
        header = row if self.edit.ends[row] > row + 1 else self.edit.parents[row]
        while header >= 0:
            if header in self.at and self._closed(header, depth):
                limit = max(limit, self.original.ends[self.at[header]])
            header = self.edit.parents[header]
        return limit

    def _closed(self, header: int, depth: int) -> bool:
        if balance(self.edit.keys[header : self.edit.ends[header]]) > 0:
            return False
        kind = self.edit.name(header)[0]
        if depth == DEPTH_OF_END:
            return kind == "def"
        return kind not in ("section", "class") and self.edit.indents[header] >= depth

    def block_limit(self, rows: list[int], high: int) -> int:
        """A piece at the end of the edit stays inside the block that encloses it there."""
        solid = self.scene.solid(rows)
        if not solid:
            return high
        header = self.edit.parents[solid[0]]
        while header >= 0:
            if header in self.at:
                return min(high, self.original.ends[self.at[header]])
            header = self.edit.parents[header]
        return high

    def end_of_pair(self, pair: Pair) -> int:
        """The row after what a changed header replaces: a function that is now one line loses its old body."""
        row, at = pair.row, pair.at
        if pair.same:
            return at + 1
        whole = self.owners.row(row) == row and self.edit.ends[row] == row + 1 and self.original.ends[at] > at + 1
        index = bisect_left(self.edit.solid, row) + 1
        follows = self.edit.solid[index : index + 1]
        shown = bool(follows) and (self.gaps[follows[0]] or self.edit.indents[follows[0]] > self.edit.indents[row])
        key = self.edit.keys[row]
        inner = range(at + 1, self.original.ends[at])
        if not whole or shown or key.endswith((":", "{", "(", ",", "=>", "=")):
            return at + 1
        following = bisect_left(self.ats, inner.start)
        return at + 1 if following < len(self.ats) and self.ats[following] in inner else inner.stop
