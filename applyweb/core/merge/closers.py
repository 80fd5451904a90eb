"""Pairs of an alignment, and closing lines that follow their headers.

Must not know: how pairs are found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from applyweb.core.merge.lines import Lines, continues, is_closer


@dataclass(frozen=True, slots=True)
class Pair:
    """Edit row `row` stands at original row `at`; `same` where the keys are equal, else only the declared name is."""

    row: int
    at: int
    same: bool


def settle_closers(edit: Lines, original: Lines, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Closing lines follow their headers: one whose header stands elsewhere is unpaired, and one whose header is
    paired is paired with the end of the header's block."""
    at = {pair.row: pair.at for pair in pairs}
    taken = set(at.values())
    kept: dict[int, Pair] = {}
    for pair in pairs:
        ours, theirs = edit.closer_of(pair.row), original.closer_of(pair.at)
        free = ours not in at and theirs >= 0 and theirs not in taken
        may_be_one = free and (_begin_alike(edit, ours, original, theirs) or _first_inside(edit, ours, at, theirs))
        follows = ours < 0 or at.get(ours, -1) == theirs or may_be_one
        if follows or not is_closer(edit.keys[pair.row]) or _goes_on(edit, original, kept, pair):
            kept[pair.row] = pair
    rows = sorted(kept)
    for header in list(rows):
        last, end = edit.ends[header] - 1, original.ends[kept[header].at] - 1
        if (
            last in kept
            or last <= header
            or edit.closer_of(last) != header
            or original.closer_of(end) != kept[header].at
        ):
            continue
        if not is_closer(edit.keys[last]) or edit.keys[last][0] != original.keys[end][0]:
            continue
        index = bisect_left(rows, last)
        before = rows[index - 1] if index else -1
        after = rows[index] if index < len(rows) else -1
        if (before < 0 or kept[before].at < end) and (after < 0 or end < kept[after].at):
            rows.insert(index, last)
            kept[last] = Pair(last, end, edit.keys[last] == original.keys[end])
    return tuple(kept[row] for row in sorted(kept))


def _goes_on(edit: Lines, original: Lines, kept: Mapping[int, Pair], pair: Pair) -> bool:
    """Whether a closing line of a block whose head is not shown stands right below a kept pair, as deep beside it."""
    header = edit.closer_of(pair.row)
    if header >= 0 and not continues(edit.keys[header]):
        return False
    above = bisect_left(edit.solid, pair.row) - 1
    over = bisect_left(original.solid, pair.at) - 1
    if above < 0 or over < 0 or edit.solid[above] not in kept or kept[edit.solid[above]].at != original.solid[over]:
        return False
    row, at = edit.solid[above], original.solid[over]
    return edit.indents[pair.row] - edit.indents[row] == original.indents[pair.at] - original.indents[at]


def _first_inside(edit: Lines, row: int, at: Mapping[int, int], header: int) -> bool:
    """Whether the line right below a header is paired with the one right below another."""
    return row >= 0 and row + 1 < edit.size and at.get(row + 1) == header + 1


def _begin_alike(edit: Lines, row: int, original: Lines, at: int) -> bool:
    """Whether two headers may be one, before and after a change."""
    ours, theirs = edit.name(row), original.name(at)
    if ours[0] and theirs[0]:
        return ours == theirs
    first, second = re.match(r"\W*\w*", edit.keys[row]), re.match(r"\W*\w*", original.keys[at])
    return first is not None and second is not None and first[0] == second[0]
