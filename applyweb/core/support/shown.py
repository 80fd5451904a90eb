"""Where the chat's code stands in the merged text, and which changes it asks for there.

Must not know: hunks, prose.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise

from applyweb.core.support.placed import Placed
from applyweb.core.support.rows import Row, is_telling, key_of, read_rows
from applyweb.core.text import split_lines

BETWEEN = 40  # lines; more between two shown neighbours means that one of them stands elsewhere


@lru_cache(maxsize=1)  # checks and support ask of the same texts, one after the other
def read_shown(chat: str, path: str, merged: str) -> Shown:
    """The chat's code in the merged text. `path` tells pieces of the chat for other files apart."""
    return Shown(read_rows(chat, path), [key_of(line) for line in split_lines(merged)])


class Shown:
    """The merged text's lines, told by their keys, with the chat rows that show them. `solid` are the numbers of the
    lines that are not blank; all else counts only these, by their index, as `Placed` does."""

    def __init__(self, rows: Sequence[Row], merged: Sequence[str]) -> None:
        self.solid = [number for number, key in enumerate(merged) if key]
        self.keys = [merged[number] for number in self.solid]
        self.count = Counter(self.keys)
        self.places = places_of(self.keys)
        groups = groupby(rows, key=lambda row: row.edit)
        self.pieces = [Placed(list(group), self.keys, self.places) for _, group in groups]
        self._showing: dict[int, list[Placed]] = {}
        for piece in self.pieces:
            for at in piece.row_at:
                self._showing.setdefault(at, []).append(piece)

    def shows_at(self, at: int) -> bool:
        return at in self._showing

    def asks_for(self, start: int, end: int) -> set[int]:
        """Chat lines that show the merged lines [start, end): lines that tell something, in their place."""
        first, last = self._range(start, end)
        lines: set[int] = set()
        shown: dict[Placed, dict[int, int]] = {}
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

    def leftovers(self, original: Mapping[str, Sequence[int]], came: Collection[int]) -> tuple[int, ...]:
        """1-based merged lines that stand between two lines which the chat shows as neighbours: they were put in by
        nobody's wish, or should have gone. Only where both neighbours are beyond doubt; brackets and the like count
        for nothing on either side. `original` has the places of its keys, `came` the numbers of the merged lines that
        it lacks or has elsewhere."""
        found: set[int] = set()
        for piece in self.pieces:
            for above, below in pairwise(piece.telling):
                if above is None or below is None or above not in piece.at_row or below not in piece.at_row:
                    continue
                first, last = piece.at_row[above], piece.at_row[below]
                if 1 < last - first <= BETWEEN and self._is_sure(piece, first) and self._is_sure(piece, last):
                    between = (at for at in range(first + 1, last) if is_telling(self.keys[at]))
                    found.update(at for at in between if self._is_left(first, at, last, original, came))
        return tuple(self.solid[at] + 1 for at in sorted(found))

    def _is_left(
        self, above: int, at: int, below: int, original: Mapping[str, Sequence[int]], came: Collection[int]
    ) -> bool:
        """Whether a line is too many between two others. One that is new may have been put a little further on, beyond
        lines, but no copies of such, that have always stood on the same side of the other one."""
        before, was, behind = (original.get(self.keys[each], ()) for each in (above, at, below))
        if not was or (before and behind) or (self.count[self.keys[at]] > len(was) and self.solid[at] in came):
            return True
        return bool((before and before[0] > was[-1]) or (behind and behind[-1] < was[0]))

    def _is_sure(self, piece: Placed, at: int) -> bool:
        key = self.keys[at]
        if self.count[key] == 1:
            return any(map(str.isalnum, key))
        return is_telling(key) and piece.has_neighbour(at)

    def _range(self, start: int, end: int) -> tuple[int, int]:
        """Line numbers as indices into the lines that are not blank."""
        return bisect_left(self.solid, start), bisect_left(self.solid, end)


def places_of(keys: Sequence[str]) -> dict[str, list[int]]:
    """Where each key stands, in order."""
    places: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        places.setdefault(key, []).append(at)
    return places
