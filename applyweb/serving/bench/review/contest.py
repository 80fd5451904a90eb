"""Who is ahead: the figures of all tools as rows, the table, the sentences, the JSON, the exit code.

Must not know: how anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from applyweb.serving.bench.figures import percentile
from applyweb.serving.bench.review.cases import MEASURES, Case, Measure
from applyweb.serving.bench.review.loads import Load
from applyweb.serving.bench.review.tools import OWN

_NOTHING_MEASURED = 2
CUT_SHORT = 3


@dataclass(frozen=True, slots=True)
class Result:
    """The loads of one tool in one case; none where `failure` says why."""

    tool: str
    case: str
    loads: tuple[Load, ...]
    failure: str = ""

    def values(self, measure: Measure) -> list[float]:
        found = [getattr(load, measure) for load in self.loads]
        return [float(value) for value in found if value is not None]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one case. `medians` has the tools that were measured. `goal` is None where it is only told."""

    case: str
    title: str
    measure: Measure
    goal: float | None
    medians: Mapping[str, float]

    @property
    def own(self) -> float | None:
        return self.medians.get(OWN.name)

    @property
    def met(self) -> bool | None:
        """None where there is no goal. What has a goal and was not measured did not meet it."""
        if self.goal is None:
            return None
        return self.own is not None and self.own <= self.goal

    @property
    def ahead(self) -> Mapping[str, float]:
        """The peers that are lower, by how much. Only rows with a goal are a contest, and not those whose measure has
        no rivals."""
        if self.goal is None or self.own is None or not MEASURES[self.measure].rivals:
            return {}
        own = self.own
        return {name: own - value for name, value in self.medians.items() if value < own}


def rows(cases: Iterable[Case], results: Sequence[Result]) -> list[Row]:
    """A row for each case and measure, in the order of both."""
    return [
        Row(case.name, case.title, measure, case.goals.get(measure), _medians(case, measure, results))
        for case in cases
        for measure in MEASURES
    ]


def _medians(case: Case, measure: Measure, results: Sequence[Result]) -> dict[str, float]:
    found = {result.tool: result.values(measure) for result in results if result.case == case.name}
    return {tool: round(percentile(values, 50), 1) for tool, values in found.items() if values}


def exit_code(found: Sequence[Row]) -> int:
    """2 where the page itself was not measured, 1 where it missed a goal or a peer is ahead, else 0."""
    if all(row.own is None for row in found):
        return _NOTHING_MEASURED
    return int(any(row.met is False or row.ahead for row in found))


def table(found: Sequence[Row], tools: Sequence[str]) -> str:
    """The report for people: medians, the goal, whether it is met, and who is ahead."""
    cells: list[tuple[str, ...]] = [("case", "median of", "goal", *tools, "met", "ahead")]
    for row in found:
        about = MEASURES[row.measure]
        goal = "" if row.goal is None else f"<= {row.goal:,.0f}"
        values = [_number(row.medians.get(tool)) for tool in tools]
        met = {True: "yes", False: "NO", None: ""}[row.met]
        cells.append((row.title, f"{about.title}, {about.unit}", goal, *values, met, _ahead(row)))
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [_line(line, widths) for line in cells]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)


def _ahead(row: Row) -> str:
    if row.ahead:
        return ", ".join(f"{name} by {_number(by)}" for name, by in row.ahead.items())
    contested = row.goal is not None and MEASURES[row.measure].rivals
    return OWN.name if contested and row.own is not None and len(row.medians) > 1 else ""


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    left, right, last = cells[:2], cells[2:-1], cells[-1]
    parts = [cell.ljust(width) for cell, width in zip(left, widths[:2], strict=True)]
    parts += [cell.rjust(width) for cell, width in zip(right, widths[2:-1], strict=True)]
    return "  ".join([*parts, last]).rstrip()


def sentences(found: Sequence[Row], results: Sequence[Result], why: str = "") -> list[str]:
    """What the table says, in words. `why` is the reason where there are no peers at all."""
    if exit_code(found) == _NOTHING_MEASURED:
        return ["Nothing was measured.", *_failures(results)]
    judged = [row for row in found if row.met is not None]
    told = [f"{sum(bool(row.met) for row in judged)} of {len(judged)} goals are met."]
    told += [_missed(row) for row in judged if row.met is False]
    told += [_behind(row) for row in found if row.ahead]
    if why:
        told.append(f"No peer was measured. {why}")
    elif any(len(row.medians) > 1 for row in found) and not any(row.ahead for row in found):
        told.append("No peer is ahead on any row.")
    return told + _failures(results)


def _missed(row: Row) -> str:
    about = MEASURES[row.measure]
    if row.own is None:
        return f"Missed, {row.title}: {about.title} was not measured."
    return f"Missed, {row.title}: {about.title} is {row.own:,.0f} {about.unit}, the goal {row.goal:,.0f}."


def _behind(row: Row) -> str:
    about = MEASURES[row.measure]
    who = " and ".join(f"{name} by {by:,.0f} {about.unit}" for name, by in row.ahead.items())
    return f"Behind, {row.title}, {about.title}: {who}."


def _failures(results: Sequence[Result]) -> list[str]:
    return [f"Not measured, {result.tool}, {result.case}: {result.failure}" for result in results if result.failure]


def cut_short(cases: Sequence[Case], results: Sequence[Result], runs: int, why: str) -> list[str]:
    """What stands below the table of a run that did not come to its end."""
    told = [f"CUT SHORT: {why} This is no whole run."]
    for case in cases:
        counts = [len(result.loads) for result in results if result.case == case.name and not result.failure]
        if not any(counts):
            told.append(f"Not measured, {case.title}.")
        elif min(counts) < runs:
            told.append(f"Measured in part, {case.title}: {min(counts)} of {runs} loads of some tools.")
    return told


def as_json(
    found: Sequence[Row], results: Sequence[Result], machine: Mapping[str, Any], *, complete: bool = True
) -> dict[str, Any]:
    """{machine, complete, exit_code, rows: [{case, title, measure, unit, goal, medians, met, ahead}], results: [{tool,
    case, loads, failure}]}; every load is there, so that medians can be made anew."""
    return {
        "machine": dict(machine),
        "complete": complete,
        "exit_code": exit_code(found) if complete else CUT_SHORT,
        "rows": [
            {**asdict(row), "unit": MEASURES[row.measure].unit, "met": row.met, "ahead": dict(row.ahead)}
            for row in found
        ],
        "results": [{**asdict(result), "loads": [asdict(load) for load in result.loads]} for result in results],
    }
