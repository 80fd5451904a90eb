"""The texts of the browser benchmark and what is asked of them, the same on every machine.

Must not know: how anything is measured, which tools there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from applyweb.core.decisions import unified_patch
from applyweb.serving.bench.texts import changed_lines, python_source

PATH = "harbour/accounts.py"

Measure = Literal["paint", "opened", "inp", "nodes", "memory", "ready", "frame", "heap"]


@dataclass(frozen=True, slots=True)
class About:
    """A measure for people. `rivals` is False where being lower than another tool is no merit: the review page holds
    an outline, a minimap and the chat, which no other tool has, so its nodes are held against the goal alone."""

    title: str
    unit: str
    rivals: bool = True


MEASURES: dict[Measure, About] = {
    "paint": About("first paint of the diff", "ms"),
    "opened": About("the same from the page's answer on, library and texts to come", "ms"),
    "inp": About("interaction to next paint", "ms"),
    "nodes": About("DOM nodes at rest", "nodes", rivals=False),
    "memory": About("memory of the page's process", "MB"),
    "ready": About("last long task of the load", "ms"),
    "frame": About("longest frame while scrolling", "ms"),
    "heap": About("JavaScript heap", "MB"),
}


@dataclass(frozen=True)
class Case:
    """`hunks` is 1 where `rewritten`: every line has changed. `goals`: at most."""

    name: str
    lines: int
    hunks: int
    goals: Mapping[Measure, float]
    rewritten: bool = False

    @property
    def title(self) -> str:
        return f"{self.lines:,} lines, {'all rewritten' if self.rewritten else f'{self.hunks} hunks'}"

    @cached_property
    def original(self) -> str:
        return python_source(self.lines)

    @cached_property
    def merged(self) -> str:
        return rewritten(self.original) if self.rewritten else changed_lines(self.original, self.hunks)

    @property
    def texts(self) -> dict[str, str]:
        """What a peer's page gets: both texts, and the patch between them for a tool that takes nothing else."""
        patch = unified_patch(PATH, self.original, self.merged)
        return {"path": PATH, "original": self.original, "merged": self.merged, "patch": patch}


def rewritten(source: str) -> str:
    """`source` with every line changed and each like its old self: other indents, other names, other blank lines."""
    lines = source.removesuffix("\n").split("\n")
    return "".join(f"{_again(line)}\n" for line in lines)


def _again(line: str) -> str:
    body = line.lstrip(" ")
    indent = "  " * ((len(line) - len(body)) // 4)
    return f"{indent}{body.replace('total', 'amount').replace('self', 'this')}  # again" if body else "# again"


# "Usable at once", which the last case asks for, is read as the goals of a file of that length.
FULL = (
    Case("1000", 1_000, 20, {"paint": 150, "inp": 50}),
    Case("10000", 10_000, 200, {"paint": 400, "inp": 100, "nodes": 6_000}),
    Case("50000", 50_000, 200, {"paint": 800, "inp": 100, "memory": 150}),
    Case("rewritten", 10_000, 1, {"paint": 400, "inp": 100}, rewritten=True),
)
QUICK = (
    Case("1000", 200, 8, FULL[0].goals),
    Case("10000", 250, 10, FULL[1].goals),
    Case("50000", 300, 10, FULL[2].goals),
    Case("rewritten", 60, 1, FULL[3].goals, rewritten=True),
)
NAMES = tuple(case.name for case in FULL)
