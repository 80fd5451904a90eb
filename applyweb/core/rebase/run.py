"""The three-way rebase: every change of the merged text over the new original, as carried, in conflict, or there
already.

Must not know: who decided, where anything is stored. The work grows with the lines of the three texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from applyweb.core.diff import Block, Hunk, HunkIds
from applyweb.core.parts import Part, Parts
from applyweb.core.rebase.carry import Had, carried, had, unjoined
from applyweb.core.rebase.regions import Piece, Region, narrowed_where_met, pieces_of, regions_of
from applyweb.core.rebase.texts import Lines, Manners, fine_blocks, lines_of
from applyweb.core.rebase.writing import Entry, Writer, joined

State = Literal["unchanged", "moved", "conflict", "already"]
Range = tuple[int, int]  # lines from 0, half open


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a hunk: `to` are the hunks that it is now, none where the new original has it already. A hunk of
    which a piece conflicts counts as a conflict."""

    hunk: str
    state: State
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed the same lines: `old` of the old original became `new` of the new one and `proposed` of the
    old merged text. `both_added`: both added lines at one place, and the hunk keeps those of the new original."""

    old: Range
    new: Range
    proposed: Range
    both_added: bool


@dataclass(frozen=True, slots=True)
class Rebased:
    """`hunks` lead from the new original to `merged`; rejecting all gives the new original. `layouts` are the given
    ones for these hunks, `had` how each person stood to the conflicts, which are pending. `old_lines` and `new_lines`
    say where each line of the old original and of the old merged text is in the new ones, None where it is gone."""

    merged: str
    hunks: tuple[Hunk, ...]
    layouts: tuple[dict[str, Parts], ...]
    fates: tuple[Fate, ...]
    conflicts: Mapping[str, Conflict]
    had: tuple[dict[str, Had], ...]
    old_lines: Sequence[int | None]
    new_lines: Sequence[int | None]


def rebase(
    original: str, merged: str, hunks: Sequence[Hunk], new: str, layouts: Sequence[Mapping[str, Parts]] = ()
) -> Rebased:
    """`hunks` are those of original -> merged; `layouts` are people's parts of all of them."""
    return _Run(lines_of(original), lines_of(merged), lines_of(new), hunks, layouts).result()


class _Run:
    """One walk over the three texts. `shift` is how far lines of the result are ahead of those of the new original."""

    def __init__(
        self, old: Lines, merged: Lines, new: Lines, hunks: Sequence[Hunk], layouts: Sequence[Mapping[str, Parts]]
    ) -> None:
        self._old, self._merged, self._new = old, merged, new
        self._hunks, self._layouts = hunks, layouts
        self._manners = Manners(old, merged, new)
        self._writer = Writer(self._manners)
        self._shift = 0
        self._conflicts: list[Conflict] = []
        self._old_lines: list[int | None] = []
        self._new_lines: list[int | None] = []

    def result(self) -> Rebased:
        blocks = narrowed_where_met(fine_blocks(self._old, self._new), self._hunks, self._old, self._new)
        pieces = pieces_of(self._hunks, blocks, self._old, self._merged, self._layouts)
        o = n = m = 0  # where the walk stands in the three texts
        for region in regions_of(pieces, blocks, self._is_same):
            common = region.start - o
            self._untouched((n, n + common))
            o, n, m = region.start, n + common, m + common
            n_end = n + (region.end - o) + sum(_growth(block) for block in region.blocks)
            m_end = m + (region.end - o) + sum(_growth(piece) for piece in region.pieces)
            self._region(region, (n, n_end), (m, m_end))
            o, n, m = region.end, n_end, m_end
        self._untouched((n, n + len(self._old.plain) - o))
        self._writer.end()
        return self._told()

    def _untouched(self, new: Range) -> None:
        """Lines that neither side changed."""
        self._old_lines += range(*new)
        self._new_lines += range(new[0] + self._shift, new[1] + self._shift)

    def _region(self, region: Region, new: Range, merged: Range) -> None:
        self._old_lines += _places(region, new[0])
        theirs, ours = self._new.plain[slice(*new)], self._merged.plain[slice(*merged)]
        begun = new[0] + self._shift
        lines: Sequence[int | None] = range(begun, begun + len(ours))
        if not region.pieces:
            lines = [None] * len(ours)
        elif not region.blocks:
            self._put(Entry(*new, self._written(merged, begun), region.pieces, [0]))
        elif ours == theirs:
            pass  # there already
        elif self._is_had(region, theirs):
            lines = [None] * len(ours)
        elif region.start == region.end:
            self._conflicts.append(Conflict((region.start, region.end), new, merged, both_added=True))
            self._put(self._conflict(region, (new[1], new[1]), merged, new[1] + self._shift))
            lines = range(begun + len(theirs), begun + len(theirs) + len(ours))
        else:
            head, tail = _common_ends(theirs, ours)
            self._conflicts.append(Conflict((region.start, region.end), new, merged, both_added=False))
            inner = (new[0] + head, new[1] - tail)
            self._put(self._conflict(region, inner, (merged[0] + head, merged[1] - tail), begun + head))
        self._new_lines += lines

    def _conflict(self, region: Region, new: Range, merged: Range, begun: int) -> Entry:
        added = self._written(merged, begun)
        return Entry(*new, added, region.pieces, [0] * len(region.pieces), len(self._conflicts) - 1)

    def _put(self, entry: Entry) -> None:
        self._shift += len(entry.added) - (entry.new_end - entry.new_start)
        self._writer.keep(entry.new_start)
        self._writer.put(entry)

    def _written(self, merged: Range, begun: int) -> list[str]:
        return [self._manners.written(at, begun + at - merged[0]) for at in range(*merged)]

    def _is_had(self, region: Region, theirs: Sequence[str]) -> bool:
        """Whether the new original has the change in another way: with lines that somebody wrote in place of the
        proposed ones, or by removing more than it wants to remove."""
        if len(region.pieces) == 1:
            piece = region.pieces[0]
            above, below = self._old.plain[region.start : piece.old_start], self._old.plain[piece.old_end : region.end]
            if any([*above, *own, *below] == theirs for own in piece.own):
                return True
        return all(
            piece.new_start == piece.new_end and any(_removes(block, piece) for block in region.blocks)
            for piece in region.pieces
        )

    def _is_same(self, piece: Piece, block: Block) -> bool:
        """Whether the two, each alone, make the same text: among equal lines one added line can be told at several
        places."""
        if _growth(piece) != _growth(block):
            return False
        ours = self._merged.plain[piece.new_start : piece.new_end]
        theirs = self._new.plain[block.new_start : block.new_end]
        old = self._old.plain
        if piece.old_start <= block.old_start:
            return [*ours, *old[piece.old_end : block.old_end]] == [*old[piece.old_start : block.old_start], *theirs]
        return [*theirs, *old[block.old_end : piece.old_end]] == [*old[block.old_start : piece.old_start], *ours]

    def _told(self) -> Rebased:
        new = self._new.full
        entries = joined(self._writer.entries, new)
        # What changes nothing is there already: line ends that the new original has, lines moved over others that left.
        entries = [each for each in entries if each.added != new[each.new_start : each.new_end]]
        ids = HunkIds()
        hunks: list[Hunk] = []
        lines: list[str] = []
        at = 0
        for entry in entries:
            lines += new[at : entry.new_start]
            name = ids.next(new[entry.new_start : entry.new_end], entry.added)
            hunks.append(Hunk(name, entry.new_start, entry.new_end, len(lines), len(lines) + len(entry.added)))
            lines += entry.added
            at = entry.new_end
        lines += new[at:]
        return Rebased(
            "".join(lines),
            tuple(hunks),
            tuple(self._layout(entries, hunks, layout) for layout in self._layouts),
            self._fates(entries, hunks),
            {hunk.id: self._conflicts[entry.conflict] for entry, hunk in _conflicting(entries, hunks)},
            tuple(
                {hunk.id: had(entry.pieces, self._hunks, layout) for entry, hunk in _conflicting(entries, hunks)}
                for layout in self._layouts
            ),
            self._old_lines,
            self._new_lines,
        )

    def _layout(self, entries: Sequence[Entry], hunks: Sequence[Hunk], layout: Mapping[str, Parts]) -> dict[str, Parts]:
        found: dict[str, Parts] = {}
        for entry, hunk in zip(entries, hunks, strict=True):
            if entry.conflict >= 0:
                found[hunk.id] = (Part(hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start),)
            else:
                found[hunk.id] = carried(entry, self._hunks, layout, self._new.end)
        return unjoined(entries, found)

    def _fates(self, entries: Sequence[Entry], hunks: Sequence[Hunk]) -> tuple[Fate, ...]:
        became: dict[int, list[tuple[Entry, Hunk]]] = {}
        for entry, hunk in zip(entries, hunks, strict=True):
            for index in dict.fromkeys(piece.hunk for piece in entry.pieces):
                became.setdefault(index, []).append((entry, hunk))
        fates = []
        for index, old in enumerate(self._hunks):
            mine = became.get(index, [])
            state: State = "already"
            if any(entry.conflict >= 0 for entry, _ in mine):
                state = "conflict"
            elif mine:
                entry = mine[0][0]
                state = "unchanged" if entry.new_start + entry.lead == entry.pieces[0].old_start else "moved"
            fates.append(Fate(old.id, state, tuple(hunk.id for _, hunk in mine)))
        return tuple(fates)


def _growth(change: Piece | Block) -> int:
    return (change.new_end - change.new_start) - (change.old_end - change.old_start)


def _places(region: Region, begun: int) -> list[int | None]:
    """Where the new original has each line of a region, which begins at its line `begun`."""
    places: list[int | None] = []
    shift = begun - region.start
    at = region.start
    for block in region.blocks:
        places += range(at + shift, block.old_start + shift)
        places += [None] * (block.old_end - block.old_start)
        at, shift = block.old_end, shift + _growth(block)
    return [*places, *range(at + shift, region.end + shift)]


def _removes(block: Block, piece: Piece) -> bool:
    return block.new_start == block.new_end and block.old_start <= piece.old_start and piece.old_end <= block.old_end


def _common_ends(one: Sequence[str], other: Sequence[str]) -> Range:
    """How many lines two runs have in common at their beginning, and of the others at their end."""
    most = min(len(one), len(other))
    head = next((at for at in range(most) if one[at] != other[at]), most)
    tail = next((at for at in range(most - head) if one[-1 - at] != other[-1 - at]), most - head)
    return head, tail


def _conflicting(entries: Sequence[Entry], hunks: Sequence[Hunk]) -> list[tuple[Entry, Hunk]]:
    return [(entry, hunk) for entry, hunk in zip(entries, hunks, strict=True) if entry.conflict >= 0]
