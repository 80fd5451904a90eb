"""An edit, the original, and the pairs between them: what everything that fills an alignment looks at.

Must not know: what is made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from applyweb.core.merge.closers import Pair
from applyweb.core.merge.lines import Lines, Owners
from applyweb.core.merge.rules import shows_rules
from applyweb.core.merge.work import Work


@dataclass(frozen=True, slots=True)
class Reading:
    """How an edit is to be read: the range of the original it is about, and whether it shows `only` what it
    changes (bare definitions) rather than a view of the file with its gaps marked. `removes`: the prose speaks of
    taking code away."""

    start: int
    end: int
    bare: bool = False
    removes: bool = False
    work: Work = field(default_factory=Work)


class Scene:
    """`at` maps paired edit rows to original rows; `changed` are those of them whose lines differ."""

    def __init__(
        self, edit: Lines, gaps: Sequence[int], original: Lines, pairs: Sequence[Pair], reading: Reading
    ) -> None:
        self.edit, self.gaps, self.original, self.reading = edit, gaps, original, reading
        self.pairs = list(pairs)
        self.at = {pair.row: pair.at for pair in pairs}
        self.rows = sorted(self.at)
        self.changed = {pair.row for pair in pairs if not pair.same}
        self.gaps_before = list(accumulate((bool(gap) for gap in gaps), initial=0))
        ruled = shows_rules(edit, self.gaps_before[-1])
        self.owners, self.their_owners = Owners(edit, ruled), Owners(original, ruled)

    def solid(self, rows: Sequence[int]) -> list[int]:
        return [row for row in rows if not self.empty(row)]

    def solid_at(self, low: int, high: int) -> list[int]:
        return [at for at in range(low, high) if self.original.keys[at]]

    def empty(self, row: int) -> bool:
        """Blank, or the bare edge of a comment."""
        return self.edit.keys[row] in ("", "*", "#", "//")

    def trim_end(self, rows: list[int]) -> list[int]:
        end = len(rows)
        while end and self.empty(rows[end - 1]):
            end -= 1
        return rows[:end]

    def trim_start(self, rows: list[int]) -> list[int]:
        start = 0
        while start < len(rows) and self.empty(rows[start]):
            start += 1
        return rows[start:]

    def trim(self, rows: list[int]) -> list[int]:
        return self.trim_end(self.trim_start(rows))
