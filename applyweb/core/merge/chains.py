"""Runs of lines that two texts share, as members of chains: both rise from one member of a chain to the next.

Must not know: texts, what a run is worth.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

MOST_RUNS = 260  # of one chain; the work is the square of it


@dataclass(slots=True)
class Run:
    row: int  # index into the edit's solid lines
    at: int  # index into the original's solid lines
    size: int
    same: bool
    weights: list[float]  # running sums, one entry more than size
    shift: int  # indentation of the original minus that of the edit

    def weight(self, cut: int = 0) -> float:
        return self.weights[-1] - self.weights[cut]


Link = tuple[Run, int]  # a member of a chain, and how many of its first lines are cut off


def joined(runs: list[Run]) -> list[Run]:
    """The runs, those made one that go on where another ends and are of its kind."""
    ends: dict[tuple[int, int, bool, int], Run] = {}
    found: list[Run] = []
    for run in sorted(runs, key=lambda run: (run.row, run.at)):
        before = ends.pop((run.row, run.at, run.same, run.shift), None)
        if before is None:
            found.append(before := Run(run.row, run.at, 0, run.same, [0.0], run.shift))
        before.weights += [before.weights[-1] + weight for weight in run.weights[1:]]
        before.size += run.size
        ends[before.row + before.size, before.at + before.size, run.same, run.shift] = before
    return found


def strongest(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """As many runs as are chained at once, the weightiest, and the others; both in order."""
    ranked = sorted(runs, key=lambda run: -run.weight()) if len(runs) > MOST_RUNS else runs
    strong, weaker = ranked[:MOST_RUNS], ranked[MOST_RUNS:]
    return sorted(strong, key=lambda run: (run.row, run.at)), sorted(weaker, key=lambda run: (run.row, run.at))


def between(chain: list[Link], runs: list[Run]) -> list[list[Run]]:
    """The runs that fit between two members of a chain, above or below it, by where."""
    starts = [run.row + cut for run, cut in chain]
    groups: dict[int, list[Run]] = {}
    for run in runs:
        index = bisect_right(starts, run.row)
        above = chain[index - 1][0] if index else None
        below, cut = chain[index] if index < len(chain) else (None, 0)
        if above and (above.row + above.size > run.row or above.at + above.size > run.at):
            continue
        if below and (run.row + run.size > below.row + cut or run.at + run.size > below.at + cut):
            continue
        groups.setdefault(index, []).append(run)
    return list(groups.values())
