"""Whether a line of one function would be taken for a line of another.

Must not know: alignments, runs, what a pair is worth.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from applyweb.core.merge.lines import Lines, Owners, likeness, weighs_little
from applyweb.core.merge.rules import shows_rules, telling_parts

_SAME_NAME = 0.9  # names less alike than this are of different functions


class Strangers:
    """Pairs of edit row and original row. `rows` are the solid rows of the edit, `gaps_before` counts for each of them
    the markers above it."""

    def __init__(self, edit: Lines, original: Lines, rows: Sequence[int], gaps_before: Sequence[int]) -> None:
        self.edit, self.original, self.rows, self.gaps_before = edit, original, rows, gaps_before
        self.ruled = shows_rules(edit, gaps_before[-1])
        self.owners, self.their_owners = Owners(edit, self.ruled), Owners(original, self.ruled)
        self.members: dict[str, set[tuple[str, str]]] = {}

    def foreign(self, row: int, at: int) -> bool:
        """Whether a line of one function would stand in another, which is no new name of the same. Only where the edit
        shows the function's head without a marker between: a marker may hide where the next one begins."""
        return self.strays(row, at) and not self._gap_above(row)

    def _gap_above(self, row: int) -> bool:
        index = bisect_left(self.rows, row)
        return self.gaps_before[index] != self.gaps_before[bisect_left(self.rows, self.owners.row(row))]

    def strays(self, row: int, at: int) -> bool:
        """The same, whatever markers stand between: such a pair is worth less."""
        ours, theirs = self.owners.name(row), self.their_owners.name(at)
        if ours and ours == theirs and self._in_other_class(row, at):
            return True
        if ours and ours == theirs and self.ruled:
            return self._in_other_block(row, at)
        if not ours or ours == theirs or (not theirs and self.owners.row(row) > row):
            return False  # nothing, the same, or a comment above
        if self.their_owners.declares(ours):
            return True
        if theirs and self.owners.declares(theirs):
            return not self._splits(row, at)
        if not theirs:
            return False
        if self.ruled:
            ours, theirs = telling_parts(ours, theirs)
        return likeness(ours, theirs) < _SAME_NAME

    def _in_other_block(self, row: int, at: int) -> bool:
        """Whether blocks of one name are of blocks that are strangers."""
        outer = self.edit.parents[self.owners.row(row)]
        their_outer = self.original.parents[self.their_owners.row(at)]
        return outer >= 0 and their_outer >= 0 and self.strays(outer, their_outer)

    def _splits(self, row: int, at: int) -> bool:
        """Whether lines that stand nowhere else move on from one shown function into a new one below it."""
        key = self.edit.keys[row]
        if len(self.original.where.get(key, ())) != 1 or len(self.edit.where.get(key, ())) != 1 or weighs_little(key):
            return False
        name = self.their_owners.name(at)
        shown = self.owners.showing(name)
        if len(shown) != 1 or shown[0] >= row:
            return False
        first, last = bisect_left(self.rows, shown[0]), bisect_left(self.rows, row)
        return self.gaps_before[first] == self.gaps_before[last]

    def _in_other_class(self, row: int, at: int) -> bool:
        """Whether two lines of functions of one name are of different classes, though the right one has that function
        too."""
        ours = self.owners.name(self.edit.parents[self.owners.row(row)])
        theirs = self.their_owners.name(self.original.parents[self.their_owners.row(at)])
        if ours == theirs or not (self.ruled or (ours and theirs)):
            return False
        return self._has_member(ours, self.owners.name(row))

    def _has_member(self, outer: str, name: str) -> bool:
        """Whether the original has a function of this name in a function or class of that name."""
        leaf = name.rsplit(".", 1)[-1].strip()
        if leaf not in self.members:
            lines, owners = self.original, self.their_owners
            near = lines.holding(leaf) if self.ruled else lines.declaring(leaf)
            rows = (row for row in near if (self.ruled or lines.parents[row] >= 0) and owners.is_header(row))
            self.members[leaf] = {(owners.name(lines.parents[row]), owners.title(row)) for row in rows}
        return (outer, name) in self.members[leaf]
