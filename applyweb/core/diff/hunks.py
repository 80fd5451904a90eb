"""Hunks: the changes a person decides on, with ids that outlive edits elsewhere in the file.

Must not know: decisions, rendering, where the two texts came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from applyweb.core.diff.lines import changed_blocks
from applyweb.core.text import split_lines


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines [old_start, old_end) of the original became lines [new_start, new_end) of the merged text;
    0-based, into `text.split_lines` of each. `id` is made of the removed and added lines alone: 12 hex
    digits, and "-2", "-3", … for the same change occurring again further down."""

    id: str
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def hunks(original: str, merged: str) -> tuple[Hunk, ...]:
    """Every change between the two texts, in order; () where they are equal."""
    old, new = split_lines(original), split_lines(merged)
    ids = HunkIds()
    found = []
    for block in changed_blocks(old, new):
        name = ids.next(old[block.old_start : block.old_end], new[block.new_start : block.new_end])
        found.append(Hunk(name, block.old_start, block.old_end, block.new_start, block.new_end))
    return tuple(found)


class HunkIds:
    """Gives the hunks of one diff their ids, asked for in the file's order."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next(self, removed: Sequence[str], added: Sequence[str]) -> str:
        """The id of the next hunk, by its lines."""
        digest = _digest(removed, added)
        self._seen[digest] += 1
        return digest if self._seen[digest] == 1 else f"{digest}-{self._seen[digest]}"


def _digest(removed: Sequence[str], added: Sequence[str]) -> str:
    """The counts keep removed and added apart, and each line ends itself."""
    content = f"{len(removed)} {len(added)}\n{''.join(removed)}\x00{''.join(added)}"
    return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
