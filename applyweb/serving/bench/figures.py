"""What was measured, against its goal: percentiles, the table, the JSON, the exit code.

Must not know: how anything is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Judged = Literal["p50", "p95", "largest"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `judged` says which of the three is held against `goal` (at most; None for a figure that
    is only told). `note` says how it was measured. Not measured: `samples` is 0, and `note` says why."""

    name: str
    what: str
    unit: str
    goal: float | None
    judged: Judged
    samples: int
    p50: float
    p95: float
    largest: float
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None where there is no goal. What has a goal and was not measured did not meet it."""
        if self.goal is None:
            return None
        judged = {"p50": self.p50, "p95": self.p95, "largest": self.largest}[self.judged]
        return self.samples > 0 and judged <= self.goal


def figure(
    name: str,
    what: str,
    values: Sequence[float],
    *,
    unit: str = "ms",
    goal: float | None = None,
    judged: Judged = "p95",
    note: str = "",
) -> Figure:
    """The figure of these values, one at least."""
    p50, p95, largest = (round(value, 2) for value in (percentile(values, 50), percentile(values, 95), max(values)))
    return Figure(name, what, unit, goal, judged, len(values), p50, p95, largest, note)


def not_measured(name: str, what: str, why: str, *, unit: str = "ms", goal: float | None = None) -> Figure:
    """A row without figures; its goal counts as missed."""
    return Figure(name, what, unit, goal, "p95", 0, 0.0, 0.0, 0.0, f"not measured: {why}")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` percent of all do not exceed (nearest rank). Errors: ValueError for no values."""
    if not values:
        raise ValueError("no values")
    rank = -(-len(values) * share // 100)
    return sorted(values)[max(0, int(rank) - 1)]


def exit_code(figures: Sequence[Figure]) -> int:
    """1 where any goal is missed, else 0."""
    return int(any(each.met is False for each in figures))


def as_json(figures: Sequence[Figure], machine: dict[str, Any]) -> dict[str, Any]:
    """{machine, met, figures: [{name, what, unit, goal, judged, samples, p50, p95, largest, note, met}]}."""
    return {
        "machine": machine,
        "met": exit_code(figures) == 0,
        "figures": [{**asdict(each), "met": each.met} for each in figures],
    }


def table(figures: Sequence[Figure]) -> str:
    """The report for people, with the notes below."""
    rows: list[tuple[str, ...]] = [("what", "goal", "p50", "p95", "largest", "samples", "met")]
    for each in figures:
        goal = "" if each.goal is None else f"{each.judged} <= {each.goal:g} {each.unit}"
        values = [f"{value:.1f}" if each.samples else "-" for value in (each.p50, each.p95, each.largest)]
        met = {True: "yes", False: "NO", None: ""}[each.met]
        rows.append((f"{each.name}: {each.what}", goal, *values, str(each.samples), met))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "-" * len(lines[0]))
    notes = [f"  {each.name}: {each.note}" for each in figures if each.note]
    return "\n".join(lines + (["", *notes] if notes else []))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(left + right).rstrip()
