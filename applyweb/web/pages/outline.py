"""The outline of a diff: its hunks under their symbols, in pages of a hundred where there are many.

Must not know: requests, HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from applyweb.core.parts import Parts, verdict_of
from applyweb.web.pages.lasting import HunkPart
from applyweb.web.render.diff import HunkSegment

_PAGE = 100
_ONE_PAGE = 150  # so many hunks are one page still


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A whole hunk; `decision` is that of its parts, or "mixed"."""

    part: HunkPart
    decision: str

    @property
    def hunk(self) -> HunkSegment:
        return self.part.hunk


@dataclass(frozen=True, slots=True)
class Group:
    """Hunks under one enclosing symbol."""

    name: str
    rows: tuple[OutlineRow, ...]


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """Hunks `first` to `last`, by number. `groups` is empty where the page is not written out; `alone` says
    that there is no other."""

    number: int
    first: int
    last: int
    groups: tuple[Group, ...]
    alone: bool


def outline_rows(hunks: Sequence[HunkPart], layout: Mapping[str, Parts]) -> tuple[OutlineRow, ...]:
    """All hunks of an apply as a review stands."""
    return tuple(OutlineRow(part, verdict_of(layout[part.hunk.id])) for part in hunks)


def outline_pages(rows: Sequence[OutlineRow], *, written: int) -> tuple[OutlinePage, ...]:
    """All pages, the first `written` of them written out."""
    count = -(-len(rows) // _size(len(rows)))
    return tuple(_page(rows, number, written=number < written) for number in range(count))


def outline_page(rows: Sequence[OutlineRow], number: int) -> OutlinePage:
    """One page, written out. Errors: IndexError."""
    if not 0 <= number * _size(len(rows)) < len(rows):
        raise IndexError("the outline has no such page")
    return _page(rows, number, written=True)


def _size(count: int) -> int:
    return _PAGE if count > _ONE_PAGE else _ONE_PAGE


def _page(rows: Sequence[OutlineRow], number: int, *, written: bool) -> OutlinePage:
    size = _size(len(rows))
    shown = rows[number * size : (number + 1) * size]
    groups = (
        tuple(Group(name, tuple(found)) for name, found in groupby(shown, key=lambda row: row.hunk.group))
        if written
        else ()
    )
    return OutlinePage(number, shown[0].hunk.number, shown[-1].hunk.number, groups, len(rows) <= size)
