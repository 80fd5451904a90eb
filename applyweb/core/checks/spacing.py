"""Are the blank lines and the spaces as the answer shows them?

Support tells lines apart by their text without white space, so this is what it cannot see. It is rarely a fault, but
may be all that was asked for. Must not know: languages, whether white space matters there.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import cached_property

from applyweb.core.checks.check import Check, passed
from applyweb.core.checks.facts import Facts
from applyweb.core.support.placed import Placed

_SPACE = "\ufeff \t\r\n"


def spacing(facts: Facts) -> Check:
    """Lines that stand together here and in the answer, but otherwise parted, spaced or indented."""
    changed = {number for block in facts.blocks for number in range(block.new_start, block.new_end)}
    found: dict[int, str] = {}
    for piece in facts.shown.pieces:
        for line, message in _Spaced(facts, piece, changed).findings():
            found.setdefault(line, message)
    if not found:
        return passed("spacing", "Blank lines and spaces are as the answer shows them.")
    first, more = min(found), len(found) - 1
    rest = f" {more} more {'place is' if more == 1 else 'places are'} like that." if more else ""
    return Check("spacing", "warning", found[first] + rest, first)


class _Spaced:
    """One piece of the chat's code beside the merged lines that it shows. `changed` are the numbers of those that the
    merge brings in."""

    def __init__(self, facts: Facts, piece: Placed, changed: Set[int]) -> None:
        self._rows, self._runs, self._new, self._changed = piece.rows, piece.runs, facts.new, changed
        self._count = facts.shown.count
        solid = facts.shown.solid
        self._lines = {row: solid[at] for row, at in piece.at_row.items()}

    def findings(self) -> Iterator[tuple[int, str]]:
        """1-based merged lines, and what is to be said of each."""
        for first, last in self._runs:
            alone = first == last and self._count[self._rows[first].key] > 1
            for row in range(first, last + 1):
                if not alone and (message := self._inside(row)):  # alone it may stand for another line like it
                    yield self._lines[row] + 1, message
                if row > first and (message := self._parting(row) or self._indenting(row)):
                    yield self._lines[row] + 1, message

    def _inside(self, row: int) -> str:
        line, shown = self._lines[row], self._rows[row].text
        text = self._new[line]
        if text.startswith(shown) or text.strip(_SPACE) == shown.strip(_SPACE):
            return ""
        return f"Line {line + 1} is spaced otherwise than the answer shows it."

    def _parting(self, row: int) -> str:
        """Of the blank lines above a row. A file keeps its own between the members of a mere list: imports, definitions
        and the head of their class."""
        line, asked = self._lines[row], self._rows[row].blanks
        blanks = line - self._lines[row - 1] - 1
        if blanks == asked or (blanks > asked and min(self._indents[row - 1 : row + 1]) <= self._lows[row]):
            return ""
        return f"Above line {line + 1} the answer shows {_count(asked)}, the file has {_count(blanks)}."

    def _indenting(self, row: int) -> str:
        """Only of lines that are as they were: answers write tabs as spaces, and four as two, so it is told only which
        of two lines stands deeper."""
        line, above = self._lines[row], self._lines[row - 1]
        if line in self._changed or above in self._changed:
            return ""
        texts = (self._new[above], self._new[line])
        shown = (self._rows[row - 1].text, self._rows[row].text)
        if all(map(str.startswith, texts, shown)) or _step(*texts) == _step(*shown):
            return ""
        return f"Line {line + 1} is not indented as the answer shows it."

    @cached_property
    def _indents(self) -> list[int]:
        return [_indent(row.text) for row in self._rows]

    @cached_property
    def _lows(self) -> list[int]:
        """For each row the least indentation of its stretch, which markers end."""
        lows: list[int] = []
        begin = 0
        for end, row in enumerate([*self._rows, None]):
            if row is None or row.op == "marker":
                lows += [min(self._indents[begin:end], default=0)] * (end + 1 - begin)
                begin = end + 1
        return lows


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _step(above: str, below: str) -> int:
    """1 for deeper, 0 for level, -1 for less deep."""
    return (_indent(below) > _indent(above)) - (_indent(below) < _indent(above))


def _count(blanks: int) -> str:
    return "no blank line" if not blanks else "a blank line" if blanks == 1 else f"{blanks} blank lines"
