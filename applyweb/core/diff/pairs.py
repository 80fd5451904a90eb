"""Which removed line became which added line, for the rows of a side-by-side view.

Must not know: hunks, HTML.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

_CELLS = 5_000  # pairs of lines compared in one block; beyond it lines pair by position
_SHOWN = 500  # characters of a line that are compared
_ALIKE = 45.0  # percent; below it two lines have nothing to do with each other

Row = tuple[int | None, int | None]


def pair_lines(removed: Sequence[str], added: Sequence[str]) -> tuple[Row, ...]:
    """Rows (removed index, added index) in reading order; similar lines share a row, the others stand alone
    with None on the other side. Every index occurs exactly once and both columns rise."""
    if len(removed) * len(added) > _CELLS:
        pairs = list(zip(range(len(removed)), range(len(added)), strict=False))
    else:
        pairs = _aligned(removed, added)
    rows: list[Row] = []
    i = j = 0
    for pair_i, pair_j in pairs:
        rows += _alone(i, pair_i, j, pair_j)
        rows.append((pair_i, pair_j))
        i, j = pair_i + 1, pair_j + 1
    return (*rows, *_alone(i, len(removed), j, len(added)))


def _alone(i: int, i_end: int, j: int, j_end: int) -> list[Row]:
    return [*((k, None) for k in range(i, i_end)), *((None, k) for k in range(j, j_end))]


def _aligned(removed: Sequence[str], added: Sequence[str]) -> list[tuple[int, int]]:
    """The order-keeping pairs with the highest total likeness."""
    left = [line.strip()[:_SHOWN] for line in removed]
    right = [line.strip()[:_SHOWN] for line in added]
    gains = [_gains(line, right) for line in left]
    # best[i][j] is what the lines from removed i and added j on are worth
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(right) - 1, -1, -1):
            row[j] = max(below[j], row[j + 1], below[j + 1] + gains[i][j])
    pairs = []
    i = j = 0
    while i < len(left) and j < len(right):
        if gains[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + gains[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _gains(line: str, others: Sequence[str]) -> list[float]:
    """What sharing a row with each of `others` is worth: likeness above the threshold, more for a long line than for a
    bracket. Two blank lines are worth a little, a blank one beside another nothing."""
    if not line:
        return [0.0 if other else 0.5 for other in others]
    gains = [0.0] * len(others)
    for other, likeness, number in extract(line, others, scorer=ratio, score_cutoff=_ALIKE, limit=None):
        if other:
            gains[number] = (likeness - _ALIKE + 5.0) * (min(len(line), len(other), 20) + 4)
    return gains
