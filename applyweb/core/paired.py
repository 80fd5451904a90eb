"""Two engines on the same cases: the difference with its 95 % interval, and what may be said of it.

Must not know: cases, engines, what a figure means. Differences are `after` minus `before`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from applyweb.core.intervals import RESAMPLES, Interval, bounds, wilson

# Fewer cases that differ cannot reach 5 % in an exact two-sided test: 2 * 0.5**5 is 0.0625, 2 * 0.5**6 is 0.031.
LEAST_DIFFERING = 6

Word = Literal["better", "worse", "can't tell", "not enough data"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`more` is about how many further cases a claim would need if they went on like those seen, None where that
    cannot be told (no difference was seen) or none is needed."""

    word: Word
    more: int | None = None

    def __str__(self) -> str:
        if self.word == "not enough data":
            return f"not enough data: about {self.more:,} more cases needed"
        if self.word == "can't tell" and self.more is not None:
            return f"can't tell (a difference like this takes about {self.more:,} more cases to be sure of)"
        return self.word


def rate_difference(before: Sequence[bool], after: Sequence[bool]) -> Interval:
    """How much more often `after` is true, from -1 to 1, with the interval for paired shares from Wilson's (Newcombe
    1998, Statistics in Medicine 17:2635, method 10): unlike a bootstrap it has a width where no case differs. Errors:
    ValueError for no pairs, and for sequences of unequal length."""
    pairs = len(_pairs(before, after))
    both = sum(one and two for one, two in zip(before, after, strict=True))
    lost, won = _flips(before, after)
    old, new = (both + lost) / pairs, (both + won) / pairs
    old_low, old_high = wilson(both + lost, pairs)
    new_low, new_high = wilson(both + won, pairs)
    phi = _correlation(both, lost, won, pairs - both - lost - won)
    down = _joined(new - new_low, old_high - old, phi)
    up = _joined(new_high - new, old - old_low, phi)
    return Interval(new - old, max(-1.0, new - old - down), min(1.0, new - old + up))


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> float:
    """The exact two-sided p of McNemar's test (1947): how likely so uneven a split of the pairs that differ is if each
    way is as likely. 1.0 where none differs. Errors: ValueError for sequences of unequal length."""
    return sign_test(*_flips(before, after))


def sign_test(one: int, other: int) -> float:
    """The exact two-sided p of counts as uneven as these, or more, if each way is as likely; 1.0 for none."""
    ways = tail = 1
    for k in range(min(one, other)):
        ways = ways * (one + other - k) // (k + 1)
        tail += ways
    return min(1.0, 2 * tail / (1 << (one + other)))


def paired_bootstrap(
    before: Sequence[float],
    after: Sequence[float],
    statistic: Callable[[Sequence[float]], float],
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> Interval:
    """The difference of a statistic, with the percentile bootstrap interval over whole pairs (Efron & Tibshirani 1993,
    chapter 8). Errors: ValueError for no pairs, and for sequences of unequal length."""
    pairs = _pairs(before, after)
    draw = Random(seed)
    told = []
    for _ in range(resamples):
        drawn = draw.choices(pairs, k=len(pairs))
        told.append(statistic([two for _, two in drawn]) - statistic([one for one, _ in drawn]))
    return Interval(statistic(after) - statistic(before), *bounds(told, len(pairs)))


def verdict(
    difference: Interval, pairs: int, differing: int, *, higher_is_better: bool, p: float | None = None
) -> Verdict:
    """What may be said at 95 %: better or worse where the interval excludes 0 and the exact test, where there is one
    (`p`), agrees; "not enough data" where too few of the pairs differ for any test to tell."""
    if 0 < differing < LEAST_DIFFERING or pairs < LEAST_DIFFERING:
        needed = math.ceil(LEAST_DIFFERING * pairs / differing) if differing else LEAST_DIFFERING
        return Verdict("not enough data", needed - pairs)
    excludes_none = difference.low > 0 or difference.high < 0
    if excludes_none and (p is None or p < 0.05):
        return Verdict("better" if (difference.value > 0) == higher_is_better else "worse")
    return Verdict("can't tell", _more(difference, pairs))


def _more(difference: Interval, pairs: int) -> int | None:
    """An interval's half shrinks with the root of the pairs: how many until it is as small as the difference."""
    if not difference.value:
        return None
    half = difference.value - difference.low if difference.value > 0 else difference.high - difference.value
    return max(1, math.ceil(pairs * ((half / difference.value) ** 2 - 1)))


def _pairs(before: Sequence[float], after: Sequence[float]) -> list[tuple[float, float]]:
    pairs = list(zip(before, after, strict=True))
    if not pairs:
        raise ValueError("a difference of no pairs")
    return pairs


def _flips(before: Sequence[bool], after: Sequence[bool]) -> tuple[int, int]:
    lost = sum(one and not two for one, two in zip(before, after, strict=True))
    won = sum(two and not one for one, two in zip(before, after, strict=True))
    return lost, won


def _correlation(both: int, lost: int, won: int, neither: int) -> float:
    """Phi of the two by two table, with Newcombe's correction for continuity; 0 where a margin is empty."""
    margins = (both + lost) * (won + neither) * (both + won) * (lost + neither)
    if not margins:
        return 0.0
    excess: float = both * neither - lost * won
    if excess > 0:
        excess = max(excess - (both + lost + won + neither) / 2, 0.0)
    return excess / math.sqrt(margins)


def _joined(one: float, two: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * two + two * two))
