"""Metrics of runs, and runs compared by them."""

from __future__ import annotations

import math

import pytest

from applyweb.core.intervals import wilson
from applyweb.core.metrics import METRICS, compare, measure
from tests.core.observations import right_of, seen

RUN = [
    seen("exact", ms=10),
    seen("equivalent", extra=2, ms=20),
    seen("silent_wrong", extra=1, missing=3, broken=True, ms=30),
    seen("flagged", confidence="refused", missing=1, ms=40),
    seen("silent_wrong", answered=False, ms=50),
]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exact_rate", 1 / 4),
        ("equivalent_rate", 1 / 4),
        ("right_rate", 2 / 4),
        ("silent_wrong_rate", 2 / 5),
        ("flagged_rate", 1 / 4),
        ("syntax_broken_rate", 1 / 4),
        ("extra_rate", 2 / 4),
        ("missing_rate", 2 / 4),
        ("extra_lines", 3 / 4),
        ("missing_lines", 4 / 4),
        ("p50_ms", 30.0),
        ("p95_ms", 50.0),
    ],
)
def test_measure(name: str, value: float) -> None:
    told = measure(METRICS[name], RUN)
    assert told is not None
    assert told.value == pytest.approx(value)
    assert told.low <= value <= told.high


def test_every_metric_is_tested() -> None:
    assert list(METRICS) == [name for name, _ in test_measure.pytestmark[0].args[1]]


def test_a_rate_has_wilsons_interval_and_a_time_of_few_cases_no_upper_bound() -> None:
    rate, time = measure(METRICS["exact_rate"], RUN), measure(METRICS["p95_ms"], RUN)
    assert rate is not None
    assert time is not None
    assert (rate.low, rate.high) == wilson(1, 4)
    assert time.high == math.inf


def test_no_case_tells_no_rate() -> None:
    only_refusals = [seen("flagged", answered=False)]
    assert measure(METRICS["exact_rate"], only_refusals) is None
    assert compare(METRICS["exact_rate"], only_refusals, only_refusals) is None


def test_compared_rates() -> None:
    told = compare(METRICS["right_rate"], right_of(80, 100), right_of(90, 100))
    assert told is not None
    assert (told.before, told.after, told.pairs, told.differing) == (0.8, 0.9, 100, 10)
    assert told.p == pytest.approx(2 / 2**10)
    assert told.verdict.word == "better"
    back = compare(METRICS["right_rate"], right_of(90, 100), right_of(80, 100))
    assert back is not None
    assert back.verdict.word == "worse"


def test_fewer_extra_changes_are_better() -> None:
    told = compare(METRICS["extra_rate"], right_of(80, 100), right_of(90, 100))
    assert told is not None
    assert told.difference.value == pytest.approx(-0.1)
    assert told.verdict.word == "better"


def test_compared_times_are_paired() -> None:
    before = [seen(ms=10.0 * case) for case in range(1, 60)]
    slower = [seen(ms=one.ms * 1.5) for one in before]
    told = compare(METRICS["p50_ms"], before, slower)
    assert told is not None
    assert (told.p, told.differing, told.verdict.word) == (None, 59, "worse")


def test_runs_of_other_cases_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="longer"):
        compare(METRICS["p50_ms"], right_of(1, 1), right_of(2, 2))


def test_lines_that_few_cases_have_leave_the_mean_open() -> None:
    few = [seen(extra=3 if at < 5 else 0) for at in range(100)]
    told, more = measure(METRICS["extra_lines"], few), measure(METRICS["extra_lines"], [*few, seen(extra=3)])
    assert told is not None
    assert more is not None
    assert (told.low, told.high) == (0.0, math.inf)
    assert 0 < more.low < more.value < more.high < 1
    changed = compare(METRICS["extra_lines"], [seen()] * 100, few)
    assert changed is not None
    assert (changed.difference.low, changed.difference.high) == (-math.inf, math.inf)
    assert changed.verdict.word == "not enough data"
