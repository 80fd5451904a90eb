"""A whole diff as segments for the template: hunks, the unchanged lines around them, and folds over the rest.

Must not know: decisions, requests. Folds hold no rows: a page of a large file stays small until someone looks closer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from applyweb.core.diff import Hunk
from applyweb.core.text import describe, split_lines
from applyweb.web.render.rows import Side, changed_rows, equal_rows
from applyweb.web.render.titles import Titles

CONTEXT = 3
_LEAST_FOLDED = 6  # a fold bar takes nearly two rows, so fewer lines than this are simply shown


@dataclass(frozen=True, slots=True)
class EqualSegment:
    """Unchanged rows that are shown."""

    html: SafeString
    kind: Literal["equal"] = "equal"


@dataclass(frozen=True, slots=True)
class FoldSegment:
    """Unchanged lines that are not shown: old lines [start, end), 0-based. `label` names what comes next."""

    start: int
    end: int
    label: str
    first: bool
    last: bool
    kind: Literal["fold"] = "fold"

    @property
    def count(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class HunkSegment:
    """One hunk, `number` counted from 1. `group` and `name` are the two parts of its symbol for the outline."""

    id: str
    number: int
    title: str
    group: str
    name: str
    added: int
    removed: int
    html: SafeString
    top: float  # where in the merged file it begins and how much it covers, in percent: for the minimap
    size: float
    kind: Literal["hunk"] = "hunk"


Segment = EqualSegment | FoldSegment | HunkSegment


@dataclass(frozen=True, slots=True)
class DiffView:
    """Everything of a diff that does not depend on a person."""

    segments: tuple[Segment, ...]
    hunks: tuple[HunkSegment, ...]
    added: int
    removed: int


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
    segments = tuple(_segments(old, new, hunks, titles))
    found = tuple(segment for segment in segments if isinstance(segment, HunkSegment))
    return DiffView(segments, found, sum(each.added for each in found), sum(each.removed for each in found))


def unchanged_rows(old: Side, new: Side, hunks: Sequence[Hunk], start: int, end: int) -> SafeString:
    """The rows of old lines [start, end). Errors: ValueError where a line is changed or does not exist."""
    shift = 0
    for hunk in hunks:
        if hunk.old_end <= start:
            shift = hunk.new_end - hunk.old_end
        elif hunk.old_start < end:
            raise ValueError("the range holds changed lines")
    if not 0 <= start <= end <= len(old.lines):
        raise ValueError("the range is not in the file")
    return equal_rows(old, new, start, start + shift, end - start)


def _segments(old: Side, new: Side, hunks: Sequence[Hunk], titles: Titles) -> Iterator[Segment]:
    at_old = at_new = 0
    for number, hunk in enumerate(hunks, 1):
        yield from _gap(old, new, (at_old, hunk.old_start), at_new, titles, first=number == 1, last=False)
        yield _hunk(old, new, hunk, number, titles)
        at_old, at_new = hunk.old_end, hunk.new_end
    yield from _gap(old, new, (at_old, len(old.lines)), at_new, titles, first=not hunks, last=True)


def _gap(
    old: Side, new: Side, between: tuple[int, int], new_start: int, titles: Titles, *, first: bool, last: bool
) -> Iterator[Segment]:
    start, end = between
    head = 0 if first else CONTEXT
    tail = 0 if last else CONTEXT
    if end - start < head + tail + _LEAST_FOLDED:
        head, tail = end - start, 0
        if head:
            yield EqualSegment(equal_rows(old, new, start, new_start, head))
        return
    if head:
        yield EqualSegment(equal_rows(old, new, start, new_start, head))
    label = "" if last else titles.context(new_start + (end - tail - start))
    yield FoldSegment(start + head, end - tail, label, first, last)
    if tail:
        yield EqualSegment(equal_rows(old, new, end - tail, new_start + (end - tail - start), tail))


def _hunk(old: Side, new: Side, hunk: Hunk, number: int, titles: Titles) -> HunkSegment:
    old_range, new_range = range(hunk.old_start, hunk.old_end), range(hunk.new_start, hunk.new_end)
    group, name = titles.of(hunk)
    total = max(len(new.lines), 1)
    return HunkSegment(
        id=hunk.id,
        number=number,
        title=f"{group}.{name}" if group else name,
        group=group,
        name=name,
        added=len(new_range),
        removed=len(old_range),
        html=changed_rows(old, new, old_range, new_range),
        top=round(100 * hunk.new_start / total, 2),
        size=round(100 * len(new_range) / total, 2),
    )
