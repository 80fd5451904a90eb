"""The members of one block of the file and the customs among them: commas, blank lines, where a new one of a kind goes.

Must not know: edits, splices."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cached_property
from itertools import pairwise

from applyweb.core.merge.commas import commas_part
from applyweb.core.merge.lines import Lines
from applyweb.core.merge.members import Kind, Member, members_of

_REST = re.compile(r"default\b|_\s*(?:=>|->)|\*\)|case _\b|else\s*->")  # the case that takes what no other does


class Group:
    """The block of row `at`, -1 for the whole file. `members` leaves comments and docstrings out. All rows are of
    `lines`."""

    def __init__(self, lines: Lines, at: int, language: str) -> None:
        self.lines, self.at, self.language = lines, at, language
        self.all = members_of(lines, at, language)
        self.members = [member for member in self.all if member.kind != "text"]
        self.index = {member.start: index for index, member in enumerate(self.members)}
        self.commas = commas_part(lines, at, self.members, language)
        self._starts = [member.start for member in self.members]
        self._ends = [member.end for member in self.members]
        self._steps: dict[bool, int | None] = {}

    @cached_property
    def named(self) -> dict[tuple[Kind, str], list[Member]]:
        found: dict[tuple[Kind, str], list[Member]] = {}
        for member in self.members:
            found.setdefault((member.kind, member.name), []).append(member)
        return found

    @property
    def end(self) -> int:
        """The row after the last line inside the block, before the line that closes it."""
        lines, at = self.lines, self.at
        end = lines.size if at < 0 else lines.ends[at]
        while at >= 0 and end > at + 1 and lines.indents[end - 1] <= self.floor:
            end -= 1
        while end > at + 1 and not lines.keys[end - 1]:
            end -= 1
        return end

    @property
    def floor(self) -> int:
        """As deep as the lines that close the block; blank lines are at -1."""
        return -1 if self.at < 0 or self.lines.name(self.at)[0] == "section" else self.lines.indents[self.at]

    def above(self, row: int) -> Member | None:
        """The last member that ends at this row or above it."""
        index = bisect_right(self._ends, row)
        return self.members[index - 1] if index else None

    def below(self, row: int) -> Member | None:
        """The first member that begins at this row or below it."""
        index = bisect_left(self._starts, row)
        return self.members[index] if index < len(self.members) else None

    def holder(self, row: int) -> Member | None:
        """The member that a row is part of."""
        index = bisect_right(self._starts, row)
        return self.members[index - 1] if index and row < self.members[index - 1].end else None

    def steps(self, *, big: bool) -> int | None:
        """How many blank lines mostly stand between its members, of which one is big or none is; None where it has no
        such."""
        if big not in self._steps:
            self._steps[big] = usual_step(self.lines, self.members, big=big)
        return self._steps[big]

    def custom_place(self, new: Member) -> int:
        """Before which row a member goes of which nothing is said: after the last of its kin but before the case that
        takes the rest, values before functions; else the end."""
        kin = [old for old in self.members if old.kind == new.kind]
        if kin and len(kin) == len(self.members) and _REST.match(self.lines.keys[kin[-1].head]):
            return kin[-1].start
        if kin:
            return kin[-1].end
        if new.kind == "value":
            first = next((old for old in self.members if old.kind in ("def", "class")), None)
            if first is not None:
                return first.start
        return self.end


class Groups:
    """The blocks of one text, each read once."""

    def __init__(self, lines: Lines, language: str) -> None:
        self.lines, self.language = lines, language
        self._read: dict[int, Group] = {}

    def of(self, at: int) -> Group:
        if at not in self._read:
            self._read[at] = Group(self.lines, at, self.language)
        return self._read[at]

    def around(self, row: int) -> Group:
        return self.of(self.lines.parents[row])


def is_big(member: Member) -> bool:
    """Whether it takes several lines, as functions and classes do."""
    return member.kind in ("def", "class") and member.end > member.start + 1


def usual_step(lines: Lines, members: list[Member], *, big: bool) -> int | None:
    steps = Counter(
        sum(not lines.keys[at] for at in range(first.end, second.start))
        for first, second in pairwise(members)
        if (is_big(first) or is_big(second)) == big and (big or lines.name(first.head)[0] == lines.name(second.head)[0])
    )
    return max(steps, key=lambda step: (steps[step], step if big else -step)) if steps else None
