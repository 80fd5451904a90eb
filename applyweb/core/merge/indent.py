"""Where an edit's lines stand: indentation is inherited from the block around a line.

An edit may be dedented, indented, or written with another unit than the original. A line of it stands as deep below its
parent as the edit says, and the parent stands where the original has it.

Must not know: gaps, splices.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from applyweb.core.merge.lines import Lines, indent_of


class Indenter:
    """Writes edit rows with the indentation that they have in the original. `at` maps paired edit rows to
    original rows."""

    def __init__(self, edit: Lines, original: Lines, at: Mapping[int, int]) -> None:
        self.edit, self.original, self.at = edit, original, at
        self.top = self._top_reference()
        self.levels: dict[int, list[int]] = {}  # the paired rows of each indentation, in order
        for row in sorted(at):
            self.levels.setdefault(edit.indents[row], []).append(row)
        self.known: dict[int, tuple[str, str]] = {}

    def text(self, row: int) -> str:
        """The line as it is to stand in the original."""
        key = self.edit.keys[row]
        if not key:
            return ""
        ours, theirs = self._reference(row)
        content = self.edit.texts[row].lstrip(" \t")
        return self._shift(indent_of(self.edit.texts[row]), ours, theirs) + content

    def moved(self, row: int) -> bool:
        """Whether a paired row stands elsewhere (deeper, less deep) than the edit's own structure says."""
        parent = self.edit.parents[row]
        if parent < 0:
            return False
        content = self.edit.texts[row].lstrip(" \t")
        wanted = self.text(row)
        actual = indent_of(self.original.texts[self.at[row]])
        return wanted[: len(wanted) - len(content)].expandtabs(4) != actual.expandtabs(4)

    def shifted(self, row: int, ours: str, theirs: str) -> str:
        """The line where what stands as deep as `ours` in the edit is to stand as deep as `theirs`."""
        content = self.edit.texts[row].lstrip(" \t")
        return self._shift(indent_of(self.edit.texts[row]), ours, theirs) + content if content else ""

    def _reference(self, row: int) -> tuple[str, str]:
        """(edit indentation, original indentation) of the nearest line whose place is known."""
        trail = []
        while row >= 0 and row not in self.known:
            trail.append(row)
            row = self.edit.parents[row]
        found = self.known[row] if row >= 0 else self.top
        for child in reversed(trail):
            parent = self.edit.parents[child]
            if parent < 0:
                found = self._own(child) or self._nearest(child) or self.top
            elif (own := self._own(parent)) is not None and self.edit.parents[parent] < 0:
                found = own
            self.known[child] = found
        return found

    def _own(self, row: int) -> tuple[str, str] | None:
        at = self.at.get(row)
        return None if at is None else (indent_of(self.edit.texts[row]), indent_of(self.original.texts[at]))

    def _nearest(self, row: int) -> tuple[str, str] | None:
        """What is known of the nearest paired row of the same indentation; of two, of the upper one."""
        rows = self.levels.get(self.edit.indents[row], [])
        index = bisect_left(rows, row)
        near = rows[max(0, index - 1) : index + 1]
        return self._own(min(near, key=lambda other: abs(other - row))) if near else None

    def _top_reference(self) -> tuple[str, str]:
        if not self.at:
            return "", ""
        row = min(self.at, key=lambda row: (self.edit.indents[row], row))
        return indent_of(self.edit.texts[row]), indent_of(self.original.texts[self.at[row]])

    def _shift(self, indent: str, ours: str, theirs: str) -> str:
        if ours == theirs and (indent == ours or not indent.startswith(ours) or self._same_unit()):
            return indent if indent == ours or self._same_unit() else self._convert(indent)
        if indent.startswith(ours):
            return theirs + self._convert(indent[len(ours) :])
        if ours.startswith(indent):
            lost = len(self._convert(ours[len(indent) :]))
            return theirs[: max(0, len(theirs) - lost)]
        return theirs

    def _convert(self, extra: str) -> str:
        """Indentation in the edit's unit, written in the original's."""
        unit, their_unit = self.edit.unit, self.original.unit
        if not extra or unit == their_unit or not unit or not their_unit:
            return extra
        step = len(unit) if unit != "\t" else 4
        width = len(extra.expandtabs(step))
        if unit != "\t" and their_unit != "\t":
            return extra  # both use spaces: hanging indents say little about the unit
        return their_unit * (width // step) + " " * (width % step)

    def _same_unit(self) -> bool:
        return self.edit.unit == self.original.unit
