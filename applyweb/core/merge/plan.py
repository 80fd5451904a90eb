"""What a placed edit comes to: splices of the original's lines, remarks, and doubts.

Must not know: how placements are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class MergeNote:
    """Something a reader should know. `code` is stable snake_case; `chat_line` is 1-based, 0 where there is none."""

    code: str
    message: str
    severity: Severity
    chat_line: int


@dataclass(frozen=True, slots=True)
class Splice:
    """Original rows `start` to `end` (half-open) give way to `texts`. `row` is the edit row that `texts` begins
    with."""

    start: int
    end: int
    texts: tuple[str, ...]
    row: int = 0


@dataclass(slots=True)
class Plan:
    """Splices in any order that do not overlap, and `doubts`: why the plan may be wrong, as (code, message, edit
    row). `whole`: the edit was read as the whole file, so that what it does not hold is meant to go.
    `shown`: ranges of original rows that the edit shows anew from end to end, of which the same holds. `signals` are
    measures of how much was left to judgement, 0 and up, for the confidence; they are no reason by themselves.
    `siblings` are names that are to stand there twice: overloads, a property and its setter."""

    splices: list[Splice] = field(default_factory=list)
    doubts: list[tuple[str, str, int]] = field(default_factory=list)
    placed: bool = True
    whole: bool = False
    shown: list[tuple[int, int]] = field(default_factory=list)
    signals: dict[str, float] = field(default_factory=dict)
    siblings: set[str] = field(default_factory=set)

    @property
    def overlaps(self) -> bool:
        """Whether two of its splices would change one row."""
        ordered = sorted(self.splices, key=lambda splice: (splice.start, splice.end))
        return any(first.end > second.start for first, second in pairwise(ordered))

    def removes_less_than(self, other: Plan, rows: Sequence[int]) -> bool:
        """Whether some of these rows go by the other plan and not by this one."""
        gone, others = (
            {at for splice in plan.splices for at in range(splice.start, splice.end)} for plan in (self, other)
        )
        return any(row in others and row not in gone for row in rows)

    def doubt(self, code: str, message: str, row: int) -> None:
        self.doubts.append((code, message, row))

    def signal(self, name: str, value: float = 1.0) -> None:
        """Note a measure; of several of one name the largest counts."""
        self.signals[name] = max(value, self.signals.get(name, 0.0))

    def shift(self, rows: int) -> None:
        """Count edit rows from so many rows further up: the plan was made for a part of an edit."""
        self.splices = [replace(splice, row=splice.row + rows) for splice in self.splices]
        self.doubts = [(code, message, row + rows) for code, message, row in self.doubts]

    def moved(self, rows: int) -> Plan:
        """The plan, made for a part of a text, for the text in which the part begins so many rows further down."""
        splices = [replace(each, start=each.start + rows, end=each.end + rows) for each in self.splices]
        return replace(self, splices=splices, shown=[(start + rows, end + rows) for start, end in self.shown])

    def add(self, other: Plan) -> None:
        """Take in the plan of another part of the edit."""
        self.splices += other.splices
        self.doubts += other.doubts
        self.shown += other.shown
        self.placed &= other.placed
        self.siblings |= other.siblings
        for name, value in other.signals.items():
            self.signal(name, value)
