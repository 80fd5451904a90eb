"""The HTML of a diff's pieces: whole, or as a placeholder that keeps the height and the place of each hunk, so that a
page of any size is small. Rows of a large hunk come by the hundred.

Must not know: requests, how a diff is cut, how decisions are stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from applyweb.core.languages import guess
from applyweb.core.text import split_lines
from applyweb.jobs.highlight import highlight_lines
from applyweb.models import Apply
from applyweb.web.pages.alternatives import Alternative, Alternatives, ProposalsByHunk
from applyweb.web.pages.conflicts import side_first
from applyweb.web.pages.lasting import LastingPart
from applyweb.web.pages.part_rows import HunkRow, RowsByHunk
from applyweb.web.render.diff import DiffView, EqualSegment, FoldSegment, Segment
from applyweb.web.render.pieces import SHOWN_ROWS, Piece, part_pixels, parts
from applyweb.web.render.rows import Side, written_rows

AT_ONCE = 1  # pieces that stand on the page from the start: more than a screen
FEW_ROWS = 100  # a diff with no more is there as a whole


@dataclass(frozen=True, slots=True)
class EqualEntry:
    """Unchanged rows of a piece."""

    html: SafeString
    kind: Literal["equal"] = "equal"


@dataclass(frozen=True, slots=True)
class HunkEntry:
    """A hunk, or a part of one, with its first rows and placeholders for the others. `opening` is its element's tag,
    `alternatives` what was proposed later; `first` the side that stands first where both sides of a conflict do."""

    row: HunkRow
    opening: SafeString
    html: SafeString
    alternatives: tuple[Alternative, ...] = ()
    first: str = ""
    kind: Literal["hunk"] = "hunk"

    @property
    def taken(self) -> Alternative | None:
        """The later proposal that stands in it."""
        return next((each for each in self.alternatives if each.taken), None)


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws pieces of one apply's diff. `lexer` colours what a person wrote, `proposals` are the person's."""

    apply_id: str
    lexer: str
    lasting: LastingPart
    proposals: ProposalsByHunk

    def pieces(self, rows: RowsByHunk) -> list[SafeString]:
        """Every piece of the diff, the first ones whole. `rows` has all hunks."""
        whole = _at_once(self.lasting)
        return [
            self.piece(piece, rows) if piece.number < whole else self._placeholder(piece, rows)
            for piece in self.lasting.pieces
        ]

    def piece(self, piece: Piece, rows: RowsByHunk) -> SafeString:
        """One whole piece. `rows` has its hunks."""
        entries = list(self._entries(piece, rows))
        return _rendered(
            "review/piece.html",
            {"piece": piece, "entries": entries, "apply_id": self.apply_id},
        )

    def hunk(self, rows: tuple[HunkRow, ...]) -> SafeString:
        """One hunk in its parts."""
        return _rendered("review/entries.html", {"entries": [self._hunk(row) for row in rows]})

    def alternatives(self, row: HunkRow) -> SafeString:
        """What was proposed later for a hunk or part; "" where nothing was."""
        return _rendered("review/alternatives.html", {"row": row, "alternatives": self._alternatives.of(row)})

    def some_rows(self, row: HunkRow, start: int, end: int) -> SafeString:
        """Rows [start, end) of a hunk or part. Errors: ValueError for rows that it has not."""
        if not 0 <= start <= end <= len(self._diff.row_pairs(row.part.hunk.hunk)):
            raise ValueError("the hunk has no such rows")
        return self._diff.hunk_html(row.part.hunk.hunk, start, end, far=True)

    @property
    def _diff(self) -> DiffView:
        if self.lasting.diff is None:
            raise ValueError("an apply that is not finished has no diff")
        return self.lasting.diff

    @property
    def _alternatives(self) -> Alternatives:
        return Alternatives(self._diff, self.lexer, self.proposals)

    def _entries(self, piece: Piece, rows: RowsByHunk) -> Iterator[EqualEntry | FoldSegment | HunkEntry]:
        for segment in piece.segments:
            if isinstance(segment, EqualSegment):
                yield EqualEntry(self._diff.equal_html(segment))
            elif isinstance(segment, FoldSegment):
                yield segment
            else:
                yield from (self._hunk(row) for row in rows[segment.id])

    def _hunk(self, row: HunkRow) -> HunkEntry:
        hunk = row.part.hunk.hunk
        count = len(self._diff.row_pairs(hunk))
        later = parts(count)
        html = self._diff.hunk_html(hunk, 0, SHOWN_ROWS if later else None)
        html += mark_safe("".join(self._part(row, *each, count) for each in later))  # numbers and a name
        shown = html if row.text is None else self._written(row, row.text, html)
        return HunkEntry(row, self._opening(row), shown, self._alternatives.of(row), self._first(row))

    def _first(self, row: HunkRow) -> str:
        if row.text is None or row.part.conflict is None:
            return ""
        hunk, old, new = row.part.hunk.hunk, self._diff.old.lines, self._diff.new.lines
        return side_first(row.text, old[hunk.old_start : hunk.old_end], new[hunk.new_start : hunk.new_end])

    def _opening(self, row: HunkRow, *, waits: bool = False) -> SafeString:
        return _opening(row, self._alternatives.writer(row), waits=waits)

    def _part(self, row: HunkRow, start: int, end: int, count: int) -> str:
        hunk = row.part.hunk.hunk
        source = f"/applies/{self.apply_id}/hunks/{row.name}/rows?start={start}&amp;end={end}"
        return (
            f'<div class="part waits" data-src="{source}" data-pixels="{part_pixels(self._diff, hunk, start, end)}"'
            f' data-rows="{end - start}" data-from="{hunk.new_start + start + 1}">'
            f'<p class="later">Rows {start + 1:,} to {end:,} of {count:,} of this hunk come as you scroll.</p></div>'
        )

    def _written(self, row: HunkRow, text: str, proposed: SafeString) -> SafeString:
        """What the person wrote beside the original, and the proposal folded away."""
        hunk, old = row.part.hunk.hunk, self._diff.old
        own = Side(split_lines(text), highlight_lines(text, self.lexer), old.usual_end, numbered=False)
        return written_rows(old, own, range(hunk.old_start, hunk.old_end), proposed, hunk.new_end - hunk.new_start)

    def _placeholder(self, piece: Piece, rows: RowsByHunk) -> SafeString:
        """Built here and not in a template, because a page may have thousands of hunks."""
        shells = "".join(f"{self._opening(row, waits=True)}</section>" for hunk in piece.hunks for row in rows[hunk.id])
        words = f"{_contents(piece)} from line {piece.first_line:,} on come as you scroll."
        return mark_safe(  # all that is not a number, a name of ours or made by _opening
            f'<div class="piece waits" id="piece-{piece.number}"'
            f' data-src="/applies/{self.apply_id}/pieces/{piece.number}"'
            f' data-pixels="{piece.pixels(self._diff)}" data-rows="{piece.rows}" data-from="{piece.first_line}">'
            f'<p class="later">{words}</p>{shells}</div>'
        )


def drawer(apply: Apply, lasting: LastingPart, proposals: ProposalsByHunk) -> Drawer:
    """The drawer of an apply and its lasting part; `proposals` are one person's, of the hunks that it will draw."""
    return Drawer(apply.id, guess(apply.path, apply.language).lexer, lasting, proposals)


def rows_waiting(lasting: LastingPart) -> int:
    """How many rows of the diff are not on the page at first, folds left out."""
    shown = sum(piece.rows for piece in lasting.pieces[: _at_once(lasting)])
    return sum(_all_rows(segment) for piece in lasting.pieces for segment in piece.segments) - shown


def _at_once(lasting: LastingPart) -> int:
    """How many pieces stand on the page from the start."""
    return len(lasting.pieces) if sum(piece.rows for piece in lasting.pieces) <= FEW_ROWS else AT_ONCE


def _all_rows(segment: Segment) -> int:
    if isinstance(segment, EqualSegment):
        return segment.count
    return 0 if isinstance(segment, FoldSegment) else max(segment.added, segment.removed)


def _contents(piece: Piece) -> str:
    count = len(piece.hunks)
    if not count:
        return "Lines"
    first, last = piece.hunks[0].number, piece.hunks[-1].number
    return f"Hunk {first:,}" if count == 1 else f"Hunks {first:,} to {last:,}"


def _opening(row: HunkRow, writer: str, *, waits: bool) -> SafeString:
    """The tag that opens a hunk's element; `writer` is who wrote what stands in it, "" for what was proposed first.
    What `waits` has a name of its own, since its bar is not there yet."""
    part, hunk = row.part, row.part.hunk
    marks = {
        "is-extra": part.extra,
        "is-doubted": bool(part.doubts),
        "is-joined": row.joined,
        "is-conflict": part.conflict is not None,
        "is-spaces": bool(hunk.spaces),
        "waits": waits,
    }
    classes = " ".join(["hunk", *(name for name, stands in marks.items() if stands)])
    attributes = {
        "data-hunk": row.name,
        "data-of": row.hunk_id,
        "data-number": row.label,
        "data-decision": row.decision,
        **({"data-written": writer} if writer else {}),
        "data-lines": f"{part.old_start} {part.new_start}",
        "data-symbol": hunk.title,
        "data-asked": " ".join(map(str, part.asked)),
        "data-top": str(hunk.top),
        "data-size": str(hunk.size),
    }
    named = f'aria-labelledby="t-{row.name}"'
    if waits:
        words = f"Hunk {row.label}, {hunk.title}: {hunk.added} added, {hunk.removed} removed, not loaded yet"
        named = f'aria-label="{escape(words)}"'
    told = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return mark_safe(f'<section class="{classes}" id="h-{row.name}" {told} tabindex="-1" {named}>')  # escaped above


def _rendered(template: str, context: dict[str, object]) -> SafeString:
    return mark_safe(get_template(template).render(context))  # a template escapes
