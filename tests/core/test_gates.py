"""Gates: what is read, what is refused, what fails."""

from __future__ import annotations

import pytest

from applyweb.core.gates import GateError, judge_change, judge_run, parse
from tests.core.observations import right_of, seen


@pytest.mark.parametrize(
    ("text", "sign", "limit", "against", "by_share"),
    [
        ("exact_rate < 90%", "<", 0.9, False, False),
        (" exact_rate<=90.5 % ", "<=", 0.905, False, False),
        ("extra_rate > +0.5pp", ">", 0.005, True, False),
        ("right_rate < -1pp", "<", -0.01, True, False),
        ("extra_lines >= 0.2", ">=", 0.2, False, False),
        ("extra_lines > +10%", ">", 0.1, True, True),
        ("p95_ms > 250ms", ">", 250.0, False, False),
        ("p95_ms > +20 ms", ">", 20.0, True, False),
    ],
)
def test_parse(text: str, sign: str, limit: float, against: bool, by_share: bool) -> None:
    gate = parse(text)
    assert (gate.sign, gate.against, gate.by_share) == (sign, against, by_share)
    assert gate.limit == pytest.approx(limit)
    assert gate.text == text.strip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no gate.*right_rate > 5%"),
        ("exact_rate", "is no gate"),
        ("exact_rate == 90%", "is no gate"),
        ("exact_rate < 90% or so", "is no gate"),
        ("exact < 90%", "exact is no metric. There are exact_rate, equivalent_rate"),
        ("exact_rate < 0.9", "Possible: exact_rate > 5%"),
        ("exact_rate < 90ms", "Possible"),
        ("exact_rate < 1pp", "Possible"),
        ("exact_rate < +1%", r"against a baseline, exact_rate > \+0.5pp"),
        ("p95_ms > 10%", "p95_ms > 250ms"),
        ("extra_lines > +1pp", "extra_lines > 0.2"),
        ("exact_rate < 900%", "more than 100 %"),
        ("p50_ms > ٣ms", "is no gate"),
    ],
)
def test_what_is_no_gate_says_what_is_possible(text: str, says: str) -> None:
    with pytest.raises(GateError, match=says):
        parse(text)


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("right_rate < 90%", False),
        ("right_rate <= 90%", True),
        ("right_rate < 90.1%", True),
        ("right_rate > 89.9%", True),
        ("right_rate >= 90%", True),
        ("right_rate > 90%", False),
    ],
)
def test_at_the_limit(text: str, failed: bool) -> None:
    judged = judge_run(parse(text), right_of(90, 100))
    assert judged.failed == failed
    assert judged.sentence.startswith(
        f"{'FAILED' if failed else 'passed'} {text}: right_rate is 90.0 % (95 % interval: "
    )


def test_sentence_says_whether_other_cases_might_decide_otherwise() -> None:
    assert judge_run(parse("right_rate < 89%"), right_of(90, 100)).sentence == (
        "passed right_rate < 89%: right_rate is 90.0 % (95 % interval: 82.6 % to 94.5 %); the limit is within the "
        "interval, so other cases like these might fail."
    )
    assert judge_run(parse("right_rate < 96%"), right_of(90, 100)).sentence == (
        "FAILED right_rate < 96%: right_rate is 90.0 % (95 % interval: 82.6 % to 94.5 %)."
    )


def test_a_metric_that_no_case_tells_fails() -> None:
    judged = judge_run(parse("exact_rate < 1%"), [seen("flagged", answered=False)])
    assert (judged.failed, judged.sentence) == (True, "FAILED exact_rate < 1%: no case tells exact_rate.")
    assert judge_change(parse("exact_rate < -1pp"), [], []).failed


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("right_rate < -1pp", True),
        ("right_rate < -2pp", False),
        ("right_rate <= -2pp", True),
        ("extra_rate > +1.9pp", True),
        ("extra_rate > +2pp", False),
        ("extra_lines > +10%", True),
        ("extra_lines > +20%", False),
        ("extra_lines > +0.01", True),
        ("p50_ms > +0ms", False),
    ],
)
def test_changes(text: str, failed: bool) -> None:
    """Two of a hundred cases came out wrong that did not: 10 are wrong then, 12 now."""
    assert judge_change(parse(text), right_of(90, 100), right_of(88, 100)).failed == failed


def test_what_floating_point_adds_is_no_change() -> None:
    assert 0.07 - 0.01 > 0.06
    assert not judge_change(parse("extra_rate > +6pp"), right_of(99, 100), right_of(93, 100)).failed
    assert judge_change(parse("extra_rate >= +6pp"), right_of(99, 100), right_of(93, 100)).failed


def test_a_change_is_told_with_its_verdict() -> None:
    judged = judge_change(parse("right_rate < -1pp"), right_of(90, 100), right_of(88, 100))
    assert judged.sentence.startswith(
        "FAILED right_rate < -1pp: right_rate went from 90.0 % to 88.0 %, -2.0 pp (95 % interval: -"
    )
    assert "; 2 of 100 cases differ): not enough data: about 200 more cases needed" in judged.sentence


def test_no_change_is_told_as_none_and_not_as_proof() -> None:
    judged = judge_change(parse("right_rate < -1pp"), right_of(90, 100), right_of(90, 100))
    assert judged.sentence == (
        "passed right_rate < -1pp: right_rate is 90.0 % as before, and the same in each of 100 cases: can't tell; the "
        "limit is within the interval, so other cases like these might fail."
    )
