"""Where changes of a merged text and changes of a new original meet, all told in lines of the old original.

Must not know: decisions, hunk ids, line ends. Changes that only touch do not meet: a line added where the other side
changed the line below is added above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from applyweb.core.diff import Block, Hunk
from applyweb.core.parts import Parts, Point, starts
from applyweb.core.rebase.texts import Lines, differing, narrowed
from applyweb.core.text import contents


@dataclass(frozen=True, slots=True)
class Piece:
    """A change of the merged text: a hunk, or some of its lines where the new original changed others. `hunk` is its
    index; lines as in a hunk. `own` are the contents that somebody wrote in place of the added lines."""

    hunk: int
    old_start: int
    old_end: int
    new_start: int
    new_end: int
    own: tuple[tuple[str, ...], ...] = ()


Change = Piece | Block | Hunk


@dataclass(slots=True)
class Region:
    """A stretch of the old original with the changes of both sides in it: `pieces` of the merged text, `blocks` of the
    new original, of which one may be empty."""

    pieces: list[Piece] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def start(self) -> int:
        return min([each.old_start for each in self.pieces[:1]] + [each.old_start for each in self.blocks[:1]])

    @property
    def end(self) -> int:
        return max([each.old_end for each in self.pieces[-1:]] + [each.old_end for each in self.blocks[-1:]])


def narrowed_where_met(blocks: Sequence[Block], hunks: Sequence[Hunk], old: Lines, new: Lines) -> list[Block]:
    """The blocks, line by line where a hunk is about some of them."""
    met = _Met(hunks)
    return [each for block in blocks for each in (narrowed(block, old, new) if met(block) else [block])]


def pieces_of(
    hunks: Sequence[Hunk], blocks: Sequence[Block], old: Lines, merged: Lines, layouts: Sequence[Mapping[str, Parts]]
) -> list[Piece]:
    """The hunks in as few pieces as the new original's changes allow: whole, else the parts that somebody made of them,
    else the runs of lines that differ."""
    met = _Met(blocks)
    found: list[Piece] = []
    for index, hunk in enumerate(hunks):
        whole = Piece(index, hunk.old_start, hunk.old_end, hunk.new_start, hunk.new_end, _written(layouts, hunk))
        if not met(whole):
            found.append(whole)
            continue
        for part in _parts(whole, hunk, layouts):
            found.extend(_runs(part, old, merged) if met(part) and not part.own else [part])
    return found


def regions_of(pieces: Sequence[Piece], blocks: Sequence[Block], same: Callable[[Piece, Block], bool]) -> list[Region]:
    """All changes of both sides in order; those that overlap, or are the `same` change told at two places, are one
    region."""
    regions: list[Region] = []
    changes: list[Piece | Block] = [*pieces, *blocks]
    for each in sorted(changes, key=lambda each: (each.old_start, each.old_end)):
        region = regions[-1] if regions else None
        others: Sequence[Piece | Block] = ()
        if region is not None:
            others = region.blocks[-1:] if isinstance(each, Piece) else region.pieces[-1:]
        if region is None or not any(overlap(each, other) or _is_same(each, other, same) for other in others):
            region = Region()
            regions.append(region)
        if isinstance(each, Piece):
            region.pieces.append(each)
        else:
            region.blocks.append(each)
    return regions


def overlap(one: Change, other: Change) -> bool:
    """Whether two changes are about the same lines. Two additions at one place are: which comes first is not known."""
    if one.old_start == one.old_end and other.old_start == other.old_end:
        return one.old_start == other.old_start
    return max(one.old_start, other.old_start) < min(one.old_end, other.old_end) or _inside(one, other)


def _inside(one: Change, other: Change) -> bool:
    inner, outer = (one, other) if one.old_start == one.old_end else (other, one)
    return inner.old_start == inner.old_end and outer.old_start < inner.old_start < outer.old_end


def _is_same(one: Change, other: Change, same: Callable[[Piece, Block], bool]) -> bool:
    if isinstance(one, Piece) and isinstance(other, Block):
        return same(one, other)
    return isinstance(one, Block) and isinstance(other, Piece) and same(other, one)


class _Met:
    """Whether any change of the other side overlaps one. Asked in the file's order, so that nothing is looked at
    again."""

    def __init__(self, others: Sequence[Change]) -> None:
        self._others = others
        self._at = 0

    def __call__(self, change: Change) -> bool:
        while self._at < len(self._others) and self._others[self._at].old_end < change.old_start:
            self._at += 1
        at = self._at
        while at < len(self._others) and self._others[at].old_start <= change.old_end:
            if overlap(change, self._others[at]):
                return True
            at += 1
        return False


def _written(layouts: Iterable[Mapping[str, Parts]], hunk: Hunk) -> tuple[tuple[str, ...], ...]:
    """What was written in place of a hunk that nobody cut."""
    texts = [parts[0].text for layout in layouts if len(parts := layout[hunk.id]) == 1]
    return tuple(tuple(contents(text)) for text in texts if text is not None)


def _parts(whole: Piece, hunk: Hunk, layouts: Sequence[Mapping[str, Parts]]) -> list[Piece]:
    """A hunk cut wherever anybody cut it, as far as the cuts of several people go together."""
    size = (hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start)
    points: list[Point] = [(0, 0)]
    for point in sorted({point for layout in layouts for point in starts(layout[hunk.id])} - {(0, 0)}):
        if point[1] >= points[-1][1]:
            points.append(point)
    if len(points) == 1:
        return [whole]
    own: dict[tuple[Point, Point], list[tuple[str, ...]]] = {}
    for layout in layouts:
        parts = layout[hunk.id]
        begun = [*starts(parts), size]
        for number, part in enumerate(parts):
            if part.text is not None:
                own.setdefault((begun[number], begun[number + 1]), []).append(tuple(contents(part.text)))
    pieces = []
    for first, last in zip(points, [*points[1:], size], strict=True):
        removed = (hunk.old_start + first[0], hunk.old_start + last[0])
        added = (hunk.new_start + first[1], hunk.new_start + last[1])
        pieces.append(Piece(whole.hunk, *removed, *added, tuple(own.get((first, last), ()))))
    return pieces


def _runs(part: Piece, old: Lines, merged: Lines) -> list[Piece]:
    """The runs of lines of a part that differ: equal lines inside of it are nobody's change."""
    removed, added = old.full[part.old_start : part.old_end], merged.full[part.new_start : part.new_end]
    o, m = part.old_start, part.new_start
    return [Piece(part.hunk, o + i0, o + i1, m + j0, m + j1) for i0, i1, j0, j1 in differing(removed, added)]
