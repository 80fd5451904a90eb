"""How deep the lines of strings stand that go over several lines: their own indentation says nothing of blocks.

Must not know: blocks, languages. Strings of triple quotes only; every one must end within the text, else the text is
taken to begin or end in the midst of one, and nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_QUOTES = re.compile(r"\"{3}|'{3}")
_BEFORE = ("(", "[", "{", ",", "=", ":", "+", "\\", "return")


def depths(keys: Sequence[str], indents: Sequence[int], holding: Callable[[str], list[int]]) -> Sequence[int]:
    """For each line how deep it stands: one column within the line in which its string begins where it is in a string
    and further left than that line, its own indentation elsewhere. `holding` gives the lines that hold some characters;
    a text without such strings costs nothing more."""
    rows = sorted({row for quotes in ('"""', "'''") for row in holding(quotes)})
    inside = _inside(keys, rows)
    if not inside:
        return indents
    found = list(indents)
    for first, last in inside:
        least = indents[first] + 1
        for row in range(first + 1, last + 1):
            if 0 <= indents[row] < indents[first]:
                found[row] = least
    return found


def _inside(keys: Sequence[str], rows: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last lines of the strings that go over several lines; [] where one has no end or no beginning."""
    strings: list[tuple[int, int]] = []
    quotes, first = "", -1
    for row in rows:
        for found in _QUOTES.finditer(keys[row]):
            if quotes and found[0] == quotes:
                if row > first:
                    strings.append((first, row))
                quotes = ""
            elif not quotes:
                if "#" in keys[row][: found.start()]:
                    break
                if keys[row] == found[0] and not _may_begin(keys, row):
                    return []
                quotes, first = found[0], row
    return [] if quotes else strings


def _may_begin(keys: Sequence[str], row: int) -> bool:
    """Whether a line of nothing but quotes can begin a string, by what stands above it."""
    above = next((keys[at] for at in range(row - 1, -1, -1) if keys[at]), "")
    return not above or above.endswith(_BEFORE)
