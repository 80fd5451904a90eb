"""How far people agree in what they call things, beyond what chance gives: 1 is always, 0 is as chance would have it.

Must not know: people, hunks, votes. Labels are words without an order.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import TypeVar

from applyweb.core.intervals import RESAMPLES, Interval, bounds, wilson

LEAST_UNITS = 20  # a bootstrap of fewer tells too narrow an interval

_Unit = TypeVar("_Unit", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Agreement:
    """`interval` is a percentile bootstrap over units, None where agreement cannot be told from chance, because all
    labels are the same, or where there is no unit. `more` further units are needed before it may be relied on."""

    interval: Interval | None
    units: int
    more: int


def cohen(pairs: Sequence[tuple[str, str]], *, seed: int = 1, resamples: int = RESAMPLES) -> Agreement:
    """Cohen's kappa (1960, Educational and Psychological Measurement 20:37) of two people: the labels that each gave to
    the same units."""
    return _agreement(pairs, _cohen, seed, resamples)


def fleiss(units: Sequence[Sequence[str]], *, seed: int = 1, resamples: int = RESAMPLES) -> Agreement:
    """Fleiss's kappa (1971, Psychological Bulletin 76:378): the labels of each unit, from as many people for each, who
    need not be the same. Errors: ValueError where numbers of labels differ or are below 2."""
    if len({len(unit) for unit in units}) > 1 or any(len(unit) < 2 for unit in units):
        raise ValueError("Fleiss's kappa needs as many labels of each unit, 2 at least; Krippendorff's alpha does not")
    return _agreement([tuple(sorted(unit)) for unit in units], _fleiss, seed, resamples)


def krippendorff(units: Sequence[Sequence[str]], *, seed: int = 1, resamples: int = RESAMPLES) -> Agreement:
    """Krippendorff's alpha for nominal data (2011, Computing Krippendorff's Alpha-Reliability): the labels of each
    unit, as many as there are. Units with fewer than two tell nothing, and are not counted."""
    return _agreement([tuple(sorted(unit)) for unit in units if len(unit) > 1], _alpha, seed, resamples)


def matrix(
    units: Sequence[Mapping[str, str]], *, seed: int = 1, resamples: int = RESAMPLES
) -> dict[tuple[str, str], Agreement]:
    """Cohen's kappa of each two people who labelled a unit in common; a unit is its labels by person."""
    shared: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for unit in units:
        for one, two in combinations(sorted(unit), 2):
            shared[one, two].append((unit[one], unit[two]))
    return {people: cohen(shared[people], seed=seed, resamples=resamples) for people in sorted(shared)}


def _agreement(
    units: Sequence[_Unit], differing: Callable[[Mapping[_Unit, int]], tuple[float, float]], seed: int, resamples: int
) -> Agreement:
    """`differing` tells which share of pairs of labels differs within units, and which would by chance."""
    more = max(0, LEAST_UNITS - len(units))
    observed, by_chance = differing(Counter(units)) if units else (0.0, 0.0)
    if not by_chance:
        return Agreement(None, len(units), more)
    if not observed:
        # Resamples of units that all agree would be sure of it: the bound is that of the share of units that differ.
        low = max(-1.0, 1 - wilson(0, len(units))[1] / by_chance)
        return Agreement(Interval(1.0, low, 1.0), len(units), more)
    draw = Random(seed)
    drawn = [differing(Counter(draw.choices(units, k=len(units)))) for _ in range(resamples)]
    # A resample in which all labels are the same tells no agreement, and is passed over.
    told = [1 - apart / chance for apart, chance in drawn if chance]
    low, high = bounds(told, len(units)) if told else (-math.inf, math.inf)
    return Agreement(Interval(1 - observed / by_chance, low, high), len(units), more)


def _cohen(pairs: Mapping[tuple[str, str], int]) -> tuple[float, float]:
    """Chance draws from what each of the two gave."""
    of = sum(pairs.values())
    first, second = Counter[str](), Counter[str]()
    for (one, two), times in pairs.items():
        first[one] += times
        second[two] += times
    apart = sum(times for (one, two), times in pairs.items() if one != two)
    return apart / of, 1 - sum(first[label] * second[label] for label in first) / of**2


def _fleiss(units: Mapping[tuple[str, ...], int]) -> tuple[float, float]:
    """Chance draws with replacement from all labels given."""
    given, apart = _apart(units)
    labels = given.total()
    return apart / labels, 1 - sum(count * count for count in given.values()) / labels**2


def _alpha(units: Mapping[tuple[str, ...], int]) -> tuple[float, float]:
    """Chance draws without replacement."""
    given, apart = _apart(units)
    labels = given.total()
    return apart / labels, 1 - sum(count * (count - 1) for count in given.values()) / (labels * (labels - 1))


def _apart(units: Mapping[tuple[str, ...], int]) -> tuple[Counter[str], float]:
    """How often each label was given, and how many labels' worth of pairs within a unit differ: each label is paired
    with the others of its unit, together with a weight of 1."""
    given = Counter[str]()
    apart = 0.0
    for unit, times in units.items():
        counts = Counter(unit)
        for label, count in counts.items():
            given[label] += count * times
        apart += times * (len(unit) ** 2 - sum(count * count for count in counts.values())) / (len(unit) - 1)
    return given, apart
