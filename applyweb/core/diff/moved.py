"""Blocks of lines that were removed in one place and stand in another, also where their indentation changed.

Must not know: HTML, decisions. The work is near linear: a removed line is compared with a few places of an equal added
line, and what a block has taken is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from applyweb.core.diff.hunks import Hunk

LEAST = 3  # telling lines of a block; fewer occur in two places by chance
_MOST_PLACES = 16  # of an equal line that are tried
_MOST_PLAIN = 8  # lines in a row that tell nothing (brackets, blanks) within a block
_TELLING = re.compile(r"\w.*\w", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Moved:
    """Old lines [old_start, old_start + count) stand as new lines [new_start, new_start + count), 0-based: the same but
    for line ends and, where `indent` is not 0, that many characters of indentation. `old_hunk` and `new_hunk` are the
    ids of the two hunks."""

    old_start: int
    new_start: int
    count: int
    indent: int
    old_hunk: str
    new_hunk: str


def moved_blocks(old: Sequence[str], new: Sequence[str], hunks: Sequence[Hunk]) -> tuple[Moved, ...]:
    """The blocks that moved from one hunk to another, in the order of their old lines. No line is in two of them."""
    search = _Search(old, new, hunks)
    found = []
    for hunk in hunks:
        at = hunk.old_start
        while at < hunk.old_end:
            block = search.best(at)
            if block is not None:
                found.append(block)
                search.take(block)
                at = max(at, block.old_start + block.count - 1)
            at += 1
    return tuple(sorted(found, key=lambda block: block.old_start))


class _Search:
    def __init__(self, old: Sequence[str], new: Sequence[str], hunks: Sequence[Hunk]) -> None:
        self._removed: dict[int, str] = {}  # hunk by line, of lines that are still free
        self._added: dict[int, str] = {}
        self._places: dict[str, list[int]] = {}
        for hunk in hunks:
            self._removed.update(dict.fromkeys(range(hunk.old_start, hunk.old_end), hunk.id))
            self._added.update(dict.fromkeys(range(hunk.new_start, hunk.new_end), hunk.id))
        self._old = {at: old[at].strip() for at in self._removed}
        self._new = {at: new[at].strip() for at in self._added}
        self._depths = (_depths(old, self._removed), _depths(new, self._added))
        for at, line in self._new.items():
            if _TELLING.search(line):
                self._places.setdefault(line, []).append(at)

    def take(self, block: Moved) -> None:
        for k in range(block.count):
            del self._removed[block.old_start + k]
            del self._added[block.new_start + k]

    def best(self, at: int) -> Moved | None:
        """The longest block around a removed line."""
        places = self._places.get(self._old[at], ()) if at in self._removed else ()
        if len(places) > _MOST_PLACES:
            return None
        found = [block for place in places if (block := self._grown(at, place)) is not None]
        return max(found, key=lambda block: (block.count, -block.new_start), default=None)

    def _grown(self, i: int, j: int) -> Moved | None:
        """The block around two equal lines; None where it has too few telling lines, or is one hunk's own."""
        if self._added.get(j) is None or self._added[j] == self._removed[i]:
            return None
        above, telling_above = self._reach(i, j, -1)
        below, telling_below = self._reach(i, j, 1)
        if telling_above + telling_below + 1 < LEAST:
            return None
        indent = self._depths[1][j] - self._depths[0][i]
        return Moved(i - above, j - above, above + below + 1, indent, self._removed[i], self._added[j])

    def _reach(self, i: int, j: int, step: int) -> tuple[int, int]:
        """How many lines further the two agree, up to the last telling one, and how many of these tell something."""
        owner_i, owner_j = self._removed[i], self._added[j]
        indent = self._depths[1][j] - self._depths[0][i]
        far = reach = telling = plain = 0
        while plain <= _MOST_PLAIN:
            far += 1
            a, b = i + far * step, j + far * step
            if self._removed.get(a) != owner_i or self._added.get(b) != owner_j:
                break
            line = self._old[a]
            if line != self._new[b] or (line and self._depths[1][b] - self._depths[0][a] != indent):
                break
            if _TELLING.search(line):
                reach, telling, plain = far, telling + 1, 0
            else:
                plain += 1
                reach = far if line else reach  # a closing bracket belongs to it, a blank line after it does not
        return reach, telling


def _depths(lines: Sequence[str], wanted: Mapping[int, str]) -> dict[int, int]:
    return {at: len(lines[at]) - len(lines[at].lstrip(" \t")) for at in wanted}
