"""What is measured of a run over a suite: each metric of cases, with its interval, and two runs compared by it.

Must not know: engines, suites as files, how a figure is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from applyweb.core import intervals
from applyweb.core.intervals import Interval
from applyweb.core.paired import LEAST_DIFFERING, Verdict, mcnemar, paired_bootstrap, rate_difference, verdict
from applyweb.core.scoring import Score

Unit = Literal["rate", "lines", "ms"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One case of a run: its score, its time in milliseconds, and whether a file was wanted (else a refusal was)."""

    score: Score
    ms: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Metric:
    """`of` tells a case's figure, a bool for a rate; None where the case does not count for it. `statistic` makes the
    metric of the figures, `interval` with its 95 % interval: a rate is a share from 0 to 1."""

    name: str
    unit: Unit
    told: str
    of: Callable[[Observation], float | None]
    higher_is_better: bool
    statistic: Callable[[Sequence[float]], float]
    interval: Callable[[Sequence[float]], Interval]


@dataclass(frozen=True, slots=True)
class Compared:
    """A metric of the cases that two runs both have: `difference` is after minus before, `differing` how many of the
    `pairs` have another figure, `p` McNemar's for a rate, None else."""

    metric: Metric
    before: float
    after: float
    difference: Interval
    pairs: int
    differing: int
    p: float | None
    verdict: Verdict


def _rate(name: str, told: str, of: Callable[[Score], bool], higher_is_better: bool = False) -> Metric:
    """A share of the cases with a wanted file."""
    return Metric(name, "rate", told, _answered(of), higher_is_better, intervals.mean, _share)


def _lines(name: str, told: str, of: Callable[[Score], int]) -> Metric:
    """Lines a case, of the cases with a wanted file."""
    return Metric(name, "lines", told, _answered(of), False, intervals.mean, _mean_of_lines)


def _time(name: str, told: str, share: float) -> Metric:
    statistic, interval = partial(intervals.percentile, share=share), partial(intervals.quantile, share=share)
    return Metric(name, "ms", told, lambda seen: seen.ms, False, statistic, interval)


def _answered(of: Callable[[Score], float]) -> Callable[[Observation], float | None]:
    return lambda seen: of(seen.score) if seen.answered else None


def _share(figures: Sequence[float]) -> Interval:
    return intervals.rate(int(sum(figures)), len(figures))


def _mean_of_lines(figures: Sequence[float]) -> Interval:
    """A bootstrap of nearly nothing but zeros would be sure of nothing but zeros: then there is no upper bound."""
    if sum(figure > 0 for figure in figures) < LEAST_DIFFERING:
        return Interval(intervals.mean(figures), 0.0, math.inf)
    return intervals.bootstrap(figures, intervals.mean)


def _silently_wrong(seen: Observation) -> bool:
    return seen.score.outcome == "silent_wrong"


_ALL = (
    _rate("exact_rate", "exact, of the cases with a wanted file", lambda score: score.outcome == "exact", True),
    _rate("equivalent_rate", "equivalent and not exact, of these", lambda score: score.outcome == "equivalent", True),
    _rate("right_rate", "exact or equivalent, of these", lambda score: score.outcome in ("exact", "equivalent"), True),
    Metric(
        "silent_wrong_rate",
        "rate",
        "certain and wrong, of all cases",
        _silently_wrong,
        False,
        intervals.mean,
        _share,
    ),
    _rate(
        "flagged_rate",
        "unsure or refused, of the cases with a wanted file",
        lambda score: score.confidence != "certain",
    ),
    _rate("syntax_broken_rate", "syntax that the merge broke, of these", lambda score: score.syntax_broken),
    _rate("extra_rate", "with an extra change: a changed line that nobody wanted", lambda score: score.extra_lines > 0),
    _rate(
        "missing_rate", "with a missing change: a wanted line that is not there", lambda score: score.missing_lines > 0
    ),
    _lines("extra_lines", "extra lines a case, their mean", lambda score: score.extra_lines),
    _lines("missing_lines", "missing lines a case, their mean", lambda score: score.missing_lines),
    _time("p50_ms", "the time that half of all cases do not exceed", 0.5),
    _time("p95_ms", "the time that 95 % of all cases do not exceed", 0.95),
)
METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}


def measure(metric: Metric, run: Sequence[Observation]) -> Interval | None:
    """A rate has Wilson's interval, a time that of its rank, a mean the bootstrap's; None where no case counts."""
    figures = [figure for seen in run if (figure := metric.of(seen)) is not None]
    return metric.interval(figures) if figures else None


def compare(metric: Metric, before: Sequence[Observation], after: Sequence[Observation]) -> Compared | None:
    """Two runs over the same cases in the same order; None where no case counts. Errors: ValueError for runs of
    unequal length."""
    figures = [
        (one, two)
        for was, now in zip(before, after, strict=True)
        if (one := metric.of(was)) is not None and (two := metric.of(now)) is not None
    ]
    if not figures:
        return None
    old, new = [one for one, _ in figures], [two for _, two in figures]
    differing = sum(one != two for one, two in figures)
    p = None
    if metric.unit == "rate":
        was_so, is_so = [bool(one) for one in old], [bool(two) for two in new]
        difference, p = rate_difference(was_so, is_so), mcnemar(was_so, is_so)
    elif differing >= LEAST_DIFFERING:
        difference = paired_bootstrap(old, new, metric.statistic)
    else:  # resamples of so few cases that differ would be sure of what they cannot tell
        difference = Interval(metric.statistic(new) - metric.statistic(old), -math.inf, math.inf)
    said = verdict(difference, len(figures), differing, higher_is_better=metric.higher_is_better, p=p)
    return Compared(metric, metric.statistic(old), metric.statistic(new), difference, len(figures), differing, p, said)
