"""How much each case does: the sizes of the goals, and tiny ones that only show that everything runs.

Must not know: how a case measures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lines are lines of the original; rates are tokens per second of one apply."""

    merge_lines: int = 1_000
    merge_runs: int = 60
    large_lines: int = 10_000
    large_runs: int = 20
    huge_lines: int = 50_000
    huge_runs: int = 5
    small_lines: int = 300
    hard_runs: int = 2  # of each answer that is hard to merge
    fences: int = 100
    pieces: int = 4_000
    patches: int = 300
    depth: int = 1_200
    diff_edits: int = 200
    post_runs: int = 25
    post_pause: float = 0.5  # seconds; colouring the apply before goes on for a moment after its end
    page_lines: int = 10_000
    page_hunks: int = 200
    page_runs: int = 20
    pause: float = 4.0  # seconds before a clocked apply writes, so that all readers are there
    delay_applies: int = 20
    delay_rate: float = 1_000.0
    delay_seconds: float = 8.0
    stream_rate: float = 20_000.0
    stream_seconds: float = 10.0


FULL = Sizes()
QUICK = Sizes(
    merge_lines=400,
    merge_runs=3,
    large_lines=600,
    large_runs=2,
    huge_lines=1_200,
    huge_runs=2,
    small_lines=300,
    hard_runs=1,
    fences=5,
    pieces=30,
    patches=8,
    depth=40,
    diff_edits=8,
    post_runs=2,
    post_pause=0.0,
    page_lines=400,
    page_hunks=8,
    page_runs=2,
    pause=2.0,
    delay_applies=3,
    delay_seconds=1.0,
    stream_rate=2_000.0,
    stream_seconds=1.0,
)
