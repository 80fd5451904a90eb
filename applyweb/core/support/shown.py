"""Where the chat's code stands in the merged text.

Must not know: the original, prose. Each piece of code is laid along the merged text in order, so a line
that stands in many places is found where its neighbours are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby, pairwise

from applyweb.core.diff.lcs import common_pairs
from applyweb.core.support.rows import Row

_BETWEEN = 40  # lines; more between two shown neighbours means that one of them stands elsewhere
_TELLING = re.compile(r"(?:[^\W_][\W_]*){4}")  # a bracket or `end` says nothing alone


class Shown:
    """The merged text's lines, told by their keys, with the chat rows that show them."""

    def __init__(self, rows: Sequence[Row], merged: Sequence[str]) -> None:
        self._solid = [number for number, key in enumerate(merged) if key]  # merged lines that are not blank
        self._keys = [merged[number] for number in self._solid]
        self._count = Counter(self._keys)
        places: dict[str, list[int]] = {}
        for at, key in enumerate(self._keys):
            places.setdefault(key, []).append(at)
        groups = groupby(rows, key=lambda row: row.edit)
        self._pieces = [_Piece(list(group), self._keys, places) for _, group in groups]
        self._showing: dict[int, list[_Piece]] = {}  # by merged line, as an index
        for piece in self._pieces:
            for at in piece.row_at:
                self._showing.setdefault(at, []).append(piece)

    def asks_for(self, start: int, end: int) -> set[int]:
        """Chat lines that show the merged lines [start, end): lines that tell something, in their place."""
        first, last = self._range(start, end)
        lines: set[int] = set()
        shown: dict[_Piece, dict[int, int]] = {}
        for at in range(first, last):
            for piece in self._showing.get(at, ()):
                shown.setdefault(piece, {})[at] = piece.row_at[at]
        for piece, here in shown.items():
            if any(self._is_sure(piece, at) for at in here) or (
                all(piece.has_neighbour(at) for at in here) and first + len(here) == last
            ):
                lines.update(piece.rows[row].line for row in here.values())
        return lines

    def asks_for_nothing_between(self, start: int, end: int) -> set[int]:
        """Chat lines that show what stands before and after the merged lines [start, end), all blank, as
        direct neighbours, or that begin or end a piece of code just there: what stood between has been
        replaced."""
        first, last = self._range(start, end)
        if first != last:
            return set()
        lines: set[int] = set()
        for piece in dict.fromkeys([*self._showing.get(first - 1, ()), *self._showing.get(last, ())]):
            above, below = piece.row_at.get(first - 1), piece.row_at.get(last)
            if above is not None and below is not None:
                if above + 1 == below:
                    lines |= {piece.rows[above].line, piece.rows[below].line}
            elif above is not None and above == len(piece.rows) - 1 and piece.has_neighbour(first - 1):
                lines.add(piece.rows[above].line)
            elif below == 0 and piece.has_neighbour(last):
                lines.add(piece.rows[below].line)
        return lines

    def leftovers(self, original: Collection[str]) -> tuple[int, ...]:
        """1-based merged lines that stand between two lines which the chat shows as neighbours: they were put in by
        nobody's wish, or should have gone. Only where both neighbours are beyond doubt; brackets and the like count
        for nothing on either side. Where one of the two is new, it may have been put a little further on, beyond
        lines of the original (given by their keys)."""
        found: set[int] = set()
        for piece in self._pieces:
            for above, below in pairwise(piece.telling):
                if above is None or below is None or above not in piece.at_row or below not in piece.at_row:
                    continue
                first, last = piece.at_row[above], piece.at_row[below]
                if last - first <= _BETWEEN and self._is_sure(piece, first) and self._is_sure(piece, last):
                    moved = self._keys[first] not in original or self._keys[last] not in original
                    between = [at for at in range(first + 1, last) if is_telling(self._keys[at])]
                    found.update(self._solid[at] + 1 for at in between if not (moved and self._keys[at] in original))
        return tuple(sorted(found))

    def lost_between(self) -> set[int]:
        """Chat lines whose neighbours above and below stand close together in the merged text, without them."""
        found = set()
        for piece in self._pieces:
            for above, row, below in zip(piece.telling, piece.telling[1:], piece.telling[2:], strict=False):
                if above is None or row is None or below is None or row in piece.at_row:
                    continue
                first, last = piece.at_row.get(above), piece.at_row.get(below)
                if first is None or last is None or last - first > _BETWEEN:
                    continue
                if self._is_sure(piece, first) and self._is_sure(piece, last):
                    found.add(piece.rows[row].line)
        return found

    def _is_sure(self, piece: _Piece, at: int) -> bool:
        key = self._keys[at]
        if self._count[key] == 1:
            return any(map(str.isalnum, key))
        return is_telling(key) and piece.has_neighbour(at)

    def _range(self, start: int, end: int) -> tuple[int, int]:
        """Line numbers as indices into the lines that are not blank."""
        return bisect_left(self._solid, start), bisect_left(self._solid, end)


class _Piece:
    """One piece of code: its rows but for removed ones, and for merged lines (as indices) the row that
    shows each."""

    def __init__(self, rows: list[Row], merged: Sequence[str], places: Mapping[str, list[int]]) -> None:
        self.rows = [row for row in rows if row.op != "removed"]
        numbers: dict[str, int] = {}
        mine = [numbers.setdefault(row.key, len(numbers)) if row.op != "marker" else -1 for row in self.rows]
        # Only the merged lines that it shows are looked at: an answer may be of thousands of pieces.
        ats = sorted(at for key in numbers for at in places.get(key, ()))
        pairs = common_pairs(mine, [numbers[merged[at]] for at in ats])
        theirs = {at: numbers[merged[at]] for at in ats}
        self.at_row = _together({row: ats[index] for row, index in pairs}, mine, theirs)
        self.row_at = {at: row for row, at in self.at_row.items()}
        # the rows that tell something, with None where code is not shown
        self.telling = [
            None if row.op == "marker" else number
            for number, row in enumerate(self.rows)
            if row.op == "marker" or is_telling(row.key)
        ]

    def has_neighbour(self, at: int) -> bool:
        """Whether the line above or below is shown by the neighbouring row."""
        row = self.row_at[at]
        return self.row_at.get(at - 1) == row - 1 or self.row_at.get(at + 1) == row + 1


def _together(places: dict[int, int], mine: Sequence[int], theirs: Mapping[int, int]) -> dict[int, int]:
    """The same pairs drawn together: a line that stands in several places is taken beside the one above it, else beside
    the one below. A longest common subsequence alone may take the closing lines of some other block."""
    for row in sorted(places):
        above = places.get(row - 1)
        if above is not None and above + 1 < places[row] and theirs.get(above + 1) == mine[row]:
            places[row] = above + 1
    for row in sorted(places, reverse=True):
        above, below = places.get(row - 1), places.get(row + 1)
        if below is None or (above is not None and above + 1 == places[row]):
            continue
        if places[row] < below - 1 and theirs.get(below - 1) == mine[row]:
            places[row] = below - 1
    return places


def is_telling(key: str) -> bool:
    """Whether a line without its white space says something by itself: it has a few letters or digits."""
    return _TELLING.search(key[:40]) is not None
