"""Fitting and checking a probability of being right: logistic regression, folds by group, reliability.

Must not know: what the features mean, where the cases come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import exp, log

_STEPS = 60
_ENOUGH = 1e-6
_MOST = 30.0

Evidence = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """One case: its evidence, whether its result was right, the group (package) that it is of, and how much it counts
    in a fit."""

    evidence: Evidence
    right: bool
    group: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """probability = 1 / (1 + exp(-(bias + sum of weight * value))); features without a weight take their prior."""

    bias: float
    weights: Mapping[str, float]
    prior: Callable[[str], float]

    def probability(self, evidence: Evidence) -> float:
        total = self.bias
        for name, value in evidence.items():
            weight = self.weights.get(name)
            total += (self.prior(name) if weight is None else weight) * value
        return _sigmoid(total)


@dataclass(frozen=True, slots=True)
class Bin:
    """Samples whose probability is in [low, high): how many, their mean probability, and the share that is right."""

    low: float
    high: float
    count: int
    expected: float
    right: float


def fit(samples: Sequence[Sample], prior: Callable[[str], float], bias: float, strength: float = 1.0) -> Model:
    """The most likely weights under a normal prior around `prior` with the variance 1 / `strength`, by Newton's method
    with one weight at a time (the evidence is sparse). Errors: ValueError without samples."""
    if not samples:
        raise ValueError("no samples to fit")
    columns: dict[str, list[tuple[int, float]]] = {}
    for index, sample in enumerate(samples):
        for name, value in sample.evidence.items():
            columns.setdefault(name, []).append((index, value))
    weights = {name: prior(name) for name in sorted(columns)}
    totals = [bias + sum(weights[name] * value for name, value in sample.evidence.items()) for sample in samples]
    everyone = [(index, 1.0) for index in range(len(samples))]
    for _ in range(_STEPS):
        moved = step = _newton(everyone, samples, totals, bias, bias, 0.0)
        bias += step
        for name, column in columns.items():
            step = _newton(column, samples, totals, weights[name], prior(name), strength)
            weights[name] += step
            moved = max(abs(moved), abs(step))
        if abs(moved) < _ENOUGH:
            break
    return Model(bias, weights, prior)


def _newton(
    column: Sequence[tuple[int, float]],
    samples: Sequence[Sample],
    totals: list[float],
    weight: float,
    around: float,
    strength: float,
) -> float:
    """One bounded step of one weight; `totals` are brought up to date."""
    slope, bend = -strength * (weight - around), strength + 1e-9
    for index, value in column:
        likely = _sigmoid(totals[index])
        counts = samples[index].weight
        slope += counts * value * (samples[index].right - likely)
        bend += counts * value * value * likely * (1.0 - likely)
    step = max(-1.0, min(1.0, slope / bend))
    for index, value in column:
        totals[index] += step * value
    return step


def cross_validated(samples: Sequence[Sample], fitted: Callable[[Sequence[Sample]], Model], folds: int) -> list[float]:
    """For each sample its probability under a model fitted without any sample of its group's fold."""
    fold = [fold_of(sample.group, folds) for sample in samples]
    likely = [0.0] * len(samples)
    for each in range(folds):
        train = [sample for sample, its in zip(samples, fold, strict=True) if its != each]
        if not train:
            train = list(samples)
        model = fitted(train)
        for index, sample in enumerate(samples):
            if fold[index] == each:
                likely[index] = model.probability(sample.evidence)
    return likely


def fold_of(group: str, folds: int) -> int:
    """The fold of a group, the same on every machine."""
    return int.from_bytes(sha256(group.encode()).digest()[:4], "big") % folds


def reliability(likely: Sequence[float], right: Sequence[bool], edges: Sequence[float]) -> list[Bin]:
    """The samples in bins between consecutive `edges`; empty bins are left out. The last edge is included."""
    bins = []
    for low, high in pairwise(edges):
        last = high == edges[-1]
        rows = [(p, r) for p, r in zip(likely, right, strict=True) if low <= p < high or (last and p == high)]
        if rows:
            share = sum(r for _, r in rows) / len(rows)
            bins.append(Bin(low, high, len(rows), sum(p for p, _ in rows) / len(rows), share))
    return bins


def brier(likely: Sequence[float], right: Sequence[bool]) -> float:
    """The mean squared distance of the probabilities from what came out, 0 (perfect) to 1."""
    return sum((p - r) ** 2 for p, r in zip(likely, right, strict=True)) / len(right)


def log_loss(likely: Sequence[float], right: Sequence[bool]) -> float:
    """The mean surprise in nats."""
    return -sum(log(max(1e-12, p if r else 1.0 - p)) for p, r in zip(likely, right, strict=True)) / len(right)


def _sigmoid(total: float) -> float:
    return 1.0 / (1.0 + exp(-max(-_MOST, min(_MOST, total))))
