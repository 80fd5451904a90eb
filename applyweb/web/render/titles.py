"""What a hunk is called: the definition that it changes, or its lines.

Must not know: rows, HTML, decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        self._new = definitions(merged, language)
        self._new_lines = split_lines(merged)

    @cached_property
    def _old(self) -> tuple[Definition, ...]:
        # Parsing costs most of a large page's time, and the original is asked only where nothing was added.
        return definitions(self._original, self._language)

    def of(self, hunk: Hunk) -> tuple[str, str]:
        """(enclosing name or "", own name), such as ("Fetcher", "get"), or ("", "line 12")."""
        found = None
        if hunk.new_end > hunk.new_start:
            found = _best(self._new, hunk.new_start, hunk.new_end)
        if found is None and hunk.old_end > hunk.old_start:
            found = _best(self._old, hunk.old_start, hunk.old_end)
        if found is not None:
            group, _, name = found.name.rpartition(".")
            return group, name
        start, end = hunk.new_start + 1, hunk.new_end
        if end < start:  # nothing was added: the original's lines are what is known
            start, end = hunk.old_start + 1, hunk.old_end
        return "", f"line {start}" if end <= start else f"lines {start} to {end}"

    def context(self, line: int) -> str:
        """The header of the innermost definition that goes on at new line `line` (0-based), "" for none."""
        around = [each for each in self._new if each.header < line < each.end]
        if not around:
            return ""
        header = max(around, key=lambda each: each.start).header
        return split_end(self._new_lines[header])[0].strip()[:_LABEL]


def _best(known: Sequence[Definition], start: int, end: int) -> Definition | None:
    """The innermost definition around [start, end); else the first that begins inside it."""
    around = [each for each in known if each.start <= start and end <= each.end]
    if around:
        return min(around, key=lambda each: each.end - each.start)
    inside = [each for each in known if start <= each.start < end]
    return inside[0] if inside else None
