"""Find a piece of text in a whole diff, in the order in which the diff shows its lines: each unchanged line once, the
old lines of a hunk before its new ones.

The time is linear in the texts, whatever is looked for, and no more than `most` matches are made. Must not know: pages,
decisions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Literal

from applyweb.core.diff import Hunk
from applyweb.core.text import split_lines

MOST = 1000


@dataclass(frozen=True, slots=True)
class Match:
    """A match in line `line` (from 1) of the original ("o") or the merged text ("n"). `start` and `end` count UTF-16
    units, as browsers do. `at` is the merged line beside which it stands; `hunk` is "" in an unchanged line."""

    side: Literal["o", "n"]
    line: int
    at: int
    hunk: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: there are further matches that were not made."""

    matches: tuple[Match, ...]
    more: bool


def find(
    original: str, merged: str, hunks: Sequence[Hunk], query: str, *, match_case: bool = False, most: int = MOST
) -> Found:
    """Where `query` stands in the diff, as plain text inside of a line; matches do not overlap."""
    if not query:
        return Found((), False)
    wanted = query if match_case else fold(query)
    old, new = (_Searched(text, wanted, match_case) for text in (original, merged))
    found = list(islice(_matches(old, new, hunks), most + 1))
    return Found(tuple(found[:most]), len(found) > most)


def fold(text: str) -> str:
    """The text with the case of its letters set aside, character for character: offsets stay."""
    return text.replace("\u0130", "i").lower().replace("\u03c2", "\u03c3")


class _Searched:
    """One text under search."""

    def __init__(self, text: str, wanted: str, match_case: bool) -> None:
        self._text = text
        self._under = text if match_case else fold(text)
        self._wanted = wanted
        self._starts = [0, *accumulate(map(len, split_lines(text)))]
        self.lines = len(self._starts) - 1

    def within(self, first: int, last: int) -> Iterator[tuple[int, int, int]]:
        """(line from 0, start, end in UTF-16 units) of each match in lines [first, last)."""
        at, stop = self._starts[first], self._starts[last]
        line, counted, units = -1, 0, 0
        while (at := self._under.find(self._wanted, at, stop)) >= 0:
            row = bisect_right(self._starts, at) - 1
            if row != line:
                line, counted, units = row, self._starts[row], 0
            units += _units(self._text[counted:at])
            counted, at = at, at + len(self._wanted)
            yield line, units, units + _units(self._text[counted:at])


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _matches(old: _Searched, new: _Searched, hunks: Sequence[Hunk]) -> Iterator[Match]:
    at = 0
    for hunk in hunks:
        yield from _unchanged(new, at, hunk.new_start)
        beside = min(hunk.new_start + 1, max(new.lines, 1))
        for line, start, end in old.within(hunk.old_start, hunk.old_end):
            yield Match("o", line + 1, beside, hunk.id, start, end)
        for line, start, end in new.within(hunk.new_start, hunk.new_end):
            yield Match("n", line + 1, line + 1, hunk.id, start, end)
        at = hunk.new_end
    yield from _unchanged(new, at, new.lines)


def _unchanged(new: _Searched, first: int, last: int) -> Iterator[Match]:
    for line, start, end in new.within(first, last):
        yield Match("n", line + 1, line + 1, "", start, end)
