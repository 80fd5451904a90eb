"""From an alignment to splices: what becomes of the lines that found no partner.

Between two paired lines without a marker, the edit is the truth: the original's lines go, the edit's come. Around
a marker the question is how far an edit's piece reaches: it replaces the lines that are like its own, to the end
of a statement, and to the end of every block that the edit itself closes before the marker; the rest is kept.

Must not know: how pairs were found, formats, prose.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from math import inf, log1p

from applyweb.core.merge.bindings import loose_names
from applyweb.core.merge.bounds import DEPTH_OF_END, Bounds
from applyweb.core.merge.closers import Pair
from applyweb.core.merge.doubts import Doubts
from applyweb.core.merge.hidden import hidden_rows, telling_words
from applyweb.core.merge.imports import statement_end
from applyweb.core.merge.indent import Indenter
from applyweb.core.merge.lines import (
    decorated,
    decorates,
    likeness,
)
from applyweb.core.merge.members import docstring_end
from applyweb.core.merge.plan import Plan, Splice
from applyweb.core.merge.reach import Reach
from applyweb.core.merge.scene import Scene

_IMPORTS = re.compile(r"\b(?:imports?|includes?|usings?)\b", re.I)
_NEAR = 40  # lines of the original beside a piece
_MANY = 8  # lines that go between two shown ones


class Filler:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.edit, self.gaps, self.original, self.reading = scene.edit, scene.gaps, scene.original, scene.reading
        self.at, self.owners, self.their_owners = scene.at, scene.owners, scene.their_owners
        self.indenter = Indenter(scene.edit, scene.original, scene.at)
        self.bounds = Bounds(scene)
        self.plan = Plan()
        self.doubts = Doubts(scene, self.plan)
        self.reach = Reach(
            scene.edit, scene.gaps, scene.original, scene.at, self.indenter, scene.owners, scene.their_owners
        )

    def plan_splices(self) -> Plan:
        self.doubts.idle()
        for pair in self.scene.pairs:
            if not pair.same or self.indenter.moved(pair.row):
                self._put(pair.at, self.bounds.end_of_pair(pair), [pair.row])
        previous: Pair | None = None
        for following in [*self.scene.pairs, None]:
            self._segment(previous, following)
            previous = following
        self.doubts.edges()
        if self.reach.least < 1.0:
            self.plan.signal("unlike", 1.0 - self.reach.least)
        self.plan.shown.extend(self._shown_whole())
        return self.plan

    def _shown_whole(self) -> list[tuple[int, int]]:
        """The functions and classes of the original that the edit shows anew without a gap."""
        gaps, size, ends = self.scene.gaps_before, self.edit.size, self.edit.ends
        return [
            (at, self.original.ends[at])
            for row, at in self.at.items()
            if self.owners.row(row) == row and gaps[row + 1] == gaps[min(size, ends[row] + 1)]
        ]

    def _segment(self, left: Pair | None, right: Pair | None) -> None:
        first = left.row + 1 if left else 0
        last = right.row if right else self.edit.size
        low = self.bounds.end_of_pair(left) if left else self.reading.start
        high = right.at if right else self.reading.end
        parts = self._parts(first, last)
        if len(parts) == 1:
            self._without_gap(left, right, parts[0], low, high)
            return
        markers = [row for row in range(first, last) if self.gaps[row]]
        self._note_hidden(markers, low, high)
        limit = self.bounds.closed_limit(left.row, self.edit.indents[markers[0]]) if left else low
        low = self._after(parts[0], low, high, limit, anchored=left is not None)
        for index, marker in enumerate(markers[:-1]):
            low = self._between_markers(parts[index + 1], marker, low, high)
        self._last_part(parts[-1], markers[-1], low, high, right)

    def _note_hidden(self, markers: Sequence[int], low: int, high: int) -> None:
        """The rows of this range that markers speak of are no older versions of what is shown beside them."""
        for marker in markers:
            words = telling_words(self.edit.keys[marker])
            if words and self.reading.work.spend(high - low):
                found = hidden_rows(words, self.original, range(low, high))
                self.reach.hidden.update({at: (words, alone) for at, alone in found.items()})

    def _between_markers(self, rows: list[int], marker: int, low: int, high: int) -> int:
        following = rows[-1] + 1 if rows else marker + 1
        if (
            not self.scene.solid(rows)
            and self.edit.indents[following] == self.edit.indents[marker]
            and not self._hides_imports(marker)
        ):
            self.plan.doubt("empty_piece", "Between two markers nothing is shown that says what changes there.", marker)
        pin = self.bounds.block_end(marker, rows)
        if pin is not None and low <= pin <= high:
            return self._after(rows, pin, high, pin, anchored=True)
        return self._floating(rows, low, high)

    def _last_part(self, rows: list[int], marker: int, low: int, high: int, right: Pair | None) -> None:
        pin = self.bounds.block_end(marker, rows if self.scene.solid(rows) or right is None else [*rows, right.row])
        if pin is not None and low <= pin <= high:
            if right is not None and self._hides(pin, high, right):
                self._before(rows, pin, high, anchored=True)
            elif right is not None and not self.scene.solid(rows) and self.scene.solid_at(pin, high):
                self.plan.signal("hidden_behind_block", log1p(len(self.scene.solid_at(pin, high))))
            elif right is not None:
                self._put(pin, high, rows)
            elif self.scene.solid(rows):
                self._after(rows, pin, high, pin, anchored=True)
            return
        if right is None:
            high = max(low, self.bounds.block_limit(rows, high))
        self._before(rows, low, high, anchored=right is not None)

    def _hides(self, low: int, high: int, right: Pair, enough: float = 2) -> bool:
        """Whether whole functions or classes stand between a block with markers and the next shown line, which the edit
        nowhere names: they are left out like the lines behind the markers. Fewer than `enough` may be meant to go."""
        depth = self.original.indents[right.at]
        names = [
            self.original.name(at)[1]
            for at in range(low, high)
            if self.original.keys[at] and self.original.indents[at] == depth and self.their_owners.row(at) == at
        ]
        unnamed = [name for name in names if not self.owners.declares(name)]
        if not unnamed or self.reading.removes or len(unnamed) < len(names):
            return False
        if len(names) < enough:
            message = f"The edit does not show {names[0][:60]}, which stands between two shown parts: kept."
            self.plan.doubt("definition_kept", message, right.row)
        return True

    def _parts(self, first: int, last: int) -> list[list[int]]:
        """The rows between two pairs, cut at the markers."""
        parts: list[list[int]] = [[]]
        for row in range(first, last):
            if self.gaps[row]:
                parts.append([])
            else:
                parts[-1].append(row)
        return parts

    def _without_gap(self, left: Pair | None, right: Pair | None, rows: list[int], low: int, high: int) -> None:
        solid = self.scene.solid(rows)
        if left and right:
            if self.reading.bare and self._keeps_between(left, right, low, high):
                self._insert_units(self.bounds.outermost(left.row), right, rows, low, high)
                return
            header = self.bounds.closed_above(left, right)
            if header >= 0 and self._hides(self.bounds.end_of(header, low), high, right, inf):
                self._insert_units(header, right, rows, low, high)
                return
            if not solid and (self._leaves_head_out(left, right, low, high) or self._is_used(low, high, right)):
                return
            if not self.bounds.in_one_function(left, right):
                self.doubts.loss(low, high, solid or [left.row])
            if solid or self.scene.solid_at(low, high) or len(rows) != high - low:
                lost = len(self.scene.solid_at(low, high))
                self.plan.signal("deleted_between" if not solid else "rewritten_between", log1p(lost))
                self.plan.signal(
                    "lost_lines", max(0.0, log1p(lost - len(solid)) - log1p(_MANY)) if lost > len(solid) else 0.0
                )
                self._put(low, high, rows)
        elif right:
            if solid:
                self._before(rows, low, high, anchored=True)
        elif left:
            self._after(rows, low, high, self.bounds.closed_limit(left.row, DEPTH_OF_END), anchored=True, ends=True)
        elif solid:
            self.plan.placed = False

    def _leaves_head_out(self, left: Pair, right: Pair, low: int, high: int) -> bool:
        """Whether a docstring or fields of a class stand between its head and the first member that is shown, of which
        answers show the head only to say where they are."""
        lost = self.scene.solid_at(low, high)
        if not lost or self.edit.name(left.row)[0] != "class" or self.reading.removes:
            return False
        end = docstring_end(self.original, low)
        fields = [at for at in lost if at >= end]
        if not end and self.owners.row(right.row) != right.row:
            return False
        if fields:
            if self.owners.row(right.row) != right.row or any(self.their_owners.row(at) == at for at in fields):
                return False
            message = f"The edit does not show {self.original.keys[fields[0]][:60]}, which stands below the head: kept."
            self.plan.doubt("definition_kept", message, right.row)
        return True

    def _is_used(self, low: int, high: int, right: Pair) -> bool:
        """Whether bare code uses what original lines declare at the outermost level, and declares it nowhere: they
        are left out, not meant to go."""
        lost = self.scene.solid_at(low, high)
        if not self.reading.bare or not lost or self.edit.parents[right.row] >= 0:
            return False
        if not self.reading.work.spend(self.edit.size + len(lost)):
            return False
        keys = [self.original.keys[at] for at in lost if self.original.indents[at] == self.original.indents[right.at]]
        return bool(loose_names("\n".join(self.edit.texts), keys))

    def _keeps_between(self, left: Pair, right: Pair, low: int, high: int) -> bool:
        """In a list of bare definitions, what the original has between two shown ones is not shown, not deleted."""
        first = self.edit.solid[0]
        if self.edit.keys[left.row][0] == "@" and self.owners.row(left.row) == right.row:
            return False
        if self.owners.row(right.row) < right.row or self.edit.parents[right.row] >= 0 or self.owners.row(first) < 0:
            return False
        return bool(self.scene.solid_at(max(low, self.bounds.end_of_block(left, low)), high))

    def _insert_units(self, header: int, right: Pair, rows: list[int], low: int, high: int) -> None:
        """What stands between two definitions that the edit shows, the first with this header: the rest of it, whole
        new definitions, and what decorates the second one."""
        end = self.bounds.end_of(header, low)
        rest = [row for row in rows if row < self.edit.ends[header]]
        if rest or end > low:
            self._put(low, end, self.scene.trim_end(rest))
        above = right.row
        while above > 0 and self.edit.keys[above - 1] and decorates(self.edit.keys[above - 1]):
            above -= 1
        new = [row for row in rows if self.edit.ends[header] <= row < above]
        if self.scene.solid(new):
            self._put(end, end, self.scene.trim_end(new))
        self._before([row for row in rows if row >= max(above, self.edit.ends[header])], end, high, anchored=True)

    def _after(self, rows: list[int], low: int, high: int, limit: int, *, anchored: bool, ends: bool = False) -> int:
        """Place a piece that follows the line before `low` and reaches to `limit` at least; the first original
        row that it leaves alone. `ends`: the edit ends with this piece."""
        solid = self.scene.solid(rows)
        limit = min(limit, high)
        if not solid:
            if limit > low and self.scene.solid_at(low, limit):
                self._delete_tail(low, limit, rows, ends)
            return low
        inside = max(low, self.bounds.block_limit(solid[-1:], high)) if anchored else min(high, low + 40)
        reach = max(self.reach.forward(solid, low, inside), limit)
        if reach > low:
            self.doubts.loss(limit, reach, solid)
            self.doubts.reach(solid, limit, reach)
            self._put(low, reach, self.scene.trim_end(rows))
            return reach
        self._signal_insertion(solid, low, high)
        self.doubts.beside_marker(solid, low, high)
        self._put(low, low, self.scene.trim_end(rows) if anchored else self.scene.trim(rows))
        return low

    def _delete_tail(self, low: int, limit: int, rows: list[int], ends: bool) -> None:
        if self.reading.bare and self.owners.row(self.edit.solid[0]) < 0:
            return  # a cutting of the file that ends where it ends
        lost = len(self.scene.solid_at(low, limit))
        row = rows[0] if rows else self.edit.size - 1
        if lost > 2 or not ends or self._drops_return(low, limit):
            what = "The edit ends" if ends else "The shown part stops"
            self.plan.doubt("tail_left_out", f"{what} {lost} lines before the end of its block; they were kept.", row)
            return
        self.plan.signal("tail_deleted", log1p(lost))
        self.plan.splices.append(Splice(low, limit, (), row))

    def _drops_return(self, low: int, limit: int) -> bool:
        """Whether what a function gives back is among what would go, and the edit shows nothing that gives back."""
        going = any(self.original.keys[at].startswith("return ") for at in range(low, limit))
        return going and not any(key.startswith("return") for key in self.edit.keys)

    def _before(self, rows: list[int], low: int, high: int, *, anchored: bool) -> None:
        """Place a piece that stands right before the line at `high`."""
        solid = self.scene.solid(rows)
        if not solid:
            return
        start = self.reach.back(solid, low, high)
        if anchored and self.edit.keys[solid[-1]][0] in "@)" and any(self.edit.keys[row][0] == "@" for row in solid):
            start = min(start, self.reach.decorated_from(low, high))
        if start < high:
            self.doubts.loss(start, high, solid)
            self.doubts.reach(solid, start, high)
            self._put(
                start,
                high if anchored else self.reach.forward(solid, start, high),
                self.scene.trim_start(rows) if anchored else self.scene.trim(rows),
            )
            return
        self._signal_insertion(solid, low, high)
        self.doubts.beside_marker(solid, low, high)
        if anchored:
            if (end := self._end_of_imports(solid, low, high)) > 0:
                self._put(end, end, self.scene.trim(rows))
                return
            at = self._above_comments(solid, low, high)
            self._put(at, at, self._inserted_before(rows, at))
            return
        at = high
        while at > low and not self.original.keys[at - 1]:
            at -= 1
        self._put(at, at, self.scene.trim_end(rows))

    def _above_comments(self, solid: list[int], low: int, high: int) -> int:
        """Where a new block goes that stands right before a line: above the comments of that line, which the edit does
        not show, as it has none of its own to end with."""
        if decorates(self.edit.keys[solid[-1]]) or not any(self.edit.ends[row] > row + 1 for row in solid):
            return high
        at = high
        while at > low and self.original.keys[at - 1] and decorates(self.original.keys[at - 1]):
            at -= 1
        return at

    def _end_of_imports(self, solid: list[int], low: int, high: int) -> int:
        """Where new imports go that stand below a marker, which stands for the others, and above code; 0 for other
        lines."""
        lines = [self.edit.name(row)[0] for row in solid] + [self.original.name(high)[0]]
        if not self.scene.gaps_before[solid[0]] or {*lines[:-1]} != {"import"} or lines[-1] == "import":
            return 0
        above = (at for at in range(high - 1, low - 1, -1) if self.original.name(at)[0] == "import")
        last = next(above, -1)
        return statement_end(self.original, last) if last >= 0 else 0

    def _floating(self, rows: list[int], low: int, high: int) -> int:
        """Place a piece between two markers that shares no line with the original."""
        solid = self.scene.solid(rows)
        if not solid:
            return low
        best, where = self._most_like(self.edit.keys[solid[0]], low, high)
        if best >= 0.75:
            reach = self.reach.forward(solid, where, high)
            self._put(where, max(reach, where + 1), self.scene.trim(rows))
            return max(reach, where + 1)
        self.plan.doubt("place_guessed", "Nothing around this piece says where it goes.", solid[0])
        if decorated(self.edit, solid[0])[0] != "def":
            self._put(low, low, self.scene.trim_end(rows))
            return low
        at = self.bounds.block_limit(rows, high)
        self._put(at, at, self._inserted_before(self.scene.trim_end(rows), at))
        return at

    def _hides_imports(self, marker: int) -> bool:
        """Whether this marker, or the one above it, says that it hides imports, so that the next hides the code."""
        above = max((row for row in range(marker) if self.gaps[row]), default=marker)
        return any(_IMPORTS.search(self.edit.keys[row]) for row in (marker, above))

    def _most_like(self, wanted: str, low: int, high: int) -> tuple[float, int]:
        """The likeness of the first most alike line of a range, and its row."""
        same = self.original.where.get(wanted, [])
        index = bisect_left(same, low)
        if index < len(same) and same[index] < high:
            return 1.0, same[index]
        best, where = 0.0, low
        for at in range(low, high) if self.reading.work.spend(high - low) else ():
            key = self.original.keys[at]
            if key and at not in self.reach.hidden and (found := likeness(wanted, key)) > best:
                best, where = found, at
        return best, where

    def _signal_insertion(self, solid: list[int], low: int, high: int) -> None:
        """New lines where the edit leaves lines out, of which any could be meant to go."""
        if self.scene.solid_at(low, min(high, low + _NEAR)) and not self.reading.bare:
            shown = set(solid)
            new = all(self.owners.row(row) in shown for row in solid)
            self.plan.signal("new_definition_in_gap" if new else "new_lines_in_gap", log1p(len(solid)))

    def _inserted_before(self, rows: list[int], high: int) -> list[int]:
        blank_above = high > 0 and not self.original.keys[high - 1]
        return self.scene.trim_start(rows) if blank_above or high == 0 else rows

    def _put(self, start: int, end: int, rows: Sequence[int]) -> None:
        texts = tuple(self.indenter.text(row) for row in rows)
        self.plan.splices.append(Splice(start, end, texts, rows[0] if rows else 0))
