"""A change between two versions of a file, as the styles look at it.

Must not know: how answers are worded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from applyweb.core import languages, syntax
from applyweb.core.diff import hunks
from applyweb.core.syntax import Definition
from applyweb.core.text import split_end, split_lines


@dataclass(frozen=True, slots=True)
class Window:
    """Lines [start, end) of the new text that are shown, and the lines [old_start, old_end) of the old one that they
    are a new version of. All changes are inside of windows."""

    start: int
    end: int
    old_start: int
    old_end: int


class Change:
    """`old` and `new` are lines without their ends. `spans` are the changes as (old_start, old_end, new_start,
    new_end), half-open. `language` is a name of `core.languages`."""

    def __init__(self, old: str, new: str, path: str, language: str = "") -> None:
        self.old_text, self.new_text, self.path = old, new, path
        self.language = languages.guess(path, language)
        self.old = [split_end(line)[0] for line in split_lines(old)]
        self.new = [split_end(line)[0] for line in split_lines(new)]
        self._parts: dict[frozenset[int], Change] = {}
        self.spans = [(hunk.old_start, hunk.old_end, hunk.new_start, hunk.new_end) for hunk in hunks(old, new)]

    def only(self, keep: Collection[int]) -> Change:
        """The change with these of its spans and no others."""
        kept = frozenset(keep)
        if kept not in self._parts:
            self._parts[kept] = self._only(kept)
        return self._parts[kept]

    def _only(self, keep: frozenset[int]) -> Change:
        old, new = split_lines(self.old_text), split_lines(self.new_text)
        made: list[str] = []
        at = 0
        for index, (old_start, old_end, start, end) in enumerate(self.spans):
            made += old[at:old_start]
            made += new[start:end] if index in keep else old[old_start:old_end]
            at = old_end
        return Change(self.old_text, "".join(made + old[at:]), self.path, self.language.name)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions of the new text."""
        return syntax.definitions(self.new_text, self.language.name)

    @cached_property
    def old_definitions(self) -> tuple[Definition, ...]:
        """The definitions of the old text."""
        return syntax.definitions(self.old_text, self.language.name)

    @cached_property
    def old_names(self) -> Counter[str]:
        return Counter(each.name for each in self.old_definitions)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each line stands in the old text, its indentation aside."""
        return Counter(line.strip() for line in self.old)

    def is_telling(self, line: str) -> bool:
        """Whether a line that both versions have says where it stands: it is found once in the old text."""
        key = line.strip()
        return self.counts[key] == 1 and sum(map(str.isalnum, key)) >= 8

    @property
    def cuts_an_edge(self) -> bool:
        """Whether more lines go than come at the top or the end of the file: no line beyond them can show it."""
        return any(
            old_end - old_start > end - start and (start == 0 or end == len(self.new))
            for old_start, old_end, start, end in self.spans
        )

    def looks_whole(self, window: Window) -> bool:
        """Whether a window without markers would be read as more than it is: it begins a definition and leaves its end
        out, or replaces lines at an edge of the file."""
        begun = any(
            window.start <= each.header < window.end < each.end and each.kind == "function" for each in self.definitions
        )
        at_edge = any(
            old_end > old_start and (start == 0 or end == len(self.new))
            for old_start, old_end, start, end in self.spans
            if window.start <= start and end <= window.end
        )
        return begun or at_edge

    def windows(self, context: int) -> list[Window]:
        """Each change with `context` lines that are not blank above and below, and more until one of them on each side
        is telling; windows that touch or overlap are one."""
        found: list[Window] = []
        for old_start, old_end, new_start, new_end in self.spans:
            above = self._reach(new_start - 1, -1, context)
            below = self._reach(new_end, 1, context)
            start, end = new_start - above, new_end + below
            window = Window(start, end, old_start - above, old_end + below)
            if found and window.start <= found[-1].end + 1:
                window = Window(found[-1].start, max(found[-1].end, end), found[-1].old_start, window.old_end)
                found.pop()
            found.append(window)
        return found

    def _reach(self, at: int, step: int, context: int) -> int:
        """How many unchanged lines to show from `at` on."""
        changed = self._changed_rows
        first, solid, telling = at, 0, False
        while 0 <= at < len(self.new) and at not in changed:
            if self.new[at].strip():
                solid += 1
                telling = telling or self.is_telling(self.new[at])
            if solid >= context and telling and self.new[at].strip():
                return abs(at - first) + 1
            at += step
        return abs(at - first)

    @cached_property
    def _changed_rows(self) -> frozenset[int]:
        """Rows of the new text that are new."""
        return frozenset(row for _, _, start, end in self.spans for row in range(start, end))

    def is_changed(self, start: int, end: int) -> bool:
        """Whether a change touches lines [start, end) of the new text; a removal touches the lines on both sides."""
        return any(low < end and high > start if low < high else start < low < end for _, _, low, high in self.spans)

    def old_row(self, row: int) -> int:
        """The old row of an unchanged new row."""
        shift = 0
        for _, old_end, _, new_end in self.spans:
            if new_end <= row:
                shift = old_end - new_end
        return row + shift

    def around(self, start: int, end: int) -> list[Definition]:
        """The definitions that hold lines [start, end) of the new text inside, the outermost first."""
        return [each for each in self.definitions if each.start <= start and end <= each.end and each.header < start]

    def homes(self) -> list[Definition] | None:
        """The innermost functions that hold all changes, in order; None where a change is outside of any (lines that
        go right above one are), or its function is not one that both versions have once."""
        found: list[Definition] = []
        for _, _, start, end in self.spans:
            inside = [
                each
                for each in self.definitions
                if each.kind == "function" and each.start + (start == end) <= start and max(end, start + 1) <= each.end
            ]
            if not inside:
                return None
            home = inside[0]
            own = leaf(home.name)
            if any(
                sum(leaf(name) == own for name in names) != 1
                for names in (self.old_names.elements(), (each.name for each in self.definitions))
            ):
                return None
            if not found or found[-1] is not home:
                found.append(home)
        return found


def indent(line: str) -> str:
    """The white space that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def leaf(name: str) -> str:
    """The last part of a qualified name."""
    return name.rpartition(".")[2]


def dedented(lines: Sequence[str]) -> list[str]:
    """Lines moved to the left as far as all of them can be."""
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[depth:] for line in lines]
