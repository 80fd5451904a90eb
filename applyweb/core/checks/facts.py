"""What the checks look at, prepared once: lines, changes, the code lines of the chat.

Must not know: any one check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from applyweb.core.diff import Block, changed_blocks
from applyweb.core.support.rows import Row, key_of, read_rows
from applyweb.core.support.shown import Shown, read_shown
from applyweb.core.text import split_lines


@dataclass(frozen=True)
class Facts:
    """`old` and `new` are the lines with their ends, `old_keys` and `new_keys` their keys; `blocks` lead from one to
    the other; `rows` are the chat's code lines and `asked` the keys of those that are to be in the file."""

    original: str
    merged: str
    chat: str
    language: str
    path: str
    old: list[str]
    new: list[str]
    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]
    asked: Counter[str]

    @classmethod
    def of(cls, original: str, merged: str, chat: str, language: str, path: str = "") -> Facts:
        old, new = split_lines(original), split_lines(merged)
        rows = read_rows(chat, path)
        asked = Counter(row.key for row in rows if row.op in ("shown", "added"))
        return cls(original, merged, chat, language, path, old, new, changed_blocks(old, new), rows, asked)

    @cached_property
    def old_keys(self) -> list[str]:
        return list(map(key_of, self.old))

    @cached_property
    def new_keys(self) -> list[str]:
        """A line that stays has the key that it had."""
        keys: list[str] = []
        at = 0
        for block in self.blocks:
            keys += self.old_keys[at : block.old_start]
            keys += map(key_of, self.new[block.new_start : block.new_end])
            at = block.old_end
        return keys + self.old_keys[at:]

    @property
    def shown(self) -> Shown:
        """Where the chat's lines stand in the merged text."""
        return read_shown(self.chat, self.path, self.merged)

    @cached_property
    def markers(self) -> frozenset[str]:
        """The keys of the chat's lines that stand for code not shown."""
        return frozenset(row.key for row in self.rows if row.op == "marker")

    def added(self) -> Iterator[tuple[int, str]]:
        """The lines that the merge brings in, with their 1-based numbers in the merged text."""
        for block in self.blocks:
            for number in range(block.new_start, block.new_end):
                yield number + 1, self.new[number]

    @cached_property
    def brought_in(self) -> tuple[tuple[int, str], ...]:
        """The added lines that the original has nowhere: a moved line is not brought in."""
        before = Counter(self.old_keys)
        seen: Counter[str] = Counter()
        removed = Counter(key for block in self.blocks for key in self.old_keys[block.old_start : block.old_end])
        found = []
        for number, line in self.added():
            key = self.new_keys[number - 1]
            seen[key] += 1
            if not before[key] or seen[key] > removed[key]:
                found.append((number, line))
        return tuple(found)
