"""Where a stretch of a file is that is nearly as some lines are.

Must not know: hunks, what is to be done there.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from applyweb.core.merge.lines import LONG, Lines, likeness
from applyweb.core.merge.work import Work

_ALIKE = 0.82
_FIRST = 0.6  # what the first lines must be alike at least
_MARGIN = 0.05  # how much less alike any other place must be
_MOST_PAIRS = 200_000


def most_alike(keys: Sequence[str], lines: Lines, work: Work) -> list[int] | None:
    """The rows, blank ones aside, of the place that is most like these keys, the best by far; None where there is none,
    or the search is too much work."""
    ats = lines.solid
    if not keys or len(ats) < len(keys) or len(ats) * len(keys) > _MOST_PAIRS:
        return None
    theirs = [lines.keys[at] for at in ats]
    like = _like(keys[0], theirs)
    starts = [start for start in range(len(ats) - len(keys) + 1) if theirs[start] in like]
    if not work.spend(len(starts) * len(keys)):
        return None
    known: dict[tuple[str, str], float] = {}
    scores = []
    for start in starts:
        total = 0.0
        for pair in zip(keys, theirs[start : start + len(keys)], strict=True):
            if pair not in known:
                known[pair] = likeness(*pair)
            total += known[pair]
        scores.append((total / len(keys), start))
    scores.sort(reverse=True)
    if not scores or scores[0][0] < _ALIKE or (len(scores) > 1 and scores[1][0] > scores[0][0] - _MARGIN):
        return None
    start = scores[0][1]
    return ats[start : start + len(keys)]


def _like(key: str, others: Sequence[str]) -> set[str]:
    """Which of the others are like this key. Each is looked at once, first by a quick test."""
    wanted, distinct = key[:LONG], list(dict.fromkeys(others))
    heads = [other[:LONG] for other in distinct]
    first = {index for _, _, index in extract(wanted, heads, scorer=ratio, score_cutoff=100 * _FIRST, limit=None)}
    first.update(index for index, head in enumerate(heads) if wanted in head or head in wanted)
    return {distinct[index] for index in first if likeness(key, distinct[index]) >= _FIRST}
