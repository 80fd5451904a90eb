"""The parts that a person made of hunks, for the hunks that came of them.

Must not know: how these came to be, whose parts they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from applyweb.core.diff import Hunk
from applyweb.core.parts import Part, Parts, Verdict, starts, verdict_of
from applyweb.core.rebase.regions import Piece
from applyweb.core.rebase.writing import Entry

Had = Verdict | Literal["mixed", "written"]


def carried(entry: Entry, hunks: Sequence[Hunk], layout: Mapping[str, Parts], end: str) -> Parts:
    """The parts of an entry that is no conflict; `end` is the usual line end of the new original."""
    parts: list[Part] = []
    for piece, gap in zip(entry.pieces, entry.gaps, strict=True):
        if gap:
            parts[-1] = replace(parts[-1], removed=parts[-1].removed + gap, added=parts[-1].added + gap)
        parts += [_ended(part, end) for part in _clipped(piece, hunks[piece.hunk], layout)]
    if entry.lead:
        parts[0] = _grown(parts[0], before="".join(entry.added[: entry.lead]), lines=entry.lead)
    if entry.trail:
        parts[-1] = _grown(parts[-1], after="".join(entry.added[-entry.trail :]), lines=entry.trail)
    return tuple(parts)


def had(pieces: Sequence[Piece], hunks: Sequence[Hunk], layout: Mapping[str, Parts]) -> Had:
    """How these lines stood in the earlier review."""
    parts = [part for piece in pieces for part in _clipped(piece, hunks[piece.hunk], layout, keep_text=True)]
    return "written" if any(part.text is not None for part in parts) else verdict_of(parts)


def unjoined(entries: Sequence[Entry], found: Mapping[str, Parts]) -> dict[str, Parts]:
    """Without the joins to a part that does not stand right before any more."""
    result = dict(found)
    for number, (key, parts) in enumerate(found.items()):
        if not parts[0].joined:
            continue
        before = entries[number - 1] if number else None
        follows = before is not None and before.conflict < 0 and entries[number].conflict < 0
        if not follows or before is None or entries[number].pieces[0].hunk - before.pieces[-1].hunk > 1:
            result[key] = (replace(parts[0], joined=False), *parts[1:])
    return result


def _clipped(piece: Piece, hunk: Hunk, layout: Mapping[str, Parts], *, keep_text: bool = False) -> Iterator[Part]:
    """The parts of the hunk as far as they are of the piece. What somebody wrote cannot be divided: the lines of such a
    part are undecided again, and wholly so."""
    parts = layout[hunk.id]
    size = (hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start)
    first = (piece.old_start - hunk.old_start, piece.new_start - hunk.new_start)
    last = (piece.old_end - hunk.old_start, piece.new_end - hunk.new_start)
    for part, (start, end) in zip(parts, pairwise([*starts(parts), size]), strict=True):
        removed = min(end[0], last[0]) - max(start[0], first[0])
        added = min(end[1], last[1]) - max(start[1], first[1])
        removed, added = max(removed, 0), max(added, 0)
        if not removed and not added:
            continue
        clipped = replace(part, removed=removed, added=added)
        if part.text is not None and not keep_text and (removed, added) != (part.removed, part.added):
            clipped = replace(clipped, text=None, proposal=None, verdict="pending", reason="")
        yield clipped


def _ended(part: Part, end: str) -> Part:
    """A written text with the usual line end of the new original."""
    if part.text is None:
        return part
    text = part.text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", end)
    return replace(part, text=text)


def _grown(part: Part, *, before: str = "", after: str = "", lines: int) -> Part:
    text = None if part.text is None else before + part.text + after
    return replace(part, removed=part.removed + lines, added=part.added + lines, text=text)
