"""The merged text over the new original, written from its top to its end: lines of the new original, and entries in
place of some of them.

Must not know: what an entry is for, where the lines of an entry come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from applyweb.core.rebase.regions import Piece
from applyweb.core.rebase.texts import Manners
from applyweb.core.text import BOM


@dataclass(slots=True)
class Entry:
    """Lines [new_start, new_end) of the new original, and the `added` ones in their place. `pieces` are those that it
    is made of; before each of them `gaps` has as many unchanged lines. `lead` and `trail` are lines of the new original
    that had to be taken in at its edges, since their line ends are others with it. `conflict` is its index among the
    conflicts, -1 for none."""

    new_start: int
    new_end: int
    added: list[str]
    pieces: list[Piece] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    conflict: int = -1
    lead: int = 0
    trail: int = 0


class Writer:
    """Takes lines and entries in order. What was taken stays; only line ends of entries are mended."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._new = manners.new.full
        self._at = 0  # the next line of the new original
        self.entries: list[Entry] = []
        self._last = ""
        self._owner: Entry | None = None  # the entry that the last line is of

    def keep(self, until: int) -> None:
        """The lines of the new original up to `until` as they are."""
        if self._at < until and self._last:
            self._mend_end()
            self._part(self._new[self._at])
        if self._at < until:
            self._last, self._owner, self._at = self._new[until - 1], None, until

    def put(self, entry: Entry) -> None:
        """An entry; the lines before it must be there."""
        self.entries.append(entry)
        self._at = entry.new_end
        if not entry.added:
            return
        if self._last and self._owner is None and self._last[-1] not in "\r\n":
            entry.added.insert(0, self._last + self._manners.new.end)
            entry.new_start, entry.lead = entry.new_start - 1, 1
            self._last = ""  # it is the entry's now
        elif self._last:
            self._mend_end()
        for at, (above, line) in enumerate(pairwise([self._last, *entry.added])):
            if above.endswith("\r") and line.startswith("\n"):
                entry.added[at] = "\r\n"
        self._last, self._owner = entry.added[-1], entry

    def end(self) -> None:
        """The rest of the new original, and the end of the file."""
        self.keep(len(self._new))
        if self._owner is not None:
            self._owner.added[-1] = self._manners.last(self._owner.added[-1])

    def _mend_end(self) -> None:
        """A line that is not the last one needs an end."""
        if self._owner is not None and self._last[-1] not in "\r\n":
            self._last = self._owner.added[-1] = self._last + self._manners.new.end

    def _part(self, line: str) -> None:
        """Keeps the next line of the new original apart from what stands above it now: a CR and the LF of an empty line
        would be read as one line end, and a byte-order mark belongs to the first line alone."""
        marked = self._at == 0 and self._manners.new.bom and not self._manners.old.bom
        text = line.removeprefix(BOM) if marked else line
        glued = self._last.endswith("\r") and text.startswith("\n")
        if glued and self._owner is not None and not marked:
            self._last = self._owner.added[-1] = self._last + "\n"
        elif glued or marked:
            self._take_in("\r\n" if glued else text or self._manners.new.end)

    def _take_in(self, line: str) -> None:
        """The next line of the new original, changed to this, becomes part of the entry above it."""
        above = self.entries[-1]
        above.added.append(line)
        above.new_end, above.trail = above.new_end + 1, above.trail + 1
        self._at += 1
        self._last, self._owner = line, above


def joined(entries: Sequence[Entry], new: Sequence[str]) -> list[Entry]:
    """Entries of pieces of one hunk are one again where nothing or a blank line is between them, as in a diff."""
    found: list[Entry] = []
    for entry in entries:
        before = found[-1] if found else None
        gap = entry.new_start - before.new_end if before else 0
        if (
            before is None
            or before.conflict >= 0
            or entry.conflict >= 0
            or before.pieces[-1].hunk != entry.pieces[0].hunk
            or before.trail
            or entry.lead
            or gap > 1
            or (gap == 1 and new[before.new_end].strip())
        ):
            found.append(entry)
            continue
        before.added = [*before.added, *new[before.new_end : entry.new_start], *entry.added]
        before.gaps += [gap, *entry.gaps[1:]]
        before.pieces += entry.pieces
        before.new_end, before.trail = entry.new_end, entry.trail
    return found
