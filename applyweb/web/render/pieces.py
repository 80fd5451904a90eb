"""A diff cut into pieces of about a screen each: the first stand on the page, the others come as they scroll into view.

Must not know: HTML, requests, decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from applyweb.core.diff import Hunk
from applyweb.web.render.diff import DiffView, EqualSegment, FoldSegment, HunkSegment, Segment

ROWS = 30  # rows that fill a piece
SHOWN_ROWS = 50  # of one hunk; its others are parts of this size that come by themselves
_LINE = 20  # pixels, as in static/css: a line of a row, a hunk's bar, a fold
_BAR = 38
_FOLD = 30
_COLUMNS = 52  # characters of a column; it is more on a wide screen


@dataclass(frozen=True)
class Piece:
    """Segments that come together; `number` is counted from 0. The fold before a hunk is in the hunk's piece."""

    number: int
    segments: tuple[Segment, ...]

    @cached_property
    def hunks(self) -> tuple[HunkSegment, ...]:
        return tuple(each for each in self.segments if isinstance(each, HunkSegment))

    @cached_property
    def rows(self) -> int:
        """Rows of code that it shows at first."""
        return sum(_rows(each) for each in self.segments)

    def pixels(self, view: DiffView) -> int:
        """About how high it will be."""
        return sum(_pixels(view, each) for each in self.segments)

    @cached_property
    def first_line(self) -> int:
        """The first line of the merged file that it shows or folds, counted from 1."""
        first = self.segments[0]
        return (first.hunk.new_start if isinstance(first, HunkSegment) else first.new_start) + 1


def cut(segments: Sequence[Segment]) -> tuple[Piece, ...]:
    """All segments in pieces. A piece is full when it has ROWS rows or more, and ends with unchanged rows or a hunk."""
    pieces: list[Piece] = []
    waiting: list[Segment] = []
    rows = 0
    for segment in segments:
        leads = len(waiting) > 1 and isinstance(waiting[-2], FoldSegment)  # what stands above this hunk
        if rows >= ROWS and (isinstance(segment, FoldSegment) or not (leads or isinstance(segment, EqualSegment))):
            pieces.append(Piece(len(pieces), tuple(waiting)))
            waiting, rows = [], 0
        waiting.append(segment)
        rows += _rows(segment)
    if pieces and not rows:  # a fold alone
        pieces[-1] = Piece(len(pieces) - 1, (*pieces[-1].segments, *waiting))
    elif waiting:
        pieces.append(Piece(len(pieces), tuple(waiting)))
    return tuple(pieces)


def parts(rows: int) -> list[tuple[int, int]]:
    """The ranges of rows of a hunk that do not stand in it at first. A short rest is shown with the others."""
    if rows <= SHOWN_ROWS + SHOWN_ROWS // 4:
        return []
    starts = range(SHOWN_ROWS, rows, SHOWN_ROWS)
    return [(start, min(start + SHOWN_ROWS, rows)) for start in starts]


def part_pixels(view: DiffView, hunk: Hunk, start: int, end: int) -> int:
    """About how high rows [start, end) of a large hunk are."""
    old, new = view.old.lines[hunk.old_start : hunk.old_end], view.new.lines[hunk.new_start : hunk.new_end]
    rows = zip_longest(old[start:end], new[start:end], fillvalue="")
    return sum(max(map(_lines_high, row)) for row in rows) * _LINE


def _rows(segment: Segment) -> int:
    if isinstance(segment, EqualSegment):
        return segment.count
    if isinstance(segment, FoldSegment):
        return 0
    return min(max(segment.added, segment.removed), SHOWN_ROWS)


def _pixels(view: DiffView, segment: Segment) -> int:
    if isinstance(segment, FoldSegment):
        return _FOLD
    if isinstance(segment, EqualSegment):
        rows = range(segment.old_start, segment.old_start + segment.count)
        return sum(_lines_high(view.old.lines[at]) for at in rows) * _LINE
    hunk = segment.hunk
    old, new = view.old.lines[hunk.old_start : hunk.old_end], view.new.lines[hunk.new_start : hunk.new_end]
    return sum(max(map(_lines_high, row)) for row in zip_longest(old, new, fillvalue="")) * _LINE + _BAR


def _lines_high(line: str) -> int:
    """In how many lines of a column a line is drawn, about."""
    return 1 + max(len(line) - 2, 0) // _COLUMNS
