"""Intervals against scipy, and by simulation: of 2,000 seeded studies 95 % +- 1 cover the truth."""

from __future__ import annotations

import math
from random import Random
from statistics import NormalDist

import pytest
from scipy import stats

from applyweb.core.intervals import Interval, bootstrap, bounds, mean, percentile, quantile, rate, wilson

STUDIES = 2000


def test_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([], 0.5) == 0.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(k) for k in range(1, 101)], 0.95) == 95.0


@pytest.mark.parametrize(("count", "of"), [(0, 100), (50, 100), (100, 100), (1, 1), (0, 1), (3, 586), (9_990, 10_000)])
def test_wilson_is_scipys(count: int, of: int) -> None:
    theirs = stats.binomtest(count, of).proportion_ci(0.95, method="wilson")
    assert wilson(count, of) == (pytest.approx(theirs.low, abs=1e-12), pytest.approx(theirs.high, abs=1e-12))
    assert rate(count, of) == Interval(count / of, *wilson(count, of))


def test_nothing_seen_tells_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    for refuse in (lambda: rate(0, 0), lambda: bootstrap([], mean), lambda: quantile([], 0.5)):
        with pytest.raises(ValueError, match=r"no cases|nothing|no values"):
            refuse()


def test_wilson_never_leaves_out_what_was_seen() -> None:
    for of in range(1, 80):
        for count in range(of + 1):
            low, high = wilson(count, of)
            assert 0.0 <= low <= count / of <= high <= 1.0


def test_bootstrap_is_scipys_but_for_the_widening_that_few_cases_need() -> None:
    draw = Random(5)
    values = [draw.lognormvariate(0, 1) for _ in range(400)]
    theirs = stats.bootstrap((values,), stats.tmean, method="percentile", n_resamples=4000, rng=1).confidence_interval
    ours = bootstrap(values, mean, resamples=4000)
    assert ours.value == pytest.approx(mean(values))
    width = theirs.high - theirs.low
    assert ours.low == pytest.approx(theirs.low, abs=0.05 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.05 * width)


@pytest.mark.parametrize("cases", [6, 10, 40, 1000])
def test_the_widening_is_students(cases: int) -> None:
    """The normal quantiles of a great many resamples give back Student's t over the root of n - 1."""
    many = 200_000
    told = [NormalDist().inv_cdf((k + 0.5) / many) for k in range(many)]
    wanted = stats.t.ppf(0.975, cases - 1) * math.sqrt(cases / (cases - 1))
    assert bounds(told, cases) == (pytest.approx(-wanted, rel=0.01), pytest.approx(wanted, rel=0.01))


def test_bootstrap_tells_the_same_for_a_seed_and_another_for_another() -> None:
    values = [float(k * k % 17) for k in range(50)]
    assert bootstrap(values, mean, seed=3, resamples=300) == bootstrap(values, mean, seed=3, resamples=300)
    assert bootstrap(values, mean, seed=3, resamples=300) != bootstrap(values, mean, seed=4, resamples=300)


def test_one_case_tells_no_spread() -> None:
    assert bootstrap([2.0], mean) == Interval(2.0, -math.inf, math.inf)


@pytest.mark.parametrize(("share", "cases"), [(0.5, 30), (0.5, 101), (0.95, 300), (0.95, 2000)])
def test_quantile_lies_between_as_few_ranks_as_scipys_binomial_lets_it(share: float, cases: int) -> None:
    told = quantile([float(k) for k in range(1, cases + 1)], share)
    low, high = int(told.low), int(told.high)

    def covers(low: int, high: int) -> bool:
        return bool(stats.binom.cdf(high - 1, cases, share) - stats.binom.cdf(low - 1, cases, share) >= 0.95)

    assert covers(low, high)
    assert not covers(low + 1, high)
    assert not covers(low, high - 1)


def test_quantile_of_too_few_values_has_no_upper_bound() -> None:
    told = quantile([float(k) for k in range(50)], 0.95)
    assert told.low > 40
    assert told.high == math.inf
    assert quantile([1.0], 0.5) == Interval(1.0, -math.inf, math.inf)


def test_quantile_of_many_values() -> None:
    ours = quantile([float(k) for k in range(10_000)], 0.95)
    assert ours.value == 9499.0
    reach = 1.96 * math.sqrt(10_000 * 0.95 * 0.05)
    assert (ours.low, ours.high) == (pytest.approx(9499 - reach, abs=3), pytest.approx(9499 + reach, abs=3))


def test_wilson_covers() -> None:
    draw, covered = Random(11), 0
    for _ in range(STUDIES):
        truth, of = draw.uniform(0.02, 0.98), draw.randint(20, 300)
        low, high = wilson(sum(draw.random() < truth for _ in range(of)), of)
        covered += low <= truth <= high
    assert 0.94 <= covered / STUDIES <= 0.96


def test_bootstrap_of_a_mean_covers() -> None:
    draw, covered = Random(12), 0
    for study in range(STUDIES):
        told = bootstrap([draw.gauss(3, 2) for _ in range(30)], mean, seed=study, resamples=400)
        covered += told.low <= 3 <= told.high
    assert 0.94 <= covered / STUDIES <= 0.96


@pytest.mark.parametrize(("share", "cases"), [(0.5, 101), (0.95, 300)])
def test_quantile_covers(share: float, cases: int) -> None:
    draw, covered, truth = Random(13), 0, -math.log(1 - share)
    for _ in range(STUDIES):
        told = quantile([draw.expovariate(1) for _ in range(cases)], share)
        covered += told.low <= truth <= told.high
    assert 0.94 <= covered / STUDIES <= 0.96
