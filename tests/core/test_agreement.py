"""Agreement against published worked examples, by what must hold between the measures, and by simulation."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.agreement import Agreement, cohen, fleiss, krippendorff, matrix
from applyweb.core.intervals import Interval

# Fleiss (1971), table 1: how many of 6 psychiatrists gave each of 5 diagnoses to each of 30 patients.
DIAGNOSES = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
# Krippendorff (2011), section C: 4 observers, 12 units, 7 labels missing.
OBSERVERS = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]


def value(told: Agreement) -> float:
    assert told.interval is not None
    return told.interval.value


def test_cohen_of_fleiss_levin_and_paik() -> None:
    """Statistical Methods for Rates and Proportions (2003), table 18.1: 100 patients, kappa 0.676."""
    table = {"pp": 75, "pn": 1, "po": 4, "np": 5, "nn": 4, "no": 1, "oo": 10}
    pairs = [(pair[0], pair[1]) for pair, times in table.items() for _ in range(times)]
    assert value(cohen(pairs)) == pytest.approx(0.23 / 0.34)


def test_fleiss_of_his_own_paper() -> None:
    units = [
        [label for label, times in zip("abcde", row, strict=True) for _ in range(int(times))]
        for row in DIAGNOSES.split()
    ]
    given = [sum(unit.count(label) for unit in units) for label in "abcde"]
    assert (len(units), given) == (30, [26, 26, 30, 55, 43])
    assert value(fleiss(units)) == pytest.approx(0.430, abs=0.0005)


def columns(rows: list[str]) -> list[list[str]]:
    return [[label for label in column if label != "."] for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        (["0100000010", "1110010000"], 0.095),  # section A: binary data, two observers
        (["aabbdcccedda", "babbbccceddd"], 0.692),  # section B: nominal data, two observers
        (OBSERVERS, 0.743),  # section C: nominal data, any number of observers, labels missing
    ],
)
def test_krippendorff_of_his_own_paper(rows: list[str], alpha: float) -> None:
    assert value(krippendorff(columns(rows))) == pytest.approx(alpha, abs=0.0005)


def test_units_with_one_label_tell_nothing() -> None:
    told = krippendorff(columns(OBSERVERS))
    assert (told.units, told.more) == (11, 9)


LABELLED = st.lists(st.lists(st.sampled_from("abc"), min_size=3, max_size=3), min_size=2, max_size=30)


@given(LABELLED)
def test_alpha_is_fleiss_with_chance_drawn_without_replacement(units: list[list[str]]) -> None:
    kappa, alpha = fleiss(units, resamples=2), krippendorff(units, resamples=2)
    if len({label for unit in units for label in unit}) == 1:
        assert kappa.interval is alpha.interval is None
        return
    labels = 3 * len(units)
    assert 1 - value(alpha) == pytest.approx((1 - value(kappa)) * (labels - 1) / labels)


@given(LABELLED)
def test_names_of_labels_and_the_order_of_people_do_not_matter(units: list[list[str]]) -> None:
    turned = [["xyz"["abc".index(label)] for label in reversed(unit)] for unit in units]
    for measure in (fleiss, krippendorff):
        one, two = measure(units, resamples=2).interval, measure(turned, resamples=2).interval
        assert (one is None) == (two is None)
        assert one is None or two is None or one.value == pytest.approx(two.value)


def test_ends_of_the_scale() -> None:
    assert value(cohen([("a", "b"), ("b", "a")] * 10)) == -1
    assert value(cohen([(one, two) for one in "ab" for two in "ab"] * 5)) == 0
    assert value(cohen([("a", "a"), ("b", "b")] * 15)) == 1


def test_units_that_all_agree_are_no_proof_that_all_would() -> None:
    """Of 30 without a difference up to 11.4 % may differ, by Wilson's interval; by chance half would."""
    told = fleiss([("a", "a"), ("b", "b")] * 15)
    assert told == Agreement(Interval(1.0, pytest.approx(1 - 0.1135 / 0.5, abs=0.001), 1.0), 30, 0)


def test_where_all_say_the_same_agreement_cannot_be_told_from_chance() -> None:
    assert cohen([("a", "a")] * 30) == Agreement(None, 30, 0)
    assert fleiss([("a", "a")] * 30) == Agreement(None, 30, 0)
    assert krippendorff([["a"], []]) == Agreement(None, 0, 20)
    assert cohen([]) == Agreement(None, 0, 20)


def test_fleiss_needs_as_many_labels_of_each() -> None:
    for units in ([["a", "b"], ["a"]], [["a"]]):
        with pytest.raises(ValueError, match="as many labels"):
            fleiss(units)


def test_matrix_of_people() -> None:
    units = [{"ada": "x", "bob": "x"}, {"ada": "x", "bob": "y", "cleo": "y"}, {"ada": "y", "bob": "y"}, {"dan": "x"}]
    told = matrix(units)
    assert list(told) == [("ada", "bob"), ("ada", "cleo"), ("bob", "cleo")]
    assert told["ada", "bob"] == cohen([("x", "x"), ("x", "y"), ("y", "y")])
    assert (told["bob", "cleo"].interval, told["bob", "cleo"].units) == (None, 1)


@pytest.mark.parametrize(("measure", "people"), [(cohen, 2), (krippendorff, 3)])
def test_intervals_cover(measure: Callable[..., Agreement], people: int) -> None:
    """People who see right in 85 of 100 units, of two equally frequent kinds: two differ in 2 * 0.85 * 0.15 of them,
    by chance in half."""
    draw, covered, studies = Random(31), 0, 2000
    truth = 1 - 2 * 0.85 * 0.15 / 0.5
    for study in range(studies):
        units = []
        for _ in range(80):
            kind = draw.random() < 0.5
            units.append(tuple("ab"[kind == (draw.random() < 0.85)] for _ in range(people)))
        told = measure(units, seed=study, resamples=150).interval
        covered += told is not None and told.low <= truth <= told.high
    assert 0.94 <= covered / studies <= 0.96
