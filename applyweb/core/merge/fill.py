"""From an alignment to splices: what becomes of the lines that found no partner.

Between two paired lines without a marker, the edit is the truth: the original's lines go, the edit's come. Around
a marker the question is how far an edit's piece reaches: it replaces the lines that are like its own, to the end
of a statement, and to the end of every block that the edit itself closes before the marker; the rest is kept.

Must not know: how pairs were found, formats, prose.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import log1p

from applyweb.core.merge.closers import Pair
from applyweb.core.merge.doubts import Doubts
from applyweb.core.merge.indent import Indenter
from applyweb.core.merge.lines import (
    balance,
    decorated,
    decorates,
    likeness,
)
from applyweb.core.merge.plan import Plan, Splice
from applyweb.core.merge.reach import Reach
from applyweb.core.merge.scene import Scene

_NEAR = 40  # lines of the original beside a piece
_MANY = 8  # lines that go between two shown ones
_DEPTH_OF_END = -2  # the edit ends here: every block is closed


class Filler:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.edit, self.gaps, self.original, self.reading = scene.edit, scene.gaps, scene.original, scene.reading
        self.at, self.owners, self.their_owners = scene.at, scene.owners, scene.their_owners
        self.indenter = Indenter(scene.edit, scene.original, scene.at)
        self.plan = Plan()
        self.doubts = Doubts(scene, self.plan)
        self.reach = Reach(
            scene.edit, scene.gaps, scene.original, scene.at, self.indenter, scene.owners, scene.their_owners
        )

    def plan_splices(self) -> Plan:
        self.doubts.idle()
        for pair in self.scene.pairs:
            if not pair.same or self.indenter.moved(pair.row):
                self._put(pair.at, self._end_of_pair(pair), [pair.row])
        previous: Pair | None = None
        for following in [*self.scene.pairs, None]:
            self._segment(previous, following)
            previous = following
        self.doubts.edges()
        if self.reach.least < 1.0:
            self.plan.signal("unlike", 1.0 - self.reach.least)
        self.plan.shown.extend(self._shown_whole())
        return self.plan

    def _end_of_pair(self, pair: Pair) -> int:
        """The row after what a changed header replaces: a function that is now one line loses its old body."""
        row, at = pair.row, pair.at
        whole = self.owners.row(row) == row and self.edit.ends[row] == row + 1 and self.original.ends[at] > at + 1
        follows = self.edit.solid[bisect_left(self.edit.solid, row) + 1 :][:1]
        shown = bool(follows) and (self.gaps[follows[0]] or self.edit.indents[follows[0]] > self.edit.indents[row])
        key = self.edit.keys[row]
        inner = range(at + 1, self.original.ends[at])
        if pair.same or not whole or shown or key.endswith((":", "{", "(", ",", "=>", "=")):
            return at + 1
        return at + 1 if any(other.at in inner for other in self.scene.pairs) else inner.stop

    def _shown_whole(self) -> list[tuple[int, int]]:
        """The functions and classes of the original that the edit shows anew without a gap."""
        gaps = [row for row in range(self.edit.size) if self.gaps[row]]
        return [
            (at, self.original.ends[at])
            for row, at in self.at.items()
            if self.owners.row(row) == row and not any(row < gap <= self.edit.ends[row] for gap in gaps)
        ]

    def _segment(self, left: Pair | None, right: Pair | None) -> None:
        first = left.row + 1 if left else 0
        last = right.row if right else self.edit.size
        low = self._end_of_pair(left) if left else self.reading.start
        high = right.at if right else self.reading.end
        parts = self._parts(first, last)
        if len(parts) == 1:
            self._without_gap(left, right, parts[0], low, high)
            return
        markers = [row for row in range(first, last) if self.gaps[row]]
        limit = self._closed_limit(left.row, self.edit.indents[markers[0]]) if left else low
        low = self._after(parts[0], low, high, limit, anchored=left is not None)
        for index, marker in enumerate(markers[:-1]):
            low = self._between_markers(parts[index + 1], marker, low, high)
        self._last_part(parts[-1], markers[-1], low, high, right)

    def _between_markers(self, rows: list[int], marker: int, low: int, high: int) -> int:
        following = rows[-1] + 1 if rows else marker + 1
        if not self.scene.solid(rows) and self.edit.indents[following] == self.edit.indents[marker]:
            self.plan.doubt("empty_piece", "Between two markers nothing is shown that says what changes there.", marker)
        pin = self._block_end(marker, rows)
        if pin is not None and low <= pin <= high:
            return self._after(rows, pin, high, pin, anchored=True)
        return self._floating(rows, low, high)

    def _last_part(self, rows: list[int], marker: int, low: int, high: int, right: Pair | None) -> None:
        pin = self._block_end(marker, rows if self.scene.solid(rows) or right is None else [*rows, right.row])
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
            high = max(low, self._block_limit(rows, high))
        self._before(rows, low, high, anchored=right is not None)

    def _hides(self, low: int, high: int, right: Pair) -> bool:
        """Whether whole functions or classes stand between a block with markers and the next shown line, which the edit
        nowhere names: they are left out like the lines behind the markers. One alone may be meant to go."""
        depth = self.original.indents[right.at]
        names = [
            self.original.name(at)[1]
            for at in range(low, high)
            if self.original.keys[at] and self.original.indents[at] == depth and self.their_owners.row(at) == at
        ]
        unnamed = [name for name in names if not self.owners.declares(name)]
        if not unnamed or self.reading.removes or len(unnamed) < len(names):
            return False
        if len(names) == 1:
            message = f"The edit does not show {names[0][:60]}, which stands between two shown parts: kept."
            self.plan.doubt("definition_kept", message, right.row)
        return True

    def _block_end(self, marker: int, rows: Sequence[int]) -> int | None:
        """Where the outermost block ends that holds the marker and that the edit closes before these rows."""
        solid = self.scene.solid(rows)
        if not solid:
            return None
        depth = self.edit.indents[solid[0]]
        header, end = self.edit.parents[marker], None
        while header >= 0:
            closes = self.edit.ends[header] <= solid[0] and depth <= self.edit.indents[header]
            closes = closes and self.edit.name(header)[0] != "section"
            if closes and header in self.at and self.original.ends[self.at[header]] > self.at[header] + 1:
                end = self.original.ends[self.at[header]]
            header = self.edit.parents[header]
        return end

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
                self._insert_units(left, right, rows, low, high)
                return
            if not self._in_one_function(left, right):
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
            self._after(rows, low, high, self._closed_limit(left.row, _DEPTH_OF_END), anchored=True, ends=True)
        elif solid:
            self.plan.placed = False

    def _in_one_function(self, left: Pair, right: Pair) -> bool:
        """Whether both pairs are of one function, on either side, that the edit shows whole."""
        header = self.owners.row(left.row)
        if header < 0 or right.row >= self.edit.ends[header] or left.row < header:
            return False
        theirs = self.their_owners.row(left.at)
        if theirs < 0 or right.at >= self.original.ends[theirs]:
            return False
        return self.scene.gaps_before[self.edit.ends[header]] == self.scene.gaps_before[header]

    def _keeps_between(self, left: Pair, right: Pair, low: int, high: int) -> bool:
        """In a list of bare definitions, what the original has between two shown ones is not shown, not deleted."""
        first = self.edit.solid[0]
        if self.edit.keys[left.row][0] == "@" and self.owners.row(left.row) == right.row:
            return False
        if self.owners.row(right.row) < right.row or self.edit.parents[right.row] >= 0 or self.owners.row(first) < 0:
            return False
        return bool(self.scene.solid_at(max(low, self._end_of_block(left, low)), high))

    def _insert_units(self, left: Pair, right: Pair, rows: list[int], low: int, high: int) -> None:
        """What stands between two definitions that the edit shows: the rest of the first one, whole new
        definitions, and what decorates the second one."""
        header = self._outermost(left.row)
        end = self._end_of_block(left, low)
        rest = [row for row in rows if row < self.edit.ends[header]]
        if rest or end > low:
            self._put(low, end, self._trim_end(rest))
        above = right.row
        while above > 0 and self.edit.keys[above - 1] and decorates(self.edit.keys[above - 1]):
            above -= 1
        new = [row for row in rows if self.edit.ends[header] <= row < above]
        if self.scene.solid(new):
            self._put(end, end, self._trim_end(new))
        self._before([row for row in rows if row >= max(above, self.edit.ends[header])], end, high, anchored=True)

    def _outermost(self, row: int) -> int:
        while self.edit.parents[row] >= 0:
            row = self.edit.parents[row]
        return row

    def _end_of_block(self, left: Pair, low: int) -> int:
        """Where the original ends the outermost block of the edit that this pair is in."""
        header = self._outermost(left.row)
        return max(low, self.original.ends[self.at[header]]) if header in self.at else low

    def _after(self, rows: list[int], low: int, high: int, limit: int, *, anchored: bool, ends: bool = False) -> int:
        """Place a piece that follows the line before `low` and reaches to `limit` at least; the first original
        row that it leaves alone. `ends`: the edit ends with this piece."""
        solid = self.scene.solid(rows)
        limit = min(limit, high)
        if not solid:
            if limit > low and self.scene.solid_at(low, limit):
                self._delete_tail(low, limit, rows, ends)
            return low
        inside = max(low, self._block_limit(solid[-1:], high)) if anchored else min(high, low + 40)
        reach = max(self.reach.forward(solid, low, inside), limit)
        if reach > low:
            self.doubts.loss(limit, reach, solid)
            self.doubts.reach(solid, limit, reach)
            self._put(low, reach, self._trim_end(rows))
            return reach
        self._signal_insertion(solid, low, high)
        self.doubts.beside_marker(solid, low, high)
        self._put(low, low, self._trim_end(rows) if anchored else self._trim(rows))
        return low

    def _delete_tail(self, low: int, limit: int, rows: list[int], ends: bool) -> None:
        if self.reading.bare and self.owners.row(self.edit.solid[0]) < 0:
            return  # a cutting of the file that ends where it ends
        lost = len(self.scene.solid_at(low, limit))
        row = rows[0] if rows else self.edit.size - 1
        if lost > 2 or not ends:
            what = "The edit ends" if ends else "The shown part stops"
            self.plan.doubt("tail_left_out", f"{what} {lost} lines before the end of its block; they were kept.", row)
            return
        self.plan.signal("tail_deleted", log1p(lost))
        self.plan.splices.append(Splice(low, limit, (), row))

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
                self._trim_start(rows) if anchored else self._trim(rows),
            )
            return
        self._signal_insertion(solid, low, high)
        self.doubts.beside_marker(solid, low, high)
        if anchored:
            self._put(high, high, self._inserted_before(rows, high))
            return
        at = high
        while at > low and not self.original.keys[at - 1]:
            at -= 1
        self._put(at, at, self._trim_end(rows))

    def _floating(self, rows: list[int], low: int, high: int) -> int:
        """Place a piece between two markers that shares no line with the original."""
        solid = self.scene.solid(rows)
        if not solid:
            return low
        best, where = self._most_like(self.edit.keys[solid[0]], low, high)
        if best >= 0.75:
            reach = self.reach.forward(solid, where, high)
            self._put(where, max(reach, where + 1), self._trim(rows))
            return max(reach, where + 1)
        self.plan.doubt("place_guessed", "Nothing around this piece says where it goes.", solid[0])
        if decorated(self.edit, solid[0])[0] != "def":
            self._put(low, low, self._trim_end(rows))
            return low
        at = self._block_limit(rows, high)
        self._put(at, at, self._inserted_before(self._trim_end(rows), at))
        return at

    def _most_like(self, wanted: str, low: int, high: int) -> tuple[float, int]:
        """The likeness of the first most alike line of a range, and its row."""
        same = self.original.where.get(wanted, [])
        index = bisect_left(same, low)
        if index < len(same) and same[index] < high:
            return 1.0, same[index]
        best, where = 0.0, low
        for at in range(low, high) if self.reading.work.spend(high - low) else ():
            key = self.original.keys[at]
            if key and (found := likeness(wanted, key)) > best:
                best, where = found, at
        return best, where

    def _closed_limit(self, row: int, depth: int) -> int:
        """Where the outermost block ends that is open at this paired row and that the edit closes before a marker
        of this indentation (or before its own end)."""
        limit = self.at[row] + 1
        header = row if self.edit.ends[row] > row + 1 else self.edit.parents[row]
        while header >= 0:
            if header in self.at and self._closed(header, depth):
                limit = max(limit, self.original.ends[self.at[header]])
            header = self.edit.parents[header]
        return limit

    def _closed(self, header: int, depth: int) -> bool:
        if balance(self.edit.keys[header : self.edit.ends[header]]) > 0:
            return False
        kind = self.edit.name(header)[0]
        if depth == _DEPTH_OF_END:
            return kind == "def"
        return kind not in ("section", "class") and self.edit.indents[header] >= depth

    def _block_limit(self, rows: list[int], high: int) -> int:
        """A piece at the end of the edit stays inside the block that encloses it there."""
        solid = self.scene.solid(rows)
        if not solid:
            return high
        header = self.edit.parents[solid[0]]
        while header >= 0:
            if header in self.at:
                return min(high, self.original.ends[self.at[header]])
            header = self.edit.parents[header]
        return high

    def _signal_insertion(self, solid: list[int], low: int, high: int) -> None:
        """New lines where the edit leaves lines out, of which any could be meant to go."""
        if self.scene.solid_at(low, min(high, low + _NEAR)) and not self.reading.bare:
            new = all(self.owners.row(row) in solid for row in solid)
            self.plan.signal("new_definition_in_gap" if new else "new_lines_in_gap", log1p(len(solid)))

    def _inserted_before(self, rows: list[int], high: int) -> list[int]:
        blank_above = high > 0 and not self.original.keys[high - 1]
        return self._trim_start(rows) if blank_above or high == 0 else rows

    def _put(self, start: int, end: int, rows: Sequence[int]) -> None:
        texts = tuple(self.indenter.text(row) for row in rows)
        self.plan.splices.append(Splice(start, end, texts, rows[0] if rows else 0))

    def _trim_end(self, rows: list[int]) -> list[int]:
        end = len(rows)
        while end and self.scene.empty(rows[end - 1]):
            end -= 1
        return rows[:end]

    def _trim_start(self, rows: list[int]) -> list[int]:
        start = 0
        while start < len(rows) and self.scene.empty(rows[start]):
            start += 1
        return rows[start:]

    def _trim(self, rows: list[int]) -> list[int]:
        return self._trim_end(self._trim_start(rows))
