"""Gates of a run: `exact_rate < 90%` fails it, and so does `extra_rate > +0.5pp` against another run.

Must not know: engines, suites as files, where the other run comes from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from applyweb.core.figures import shown, shown_change, shown_range
from applyweb.core.intervals import Interval
from applyweb.core.metrics import METRICS, Compared, Metric, Observation, Unit, compare, measure

Sign = Literal["<", "<=", ">", ">="]

_FORM = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*(%|pp|ms|)\s*", re.ASCII)
_ABSOLUTE: dict[Unit, tuple[str, ...]] = {"rate": ("%",), "lines": ("",), "ms": ("ms",)}
_CHANGE: dict[Unit, tuple[str, ...]] = {"rate": ("pp",), "lines": ("", "%"), "ms": ("ms", "%")}
_EXAMPLES: dict[Unit, str] = {
    "rate": "{0} > 5% or, against a baseline, {0} > +0.5pp",
    "lines": "{0} > 0.2 or, against a baseline, {0} > +0.1 or {0} > +10%",
    "ms": "{0} > 250ms or, against a baseline, {0} > +20ms or {0} > +10%",
}
_LEAST = 1e-9  # figures nearer to a limit are at it: 0.015 - 0.01 is not quite 0.005


class GateError(ValueError):
    """An expression that is no gate; `str(error)` says what is possible."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`limit` is in the metric's own unit (a share for a rate). With `against` it is a change from the baseline, and
    with `by_share` one that is a share of the baseline's figure."""

    text: str
    metric: Metric
    sign: Sign
    limit: float
    against: bool = False
    by_share: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A gate and what became of it; `sentence` says it with the figures."""

    gate: Gate
    failed: bool
    sentence: str


def parse(text: str) -> Gate:
    """Errors: GateError."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise GateError(f"{text!r} is no gate. Write a metric, <, <=, > or >=, and a limit: {_example('right_rate')}.")
    name, sign, signed, number, unit = found.groups()
    metric = METRICS.get(name)
    if metric is None:
        raise GateError(f"{name} is no metric. There are {', '.join(METRICS)}.")
    if unit not in (_CHANGE if signed else _ABSOLUTE)[metric.unit]:
        raise GateError(f"{text!r} has no limit that {name} can be held against. Possible: {_example(name)}.")
    limit = float(number) * (-1 if signed == "-" else 1) / (100 if unit in ("%", "pp") else 1)
    if metric.unit == "rate" and abs(limit) > 1:
        raise GateError(f"{text!r}: a rate cannot be or change by more than 100 %.")
    signs: tuple[Sign, ...] = get_args(Sign)
    return Gate(text.strip(), metric, signs[signs.index(sign)], limit, bool(signed), bool(signed) and unit == "%")


def judge_run(gate: Gate, run: Sequence[Observation]) -> Judged:
    """A gate with a limit of its own. A metric that no case tells fails it: nothing shows that the run is good."""
    metric = gate.metric
    seen = measure(metric, run)
    if seen is None:
        return _untold(gate)
    failed = _beyond(seen.value, gate.sign, gate.limit)
    said = f"{metric.name} is {shown(metric.unit, seen.value)} (95 % interval: {shown_range(metric.unit, seen)})"
    return _judged(gate, failed, said + _surely(failed, seen, gate.sign, gate.limit))


def judge_change(gate: Gate, before: Sequence[Observation], after: Sequence[Observation]) -> Judged:
    """A gate against a baseline, over the cases that both runs have, in the same order."""
    metric = gate.metric
    found = compare(metric, before, after)
    if found is None:
        return _untold(gate)
    limit = gate.limit * found.before if gate.by_share else gate.limit
    failed = _beyond(found.difference.value, gate.sign, limit)
    return _judged(gate, failed, told_change(found) + _surely(failed, found.difference, gate.sign, limit))


def told_change(found: Compared) -> str:
    """A comparison in words."""
    unit = found.metric.unit
    name, before, after = found.metric.name, shown(unit, found.before), shown(unit, found.after)
    if not found.differing:
        return f"{name} is {after} as before, and the same in each of {found.pairs:,} cases: {found.verdict}"
    return (
        f"{name} went from {before} to {after}, {shown_change(unit, found.difference.value)} (95 % interval: "
        f"{shown_range(unit, found.difference, change=True)}; {found.differing:,} of {found.pairs:,} cases differ): "
        f"{found.verdict}"
    )


def _judged(gate: Gate, failed: bool, said: str) -> Judged:
    return Judged(gate, failed, f"{'FAILED' if failed else 'passed'} {gate.text}: {said}.")


def _untold(gate: Gate) -> Judged:
    return _judged(gate, True, f"no case tells {gate.metric.name}")


def _surely(failed: bool, seen: Interval, sign: Sign, limit: float) -> str:
    """Whether another draw of as many cases could well have ended on the other side of the limit."""
    low, high = _beyond(seen.low, sign, limit), _beyond(seen.high, sign, limit)
    if low == high == failed:
        return ""
    return "; the limit is within the interval, so other cases like these might " + ("pass" if failed else "fail")


def _beyond(value: float, sign: Sign, limit: float) -> bool:
    over, under = value - limit > _LEAST, limit - value > _LEAST
    return {"<": under, "<=": not over, ">": over, ">=": not under}[sign]


def _example(name: str) -> str:
    return _EXAMPLES[METRICS[name].unit].format(name)
