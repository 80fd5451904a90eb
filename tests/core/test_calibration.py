"""Fitting probabilities, and checking them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from applyweb.core import calibration
from applyweb.core.calibration import Model, Sample
from applyweb.core.merge import confidence


def _none(feature: str) -> float:
    return 0.0


def _samples(count: int, seed: int) -> list[Sample]:
    """Cases that are right in 90 %, in 30 % where `doubt` is there; `noise` says nothing."""
    random = Random(seed)
    made = []
    for index in range(count):
        doubt, noise = random.random() < 0.4, random.random() < 0.5
        evidence = {"doubt": 1.0} if doubt else {}
        if noise:
            evidence["noise"] = 1.0
        made.append(Sample(evidence, random.random() < (0.3 if doubt else 0.9), f"group-{index % 17}"))
    return made


def test_fit_finds_the_rates_behind_the_evidence() -> None:
    model = calibration.fit(_samples(4000, 1), _none, 0.0, strength=0.1)
    assert model.probability({}) == pytest.approx(0.9, abs=0.03)
    assert model.probability({"doubt": 1.0}) == pytest.approx(0.3, abs=0.04)
    assert abs(model.weights["noise"]) < 0.3


def test_a_case_that_counts_twice_is_two_cases() -> None:
    samples = _samples(300, 5)
    twice = [replace(sample, weight=2.0) if "doubt" in sample.evidence else sample for sample in samples]
    doubled = [*samples, *(sample for sample in samples if "doubt" in sample.evidence)]
    first, second = (calibration.fit(some, _none, 0.0) for some in (twice, doubled))
    assert first.bias == pytest.approx(second.bias, abs=1e-4)
    assert first.weights["doubt"] == pytest.approx(second.weights["doubt"], abs=1e-4)


def test_a_feature_without_cases_keeps_its_prior() -> None:
    model = calibration.fit(_samples(200, 2), confidence.prior, 4.0)
    assert model.probability({"never_seen": 1.0}) < model.probability({})
    assert "never_seen" not in model.weights


def test_a_stronger_hold_keeps_weights_nearer_to_their_prior() -> None:
    loose, tight = (calibration.fit(_samples(300, 3), _none, 0.0, strength=each) for each in (0.1, 100.0))
    assert abs(tight.weights["doubt"]) < abs(loose.weights["doubt"])


def test_fit_needs_samples() -> None:
    with pytest.raises(ValueError, match="no samples"):
        calibration.fit([], _none, 0.0)


def test_cross_validation_never_shows_a_group_to_its_own_model() -> None:
    samples = _samples(170, 4)
    seen: list[set[str]] = []

    def fitted(some: list[Sample]) -> Model:
        seen.append({sample.group for sample in some})
        return calibration.fit(some, _none, 0.0)

    likely = calibration.cross_validated(samples, fitted, 5)  # type: ignore[arg-type]
    assert len(likely) == len(samples)
    assert len(seen) == 5
    for fold, groups in enumerate(seen):
        assert all(calibration.fold_of(group, 5) != fold for group in groups)


def test_reliability_of_probabilities_that_hold_and_that_do_not() -> None:
    likely = [0.1] * 10 + [0.95] * 20
    right = [True] + [False] * 9 + [True] * 10 + [False] * 10
    low, high = calibration.reliability(likely, right, (0.0, 0.5, 0.9, 1.0))
    assert (low.count, low.right) == (10, 0.1)
    assert (high.count, high.right) == (20, 0.5)
    assert high.expected == pytest.approx(0.95)


def test_brier_and_log_loss_are_least_for_the_truth() -> None:
    right = [True, True, False]
    assert calibration.brier([1.0, 1.0, 0.0], right) == 0.0
    assert calibration.brier([0.5] * 3, right) == 0.25
    assert calibration.log_loss([0.9, 0.9, 0.1], right) < calibration.log_loss([0.5] * 3, right)
