"""Where every code fence of an answer ends: all fence lines matched once, all ends found in one pass for each length.

Must not know: bare patches, prose, what a fence holds. An answer is untrusted, so the work is linear in its characters:
a pass for one length looks only at fences at least that long, and a line of k marks is in at most k - 2 such passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"( {0,12}|\t{0,3})(`{3,}|~{3,})(.*)")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fence line. `indent` is what stands before the mark, `info` what stands after it."""

    row: int
    indent: str
    mark: str
    info: str

    @property
    def opens(self) -> bool:
        """Whether it can open a block: back-ticks in the info string make it code inside a line."""
        return self.mark[0] == "~" or "`" not in self.info

    @property
    def is_inner_opening(self) -> bool:
        return bool(self.info) and len(self.indent) <= 3


class Fences:
    """The fence lines of an answer by row. `steps` counts the looks at a fence, for the proof that they stay few."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.at: dict[int, Fence] = {}
        self.steps = 0
        for row, line in enumerate(lines):
            if ("```" in line or "~~~" in line) and (found := _FENCE.match(line)):
                self.at[row] = Fence(row, found[1], found[2], found[3].strip(" \t"))
        self._size = len(lines)
        self._closers: dict[int, int] = {}
        self._limits: dict[int, int] = {}
        for char in "`~":
            self._find_ends([fence for fence in self.at.values() if fence.mark[0] == char])

    def closer(self, row: int) -> int | None:
        """The row that closes the fence at `row`; None where nothing does."""
        return self._closers.get(row)

    def limit(self, row: int) -> int:
        """Where an unclosed fence ends: before the next opening fence of its mark, else at the end of the answer."""
        return self._limits.get(row, self._size)

    def _find_ends(self, fences: list[Fence]) -> None:
        for length in sorted({len(fence.mark) for fence in fences}):
            fences = [fence for fence in fences if len(fence.mark) >= length]
            self.steps += len(fences)
            self._find_ends_of(length, fences)

    def _find_ends_of(self, length: int, fences: Sequence[Fence]) -> None:
        """The ends for the openings of exactly `length`, backwards over the fences that are as long or longer. A fence
        with an info string opens an inner one that must close first; where that leaves an opening without an end, the
        next fence without an info string ends it, unless another opening of its own length comes before."""
        free: list[int] = []  # the closing rows below that nothing below opens, the next one last
        plain: int | None = None  # the next closing row, None where an opening of this length comes first
        following: int | None = None  # the next fence of this length with an info string
        for fence in reversed(fences):
            exact = len(fence.mark) == length
            if exact:
                end = free[-1] if free else plain
                if end is not None:
                    self._closers[fence.row] = end
                if following is not None:
                    self._limits[fence.row] = following
            if not fence.info:
                free.append(fence.row)
                plain = fence.row
            elif fence.is_inner_opening:
                if free:
                    free.pop()
                if exact:
                    plain = None
            if exact and fence.info:
                following = fence.row
