"""How far a figure can be trusted: percentiles, and the 95 % intervals of rates, means and quantiles.

Must not know: cases, engines, what a figure means. Whatever is drawn at random comes from a seed: the same values tell
the same interval on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import NormalDist
from typing import TypeVar

Z95 = NormalDist().inv_cdf(0.975)
RESAMPLES = 2000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure as it was measured, and between what it lies with 95 % confidence, in the figure's own unit."""

    value: float
    low: float
    high: float


def mean(values: Sequence[float]) -> float:
    """Errors: ZeroDivisionError for none."""
    return sum(values) / len(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of the values do not exceed; 0.0 for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def wilson(count: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The interval (Wilson 1927), 95 % at the standard `z`, of a share that was seen `count` times of `of`; (0, 1)
    where nothing was seen."""
    if not of:
        return 0.0, 1.0
    share, spread = count / of, z * z / of
    middle = share + spread / 2
    reach = z * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    # At the ends the formula is 0 or 1 but for what floating point leaves.
    low = (middle - reach) / (1 + spread) if count else 0.0
    high = (middle + reach) / (1 + spread) if count < of else 1.0
    return low, high


def rate(count: int, of: int) -> Interval:
    """A share with Wilson's interval. Errors: ValueError where nothing was seen."""
    if not of:
        raise ValueError("a rate of no cases")
    return Interval(count / of, *wilson(count, of))


def quantile(values: Sequence[float], share: float) -> Interval:
    """The percentile, and between which of the ordered values it lies whatever their distribution (Conover 1999,
    section 3.2): how many are below it is binomial. A bootstrap of a percentile near the end covers too seldom. Where
    there are too few values for a bound it is infinite. Errors: ValueError for no values."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("a quantile of no values")
    ends = [-math.inf, *ordered, math.inf]
    chances = [_binomial(below, len(ordered), share) for below in range(len(ordered) + 1)]
    # Between the ends `low` and `high` it lies where `low` to `high` - 1 values are below it. From outside in, the less
    # likely end goes first, while 95 % stay.
    low, high, left = 0, len(ordered) + 1, 1.0
    while left - (least := min(chances[low], chances[high - 1])) >= 0.95:
        left -= least
        if least == chances[low]:
            low += 1
        else:
            high -= 1
    return Interval(percentile(ordered, share), ends[low], ends[high])


def bootstrap(
    values: Sequence[_T], statistic: Callable[[Sequence[_T]], float], seed: int = 1, resamples: int = RESAMPLES
) -> Interval:
    """A statistic of cases with its percentile bootstrap interval (Efron 1979), widened for few cases as Hesterberg
    (2015, section 5.3) has it. Errors: ValueError for no values."""
    if not values:
        raise ValueError("nothing to resample")
    draw = Random(seed)
    told = [statistic(draw.choices(values, k=len(values))) for _ in range(resamples)]
    return Interval(statistic(values), *bounds(told, len(values)))


def bounds(told: Sequence[float], cases: int) -> tuple[float, float]:
    """Between what 95 % of the statistics of resamples lie, widened: a resample's spread is too small by (n - 1) / n,
    and what is normal for many cases is Student's t for few. One case tells no spread: (-inf, inf)."""
    if cases < 2:
        return -math.inf, math.inf
    tail = NormalDist().cdf(-_student(cases - 1) * math.sqrt(cases / (cases - 1)))
    ordered = sorted(told)
    return _between(ordered, tail), _between(ordered, 1 - tail)


def _student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t (Cornish and Fisher's expansion; Abramowitz & Stegun 26.7.5), within 0.01 from
    5 degrees of freedom on; below, less than the true one."""
    z = Z95
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _between(ordered: Sequence[float], share: float) -> float:
    """The value at a share of ordered values, interpolated."""
    at = min(max(share * (len(ordered) + 1) - 1, 0.0), len(ordered) - 1.0)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def _binomial(count: int, of: int, share: float) -> float:
    """P(Binomial(of, share) = count), for 0 < share < 1."""
    ways = math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
    return math.exp(ways + count * math.log(share) + (of - count) * math.log1p(-share))
