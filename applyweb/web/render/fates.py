"""What became of the hunks of a rebase, in words. Must not know: requests, HTML, how it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from applyweb.core.rebase import Fate


@dataclass(frozen=True, slots=True)
class FateCounts:
    """How many hunks of the version before there are of each kind."""

    unchanged: int
    moved: int
    conflicts: int
    already: int


def count_fates(fates: Iterable[Fate]) -> FateCounts:
    """The numbers of all kinds."""
    tally = Counter(fate.state for fate in fates)
    return FateCounts(tally["unchanged"], tally["moved"], tally["conflict"], tally["already"])


def fates_sentence(counts: FateCounts) -> str:
    """Such as "3 hunks carry over as they are, 1 to other lines, 1 is in conflict, 1 is in the new file already."."""
    told = [
        (counts.unchanged, "carries over as it is", "carry over as they are"),
        (counts.moved, "carries over to other lines", "carry over to other lines"),
        (counts.conflicts, "is in conflict", "are in conflict"),
        (counts.already, "is in the new file already", "are in the new file already"),
    ]
    said = [f"{number:,} {one if number == 1 else many}" for number, one, many in told if number]
    if not said:
        return "There is no hunk to carry over."
    number, _, rest = said[0].partition(" ")
    first = f"{number} hunk{'' if number == '1' else 's'} {rest}"
    return ", ".join([first, *said[1:]]) + "."
