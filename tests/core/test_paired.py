"""Paired differences against scipy and by simulation, and what is said of them."""

from __future__ import annotations

from random import Random

import pytest
from scipy import stats

from applyweb.core.intervals import Interval, mean, percentile
from applyweb.core.paired import Verdict, mcnemar, paired_bootstrap, rate_difference, verdict

STUDIES = 2000
TAKES, MORE = "(a difference like this takes about", "more cases to be sure of)"


def pairs(both: int, lost: int, won: int, neither: int) -> tuple[list[bool], list[bool]]:
    before = [True] * (both + lost) + [False] * (won + neither)
    return before, [True] * both + [False] * lost + [True] * won + [False] * neither


@pytest.mark.parametrize(("lost", "won"), [(1, 9), (9, 1), (6, 0), (0, 5), (4, 4), (0, 0), (40, 61)])
def test_mcnemar_is_scipys_binomial_test(lost: int, won: int) -> None:
    theirs = stats.binomtest(lost, lost + won).pvalue if lost + won else 1.0
    assert mcnemar(*pairs(30, lost, won, 7)) == pytest.approx(theirs, abs=1e-12)


def test_rate_difference_is_newcombes() -> None:
    """By hand from his formula for 36, 12, 2, 0: an empty cell, and phi below 0, where it is not corrected."""
    theirs = [stats.binomtest(count, 50).proportion_ci(0.95, method="wilson") for count in (48, 38)]
    phi = (36 * 0 - 12 * 2) / (48 * 2 * 38 * 12) ** 0.5
    down, up = 0.76 - theirs[1].low, theirs[0].high - 0.96
    low = -0.2 - (down**2 - 2 * phi * down * up + up**2) ** 0.5
    down, up = 0.96 - theirs[0].low, theirs[1].high - 0.76
    high = -0.2 + (down**2 - 2 * phi * down * up + up**2) ** 0.5
    told = rate_difference(*pairs(36, 12, 2, 0))
    assert (told.value, told.low, told.high) == (pytest.approx(-0.2), pytest.approx(low), pytest.approx(high))


def test_rate_difference_has_a_width_where_no_case_differs() -> None:
    told = rate_difference(*pairs(9, 0, 0, 1))
    assert told.value == 0
    assert told.low < -0.05
    assert told.high > 0.05


def test_swapping_the_two_turns_the_difference_round() -> None:
    before, after = pairs(50, 3, 9, 10)
    there, back = rate_difference(before, after), rate_difference(after, before)
    assert (there.value, there.low, there.high) == (
        *(pytest.approx(-figure) for figure in (back.value, back.high, back.low)),
    )


def test_paired_bootstrap_is_scipys() -> None:
    draw = Random(4)
    before = [draw.expovariate(0.1) for _ in range(300)]
    after = [value * draw.uniform(0.8, 1.1) for value in before]
    ours = paired_bootstrap(before, after, mean)
    theirs = stats.bootstrap(
        (before, after),
        lambda one, two: two.mean() - one.mean(),
        paired=True,
        vectorized=False,
        method="percentile",
        n_resamples=2000,
        rng=1,
    ).confidence_interval
    width = theirs.high - theirs.low
    assert (ours.low, ours.high) == (
        pytest.approx(theirs.low, abs=0.06 * width),
        pytest.approx(theirs.high, abs=0.06 * width),
    )


def test_paired_bootstrap_keeps_pairs_together_and_its_seed() -> None:
    before = [float(k**3 % 101) for k in range(40)]
    told = paired_bootstrap(before, [value + 2 for value in before], mean, resamples=200)
    assert (told.low, told.high) == (pytest.approx(2), pytest.approx(2))
    after = before[::-1]
    assert paired_bootstrap(before, after, lambda some: percentile(some, 0.95), 7, 100) == paired_bootstrap(
        before, after, lambda some: percentile(some, 0.95), 7, 100
    )


def test_pairs_must_be_pairs() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        rate_difference([], [])
    with pytest.raises(ValueError, match=r"longer|shorter"):
        paired_bootstrap([1.0], [], mean)
    with pytest.raises(ValueError, match=r"longer|shorter"):
        mcnemar([True], [])


def test_rate_difference_covers() -> None:
    draw, covered = Random(21), 0
    for _ in range(STUDIES):
        old, new, of = draw.uniform(0.3, 0.9), draw.uniform(0.3, 0.9), draw.randint(40, 200)
        before, after = [], []
        for _ in range(of):
            shared, own = draw.random(), draw.random()
            before.append(shared < old)
            after.append((shared if draw.random() < 0.7 else own) < new)
        told = rate_difference(before, after)
        covered += told.low <= new - old <= told.high
    assert 0.94 <= covered / STUDIES <= 0.96


def test_paired_bootstrap_of_a_mean_covers() -> None:
    draw, covered = Random(22), 0
    for study in range(STUDIES):
        before = [draw.gauss(10, 3) for _ in range(30)]
        after = [value + draw.gauss(1, 1) for value in before]
        told = paired_bootstrap(before, after, mean, study, 300)
        covered += told.low <= 1 <= told.high
    assert 0.94 <= covered / STUDIES <= 0.96


def test_verdict_is_seldom_a_claim_where_there_is_no_difference() -> None:
    draw, claims = Random(23), 0
    for _ in range(STUDIES):
        before = [draw.random() < 0.8 for _ in range(120)]
        after = [one if draw.random() < 0.7 else draw.random() < 0.8 for one in before]
        differing = sum(one != two for one, two in zip(before, after, strict=True))
        said = verdict(rate_difference(before, after), 120, differing, higher_is_better=True, p=mcnemar(before, after))
        claims += said.word in ("better", "worse")
    assert claims / STUDIES <= 0.05


@pytest.mark.parametrize(
    ("difference", "differing", "higher", "p", "said"),
    [
        (Interval(0.1, 0.05, 0.15), 20, True, 0.001, "better"),
        (Interval(0.1, 0.05, 0.15), 20, False, 0.001, "worse"),
        (Interval(-0.1, -0.15, -0.05), 20, True, None, "worse"),
        (Interval(-0.1, -0.15, -0.05), 20, False, None, "better"),
        (Interval(0.1, 0.01, 0.19), 20, True, 0.06, f"can't tell {TAKES} 1 {MORE}"),
        (Interval(0.1, -0.1, 0.3), 20, True, 0.3, f"can't tell {TAKES} 300 {MORE}"),
        (Interval(0.0, -0.1, 0.1), 0, True, 1.0, "can't tell"),
        (Interval(0.03, 0.001, 0.06), 3, True, 0.25, "not enough data: about 100 more cases needed"),
    ],
)
def test_verdict(difference: Interval, differing: int, higher: bool, p: float | None, said: str) -> None:
    assert str(verdict(difference, 100, differing, higher_is_better=higher, p=p)) == said


def test_verdict_of_a_handful_names_how_many_are_needed_at_least() -> None:
    assert verdict(Interval(0.0, -0.5, 0.5), 2, 0, higher_is_better=True) == Verdict("not enough data", 4)
    assert verdict(Interval(1.0, 0.2, 1.0), 5, 5, higher_is_better=True) == Verdict("not enough data", 1)
