"""Votes between two outputs -> how strong each engine is: Bradley and Terry's model (1952, Biometrika 39:324).

Must not know: people, pages, where votes come from. `core.judging` looks at those who voted.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from applyweb.core.intervals import Interval, bounds

Choice = Literal["left", "right", "tie", "both_bad"]

LEAST_VOTES = 30  # that say something of an engine, before it has a rank
RESAMPLES = 1000
_PRIOR = 0.04  # 1 / variance: strengths are normal around 0 with a spread of 5 logits, 870 points, before any vote
_POINTS = 400 / math.log(10)  # a logit in points: 400 points are odds of ten to one
_MIDDLE = 1000.0
_STEPS = 100
_ENOUGH = 1e-5  # logits; Newton's next step would be about the square of it

# A vote: two engines by number, the lower first, and what that one has of the win.
_Won = tuple[int, int, float]
# How often the first of two engines (by number) was chosen, a tie counting half, and how often they met.
_Met = Mapping[tuple[int, int], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's choice between two outputs for one case. Lengths are of the outputs' changes, in any one unit; None
    where they are not known."""

    case: str
    left: str
    right: str
    choice: Choice
    person: str = ""
    left_length: int | None = None
    right_length: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An engine among the others. `rating` is in points: 400 more are odds of ten to one; the mean of all engines is
    1000. One that never lost (or won) has no upper (or lower) bound. `rank` is 1 more than the number of ranked engines
    whose whole interval lies above its own, so that several may share one; None where `more` further votes are needed
    first, or where votes do not link all engines. `both_bad` votes tell that neither was good enough: they are counted
    here and are no part of `votes` or of the rating."""

    engine: str
    rating: Interval
    rank: int | None
    votes: int
    more: int
    both_bad: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """Best first. `groups` are the engines that votes link with each other: where there are several, no engine of one
    can be held against one of another, and none has a rank."""

    standings: tuple[Standing, ...]
    groups: tuple[tuple[str, ...], ...]


def rank(votes: Sequence[Vote], *, least: int = LEAST_VOTES, seed: int = 1, resamples: int = RESAMPLES) -> Ranking:
    """Ties count half a win for each, as LMArena has it. The intervals are a percentile bootstrap over cases, since
    votes on one case are not independent. Errors: ValueError for a vote of an engine against itself."""
    if any(vote.left == vote.right for vote in votes):
        raise ValueError("a vote needs two engines")
    engines = sorted({name for vote in votes for name in (vote.left, vote.right)})
    number = {name: at for at, name in enumerate(engines)}
    told = [vote for vote in votes if vote.choice != "both_bad"]
    ratings = [_points(strength) for strength in _fit(_met(told, number), len(engines))]
    ranges = _ranges(told, number, seed, resamples)
    groups = _groups(engines, told)
    seen = Counter(name for vote in told for name in (vote.left, vote.right))
    bad = Counter(name for vote in votes if vote.choice == "both_bad" for name in (vote.left, vote.right))
    intervals = {name: Interval(ratings[at], *ranges[at]) for name, at in number.items()}
    ranked = [name for name in engines if seen[name] >= least and len(groups) == 1]
    standings = [
        Standing(
            name,
            intervals[name],
            1 + sum(intervals[other].low > intervals[name].high for other in ranked) if name in ranked else None,
            seen[name],
            max(0, least - seen[name]),
            bad[name],
        )
        for name in engines
    ]
    return Ranking(tuple(sorted(standings, key=lambda each: (-each.rating.value, each.engine))), groups)


def strengths(votes: Iterable[Vote]) -> dict[str, float]:
    """Of each engine in logits, with the mean 0: the most likely ones under a wide normal prior, which keeps those of
    engines that always won or lost finite. The odds of a over b are exp(strength of a - strength of b)."""
    rows = list(votes)
    engines = sorted({name for vote in rows for name in (vote.left, vote.right)})
    number = {name: at for at, name in enumerate(engines)}
    told = [vote for vote in rows if vote.choice != "both_bad"]
    return dict(zip(engines, _fit(_met(told, number), len(engines)), strict=True))


def _points(strength: float) -> float:
    return _MIDDLE + _POINTS * strength


def _ranges(votes: Sequence[Vote], number: Mapping[str, int], seed: int, resamples: int) -> list[tuple[float, float]]:
    """The bounds of each engine's rating."""
    by_case: dict[str, list[_Won]] = defaultdict(list)
    for vote in votes:
        by_case[vote.case].append(_won(vote, number))
    # Many cases have the same votes: a resample is drawn and counted by kinds of cases.
    kinds: dict[tuple[_Won, ...], int] = {}
    cases = [kinds.setdefault(tuple(sorted(case)), len(kinds)) for case in by_case.values()]
    if not cases:
        return [(-math.inf, math.inf)] * len(number)
    draw, every = Random(seed), list(kinds)
    start = _fit(_added(every, Counter(cases)), len(number))
    told = [
        _fit(_added(every, Counter(draw.choices(cases, k=len(cases)))), len(number), start) for _ in range(resamples)
    ]
    found = [bounds([_points(row[at]) for row in told], len(cases)) for at in range(len(number))]
    flat = [vote for kind in every for vote in kind]
    won = {one for one, _, of_one in flat if of_one > 0} | {two for _, two, of_one in flat if of_one < 1}
    lost = {two for _, two, of_one in flat if of_one > 0} | {one for one, _, of_one in flat if of_one < 1}
    # Resamples never hold what was not seen once: a first loss, or a first win.
    return [(low if at in won else -math.inf, high if at in lost else math.inf) for at, (low, high) in enumerate(found)]


def _met(votes: Iterable[Vote], number: Mapping[str, int]) -> _Met:
    return _added([[_won(vote, number) for vote in votes]], {0: 1})


def _won(vote: Vote, number: Mapping[str, int]) -> _Won:
    left, right = number[vote.left], number[vote.right]
    of_left = {"left": 1.0, "right": 0.0}.get(vote.choice, 0.5)
    return (left, right, of_left) if left < right else (right, left, 1.0 - of_left)


def _added(kinds: Sequence[Sequence[_Won]], times: Mapping[int, int]) -> _Met:
    """The votes of the kinds of cases, each as often as `times` has it."""
    met: dict[tuple[int, int], tuple[float, float]] = {}
    for kind, count in times.items():
        for one, two, won in kinds[kind]:
            before, seen = met.get((one, two), (0.0, 0.0))
            met[one, two] = (before + count * won, seen + count)
    return met


def _fit(met: _Met, engines: int, start: Sequence[float] = ()) -> list[float]:
    """Newton's method; the posterior has one peak. Its steps are bounded, since far from it they go too far."""
    found = list(start) or [0.0] * engines
    for _ in range(_STEPS):
        slope = [-_PRIOR * strength for strength in found]
        bend = [[_PRIOR if row == column else 0.0 for column in range(engines)] for row in range(engines)]
        for (one, two), (won, times) in met.items():
            likely = 1.0 / (1.0 + math.exp(found[two] - found[one]))
            pull, weight = won - times * likely, times * likely * (1.0 - likely)
            slope[one] += pull
            slope[two] -= pull
            bend[one][one] += weight
            bend[two][two] += weight
            bend[one][two] -= weight
            bend[two][one] -= weight
        steps = _solved(bend, slope)
        most = max((abs(step) for step in steps), default=0.0)
        shrink = min(1.0, 2.0 / most) if most else 1.0
        found = [strength + shrink * step for strength, step in zip(found, steps, strict=True)]
        if most < _ENOUGH:
            break
    return found


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a positive definite system, by elimination; it needs no pivoting. Changes its arguments."""
    size = len(right)
    for at in range(size):
        for below in range(at + 1, size):
            factor = matrix[below][at] / matrix[at][at]
            if factor:
                for column in range(at, size):
                    matrix[below][column] -= factor * matrix[at][column]
                right[below] -= factor * right[at]
    for at in reversed(range(size)):
        known = sum(matrix[at][column] * right[column] for column in range(at + 1, size))
        right[at] = (right[at] - known) / matrix[at][at]
    return right


def _groups(engines: Sequence[str], votes: Iterable[Vote]) -> tuple[tuple[str, ...], ...]:
    """The engines that are linked by votes, directly or through others."""
    group = {name: {name} for name in engines}
    for vote in votes:
        one, two = group[vote.left], group[vote.right]
        if one is not two:
            one |= two
            for name in two:
                group[name] = one
    return tuple(sorted({tuple(sorted(names)) for names in group.values()}))
