"""One piece of the chat's code, laid along the merged text.

Must not know: the original, hunks, prose. The piece keeps its order, so a line that stands in many places is found
where its neighbours are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from applyweb.core.diff.lcs import Pairs, common_pairs
from applyweb.core.support.rows import Row, is_telling

Run = tuple[int, int]  # first and last of some rows, both included


class Placed:
    """The rows of a piece but for removed ones. Merged lines are told by their index among those that are not blank:
    `at_row` has the place of each row that has one, `row_at` is the way back. `runs` are the rows that stand one after
    another here and there, `telling` those that say something, with None for a marker: code that is not shown."""

    def __init__(self, rows: Sequence[Row], merged: Sequence[str], places: Mapping[str, Sequence[int]]) -> None:
        self.rows = [row for row in rows if row.op != "removed"]
        numbers: dict[str, int] = {}
        mine = [numbers.setdefault(row.key, len(numbers)) if row.op != "marker" else -1 for row in self.rows]
        # Only the merged lines that it shows are looked at: an answer may be of thousands of pieces.
        ats = sorted(at for key in numbers for at in places.get(key, ()))
        there = [numbers[merged[at]] for at in ats]
        pairs = _laid(mine, there, ats)
        self.at_row = _together({row: ats[index] for row, index in pairs}, mine, dict(zip(ats, there, strict=True)))
        self.row_at = {at: row for row, at in self.at_row.items()}
        self.runs = _runs(self.at_row)
        self.telling = [
            None if row.op == "marker" else number
            for number, row in enumerate(self.rows)
            if row.op == "marker" or is_telling(row.key)
        ]

    def has_neighbour(self, at: int) -> bool:
        """Whether the line above or below is shown by the neighbouring row."""
        row = self.row_at[at]
        return self.row_at.get(at - 1) == row - 1 or self.row_at.get(at + 1) == row + 1

    def has_marker(self, rows: range) -> bool:
        return any(self.rows[row].op == "marker" for row in rows)


def _laid(mine: Sequence[int], there: Sequence[int], ats: Sequence[int]) -> Pairs:
    """A longest common subsequence. Of two, one sought from the top and one from the bottom, that which stands less
    scattered: where a line is lost, the others may be found elsewhere as well."""
    pairs = common_pairs(mine, there)
    if len(pairs) == min(len(mine), len(there)):
        return pairs
    last, end = len(mine) - 1, len(there) - 1
    backwards = [(last - row, end - index) for row, index in reversed(common_pairs(mine[::-1], there[::-1]))]
    return max(
        pairs, backwards, key=lambda found: sum(ats[above] + 1 == ats[at] for (_, above), (_, at) in pairwise(found))
    )


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


def _runs(places: Mapping[int, int]) -> list[Run]:
    runs: list[Run] = []
    for row in sorted(places):
        if runs and runs[-1][1] + 1 == row and places[row - 1] + 1 == places[row]:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
