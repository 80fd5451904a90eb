"""Blocks of lines that differ between two texts, placed where a reader expects them.

Must not know: hunk ids, decisions, how similar two lines are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

from applyweb.core.diff.lcs import common_runs
from applyweb.core.diff.slide import settle_blocks


@dataclass(frozen=True, slots=True)
class Block:
    """Old lines [old_start, old_end) became new lines [new_start, new_end); 0-based, one of the two may be
    empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changed_blocks(old: Sequence[str], new: Sequence[str]) -> tuple[Block, ...]:
    """The changes from `old` to `new`, compared as exact lines (ends included), in order and never
    touching. What lies between two blocks is equal on both sides and holds more than one blank line's worth
    of text."""
    numbers = dict(zip(dict.fromkeys(chain(old, new)), count(), strict=False))
    a, b = [numbers[line] for line in old], [numbers[line] for line in new]
    spans = settle_blocks(_spans(common_runs(a, b), len(a), len(b)), old, new)
    return tuple(Block(*span) for span in _join(spans, old))


def _spans(runs: Sequence[tuple[int, int, int]], old_size: int, new_size: int) -> list[tuple[int, int, int, int]]:
    """What the common runs leave over."""
    spans = []
    i = j = 0
    for run_i, run_j, length in [*runs, (old_size, new_size, 0)]:
        if run_i > i or run_j > j:
            spans.append((i, run_i, j, run_j))
        i, j = run_i + length, run_j + length
    return spans


def _join(spans: Sequence[tuple[int, int, int, int]], old: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Changes that only one blank line parts read as one change, and are decided as one."""
    joined: list[tuple[int, int, int, int]] = []
    for span in spans:
        if joined:
            before = joined[-1]
            gap = span[0] - before[1]
            if gap == 0 or (gap == 1 and not old[before[1]].strip()):
                joined[-1] = (before[0], span[1], before[2], span[3])
                continue
        joined.append(span)
    return joined
