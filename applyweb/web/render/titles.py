"""What a hunk is called: the definition that it changes, or its lines; and which definition is around a line.

Must not know: rows, HTML, decisions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

from applyweb.core.diff import Hunk
from applyweb.core.syntax import Definition, definitions
from applyweb.core.text import split_end, split_lines

_LABEL = 80


class Titles:
    """The names of places in one original and its merged text."""

    def __init__(self, original: str, merged: str, language: str) -> None:
        self._original = original
        self._language = language
        self._new_lines = split_lines(merged)
        self._new = _Places(definitions(merged, language), len(self._new_lines))

    @cached_property
    def _old(self) -> _Places:
        # Parsing costs most of a large page's time, and the original is asked only where nothing was added.
        return _Places(definitions(self._original, self._language), len(split_lines(self._original)))

    def of(self, hunk: Hunk) -> tuple[str, str]:
        """(enclosing name or "", own name), such as ("Fetcher", "get"), or ("", "line 12")."""
        found = None
        if hunk.new_end > hunk.new_start:
            found = self._new.best(hunk.new_start, hunk.new_end)
        if found is None and hunk.old_end > hunk.old_start:
            found = self._old.best(hunk.old_start, hunk.old_end)
        if found is not None:
            return found.owner, found.own_name
        start, end = hunk.new_start + 1, hunk.new_end
        if end < start:  # nothing was added: the original's lines are what is known
            start, end = hunk.old_start + 1, hunk.old_end
        return "", f"line {start}" if end <= start else f"lines {start} to {end}"

    def joined(self, group: str, name: str) -> str:
        """Both parts as one title. Selectors have dots of their own."""
        between = " " if self._language == "css" else "."
        return f"{group}{between}{name}" if group else name

    def context(self, line: int) -> str:
        """The header of the innermost definition that goes on at new line `line` (0-based), "" for none."""
        found = next((each for each in self._new.around(line) if each.header < line), None)
        return "" if found is None else split_end(self._new_lines[found.header])[0].strip()[:_LABEL]

    def enclosing(self, line: int) -> Definition | None:
        """The innermost definition with new line `line` (0-based) in it."""
        return next(self._new.around(line), None)


class _Places:
    """Definitions by the lines that they cover, found without going through them all."""

    def __init__(self, known: Sequence[Definition], lines: int) -> None:
        self._known = known
        self._starts = [each.start for each in known]
        self._innermost = [-1] * lines
        self._owners: list[int] = []
        open_ones: list[int] = []
        for number, each in enumerate(known):  # outer before inner, so the inner one stays
            while open_ones and known[open_ones[-1]].end <= each.start:
                open_ones.pop()
            self._owners.append(open_ones[-1] if open_ones else -1)
            open_ones.append(number)
            end = min(each.end, lines)
            self._innermost[each.start : end] = [number] * (end - each.start)

    def around(self, line: int) -> Iterator[Definition]:
        """The definitions that cover a line, from the innermost out."""
        number = self._innermost[line] if line < len(self._innermost) else -1
        while number >= 0:
            if line < self._known[number].end:
                yield self._known[number]
            number = self._owners[number]

    def best(self, start: int, end: int) -> Definition | None:
        """The innermost definition around [start, end); else the first that begins inside it."""
        for each in self.around(start):
            if end <= each.end:
                return each
        at = bisect_left(self._starts, start)
        return self._known[at] if at < len(self._known) and self._starts[at] < end else None
