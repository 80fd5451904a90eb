"""Where a remark on a line stands: the line is known again by its text when the file has changed since.

Must not know: what is remarked, who remarks, how a page shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from applyweb.core.diff import Hunk
from applyweb.core.text import split_end

Side = Literal["old", "new"]
KEPT = 400  # characters at the beginning of a line that tell it from others


@dataclass(frozen=True, slots=True)
class Place:
    """A line of one side in a diff. `hunk` is the id of the hunk around it, "" for an unchanged line, of which
    `old_index` is the line of the original, from 0. `order` sorts places as a reader meets them."""

    hunk: str
    old_index: int | None
    order: tuple[int, int, int, int]


def kept_text(line: str) -> str:
    """What is kept of a line: its beginning, without its end."""
    return split_end(line)[0][:KEPT]


def find_line(lines: Sequence[str], number: int, text: str, hunk: range = range(0)) -> int | None:
    """The line with this kept text that is nearest to line `number`, both from 1, the upper one of two; None where
    there is none. `hunk` (indices from 0) are the lines to look at first: those of the hunk that the line was in."""
    return _nearest(lines, number, text, hunk) or _nearest(lines, number, text, range(len(lines)))


def _nearest(lines: Sequence[str], number: int, text: str, among: range) -> int | None:
    if number - 1 in among and kept_text(lines[number - 1]) == text:
        return number  # as a rule: the file is the same
    same = (at + 1 for at in among if lines[at].startswith(text) and kept_text(lines[at]) == text)
    return min(same, key=lambda at: (abs(at - number), at), default=None)


def place_of(hunks: Sequence[Hunk], side: Side, line: int) -> Place:
    """The place of an existing line, from 1, in the diff that these hunks are all of."""
    index = line - 1
    shift = 0
    for hunk in hunks:
        inside = lines_of(hunk, side)
        if index < inside.start:
            break
        if index in inside:
            return Place(hunk.id, None, (hunk.old_start, 0, side == "new", index))
        shift = hunk.new_end - hunk.old_end
    old_index = index if side == "old" else index - shift
    return Place("", old_index, (old_index, 1, side == "new", 0))


def lines_of(hunk: Hunk, side: Side) -> range:
    """The lines of one side that a hunk is about, from 0."""
    return range(hunk.old_start, hunk.old_end) if side == "old" else range(hunk.new_start, hunk.new_end)


def last_line(hunk: Hunk) -> tuple[Side, int]:
    """The line, from 1, that a remark on a whole hunk is kept with: its last new one, or the last that it removes."""
    return ("new", hunk.new_end) if hunk.new_end > hunk.new_start else ("old", hunk.old_end)


def below_hunk(hunk: Hunk) -> Place:
    """The place of a remark on a whole hunk: behind those on its lines."""
    return Place(hunk.id, None, (hunk.old_start, 0, 2, 0))
