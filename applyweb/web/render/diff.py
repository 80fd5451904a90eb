"""A whole diff as segments: hunks, the unchanged lines around them, and folds over the rest. Segments are places; their
rows are made when somebody asks for them, so that a diff of any size is cheap to hold.

Must not know: decisions, requests, which rows are on a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from django.utils.safestring import SafeString

from applyweb.core.diff import Hunk, Row, Spaces, moved_blocks, spaces_of
from applyweb.core.text import describe, split_lines
from applyweb.web.render.moves import NO_MOVES, Moves, moves_of
from applyweb.web.render.rows import Side, changed_rows, equal_rows, row_pairs
from applyweb.web.render.titles import Titles

CONTEXT = 3
_LEAST_FOLDED = 6  # a fold bar takes nearly two rows, so fewer lines than this are simply shown


@dataclass(frozen=True, slots=True)
class EqualSegment:
    """Unchanged rows that are shown: `count` lines from `old_start` and `new_start` on, 0-based."""

    old_start: int
    new_start: int
    count: int
    kind: Literal["equal"] = "equal"


@dataclass(frozen=True, slots=True)
class FoldSegment:
    """Unchanged lines that are not shown: old lines [start, end), 0-based, from new line `new_start` on. `label` names
    what comes next. `begins` is the old line where the definition that goes on after the fold begins, `ends` the one
    where that before it ends; None where that is not inside of the fold."""

    start: int
    end: int
    new_start: int
    label: str
    first: bool
    last: bool
    begins: int | None = None
    ends: int | None = None
    kind: Literal["fold"] = "fold"

    @property
    def count(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class HunkSegment:
    """One hunk, `number` counted from 1. `group` and `name` are the two parts of its symbol for the outline. `moved` is
    where all of it went or came from, such as "to line 12"; `spaces` says that white space alone changed."""

    hunk: Hunk
    number: int
    title: str
    group: str
    name: str
    top: float  # where in the merged file it begins and how much it covers, in percent: for the minimap
    size: float
    moved: str = ""
    spaces: Spaces = ""
    kind: Literal["hunk"] = "hunk"

    @property
    def id(self) -> str:
        return self.hunk.id

    @property
    def added(self) -> int:
        return self.hunk.new_end - self.hunk.new_start

    @property
    def removed(self) -> int:
        return self.hunk.old_end - self.hunk.old_start

    @property
    def differing(self) -> int:
        """How many lines differ, as a person counts: a line that became another is one."""
        return max(self.added, self.removed)


Segment = EqualSegment | FoldSegment | HunkSegment


@dataclass(frozen=True)
class DiffView:
    """Everything of a diff that does not depend on a person. The two sides have the colours that were known when it was
    made."""

    old: Side
    new: Side
    segments: tuple[Segment, ...]
    moves: Moves = NO_MOVES

    @cached_property
    def hunks(self) -> tuple[HunkSegment, ...]:
        return tuple(segment for segment in self.segments if isinstance(segment, HunkSegment))

    @cached_property
    def added(self) -> int:
        return sum(each.added for each in self.hunks)

    @cached_property
    def removed(self) -> int:
        return sum(each.removed for each in self.hunks)

    @property
    def digits(self) -> int:
        """Of the highest line number."""
        return len(str(max(len(self.old.lines), len(self.new.lines))))

    def equal_html(self, segment: EqualSegment) -> SafeString:
        """The rows of a segment of unchanged lines."""
        return equal_rows(self.old, self.new, segment.old_start, segment.new_start, segment.count)

    def row_pairs(self, hunk: Hunk) -> tuple[Row, ...]:
        """Which lines of a hunk, or of a part of one, share a row, in reading order."""
        old, new = range(hunk.old_start, hunk.old_end), range(hunk.new_start, hunk.new_end)
        return row_pairs(self.old, self.new, old, new, self.moves)

    def hunk_html(self, hunk: Hunk, start: int = 0, end: int | None = None, *, far: bool = False) -> SafeString:
        """Rows [start, end) of a hunk, all by default. `far`: they need no drawing while they are not on the screen."""
        pairs = self.row_pairs(hunk)
        old = sum(i is not None for i, _ in pairs[:start])
        above = hunk.old_start + old, hunk.new_start + sum(j is not None for _, j in pairs[:start])
        return changed_rows(self.old, self.new, pairs[start:end], above, " far" if far else "", self.moves)

    def unchanged_rows(self, start: int, end: int) -> SafeString:
        """The rows of old lines [start, end). Errors: ValueError where a line is changed or does not exist."""
        shift = 0
        for each in self.hunks:
            hunk = each.hunk
            if hunk.old_end <= start:
                shift = hunk.new_end - hunk.old_end
            elif hunk.old_start < end:
                raise ValueError("the range holds changed lines")
        if not 0 <= start <= end <= len(self.old.lines):
            raise ValueError("the range is not in the file")
        return equal_rows(self.old, self.new, start, start + shift, end - start)


def make_side(text: str, coloured: Sequence[str], usual_end: str) -> Side:
    """One side from its text and highlighted lines (one for each line)."""
    lines = split_lines(text)
    if len(lines) != len(coloured):
        raise ValueError(f"{len(coloured)} coloured lines for a text of {len(lines)}")
    return Side(lines, coloured, usual_end)


def make_sides(original: str, merged: str, old_html: Sequence[str], new_html: Sequence[str]) -> tuple[Side, Side]:
    """Both sides; the usual line end is the original's, that of the merged text where the original is empty."""
    usual = describe(original or merged).line_end
    return make_side(original, old_html, usual), make_side(merged, new_html, usual)


def diff_view(old: Side, new: Side, hunks: Sequence[Hunk], titles: Titles) -> DiffView:
    """The segments of the whole file, in order."""
    moves = moves_of(moved_blocks(old.lines, new.lines, hunks))
    return DiffView(old, new, tuple(_segments(old, new, hunks, titles, moves)), moves)


def _segments(old: Side, new: Side, hunks: Sequence[Hunk], titles: Titles, moves: Moves) -> Iterator[Segment]:
    at_old = at_new = 0
    for number, hunk in enumerate(hunks, 1):
        yield from _gap((at_old, hunk.old_start), at_new, titles, first=number == 1, last=False)
        removed, added = old.lines[hunk.old_start : hunk.old_end], new.lines[hunk.new_start : hunk.new_end]
        told = moves.words(hunk, old.lines, new.lines)
        yield replace(_hunk(hunk, number, len(new.lines), titles), moved=told, spaces=spaces_of(removed, added))
        at_old, at_new = hunk.old_end, hunk.new_end
    yield from _gap((at_old, len(old.lines)), at_new, titles, first=not hunks, last=True)


def _gap(between: tuple[int, int], new_start: int, titles: Titles, *, first: bool, last: bool) -> Iterator[Segment]:
    start, end = between
    head = 0 if first else CONTEXT
    tail = 0 if last else CONTEXT
    if end - start < head + tail + _LEAST_FOLDED:
        if end > start:
            yield EqualSegment(start, new_start, end - start)
        return
    if head:
        yield EqualSegment(start, new_start, head)
    yield _fold(start + head, end - tail, new_start + head, titles, first=first, last=last)
    if tail:
        yield EqualSegment(end - tail, new_start + (end - tail - start), tail)


def _fold(start: int, end: int, new_start: int, titles: Titles, *, first: bool, last: bool) -> FoldSegment:
    new_end = new_start + end - start
    label, begins, ends = "", None, None
    if not last:
        label = titles.context(new_end)
        after = titles.enclosing(new_end)
        if after is not None and new_start < after.start < new_end:
            begins = after.start - new_start + start
    if not first:
        before = titles.enclosing(new_start - 1)
        if before is not None and new_start < before.end < new_end:
            ends = before.end - new_start + start
    return FoldSegment(start, end, new_start, label, first, last, begins, ends)


def _hunk(hunk: Hunk, number: int, new_size: int, titles: Titles) -> HunkSegment:
    group, name = titles.of(hunk)
    total = max(new_size, 1)
    return HunkSegment(
        hunk=hunk,
        number=number,
        title=titles.joined(group, name),
        group=group,
        name=name,
        top=round(100 * hunk.new_start / total, 2),
        size=round(100 * (hunk.new_end - hunk.new_start) / total, 2),
    )
