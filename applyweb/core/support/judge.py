"""The judgement on each hunk: which chat lines ask for it.

Must not know: which engine made the merge; it sees only texts. It is careful on both sides: a line that
stands in many places is evidence only where its neighbours stand beside it too, and prose counts only where
it names the code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from applyweb.core.diff import Hunk
from applyweb.core.support.lost import lost_rows
from applyweb.core.support.missing import missing_rows
from applyweb.core.support.prose import Naming, read_prose
from applyweb.core.support.rows import Row, is_telling, key_of, read_rows
from applyweb.core.support.shown import places_of, read_shown
from applyweb.core.text import split_lines

_NEAR = 80.0  # percent of likeness of a chat line that a merge changed a little (an added comma, a filled signature)
_ENDS = ",;"  # what a line ends with, or does not, by its place in a list
_PARTS = 50  # search texts that are looked for inside of lines
_COMPARED = 20_000  # pairs of lines compared in search of such


@dataclass(frozen=True, slots=True)
class Support:
    """`justified`: hunk id -> the 1-based chat lines that ask for it, in order. `unjustified`: ids of hunks
    that nothing in the chat asks for (extra changes), in file order. `missing`: 1-based chat lines of new
    code that does not stand where the chat shows it, and of removals that were not made. `leftover`:
    1-based merged lines where the chat shows none. `invented`: 1-based merged lines of justified hunks that stand
    neither in the chat nor, that often, in the original, nor are like a line of the chat, nor hold what the prose of a
    hunk quotes."""

    justified: dict[str, tuple[int, ...]]
    unjustified: tuple[str, ...]
    missing: tuple[int, ...]
    leftover: tuple[int, ...] = ()
    invented: tuple[int, ...] = ()

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Extra changes, missing lines, leftover lines, invented lines."""
        return len(self.unjustified), len(self.missing), len(self.leftover), len(self.invented)

    @property
    def astray(self) -> str:
        """What was done that nobody asked for, or asked for and not done, as a part of a sentence; "" where all is as
        the chat says."""
        extra, missing, leftover, invented = self.counts
        said = [
            f"{extra} of its changes nobody asked for" if extra else "",
            f"{missing} {'line' if missing == 1 else 'lines'} of the chat did not land" if missing else "",
            f"{leftover} {'line stands' if leftover == 1 else 'lines stand'} where the chat shows none"
            if leftover
            else "",
            f"{invented} {'line is' if invented == 1 else 'lines are'} of neither the chat nor the file"
            if invented
            else "",
        ]
        return "; ".join(part for part in said if part)


def support(original: str, merged: str, hunks: Sequence[Hunk], chat: str, *, path: str = "") -> Support:
    """Judges the hunks of `diff.hunks(original, merged)`. `path` tells pieces of the chat for other files
    apart."""
    rows = read_rows(chat, path)
    naming = Naming(read_prose(chat))
    shown = read_shown(chat, path, merged)
    old, new = split_lines(original), split_lines(merged)
    was = places_of(list(map(key_of, old)))
    before = Counter({key: len(places) for key, places in was.items()})
    after = shown.count
    lost = _LostRows(rows, before.keys() | after.keys())
    removals = _Removals(rows, before)
    justified: dict[str, tuple[int, ...]] = {}
    unjustified: list[str] = []
    known = _Known(rows, before, after)
    invented: list[int] = []
    for hunk in hunks:
        removed, added = old[hunk.old_start : hunk.old_end], new[hunk.new_start : hunk.new_end]
        spoken = naming.lines(removed, added)
        lines = (
            shown.asks_for(hunk.new_start, hunk.new_end) | removals.of(removed)
            or shown.asks_for_nothing_between(hunk.new_start, hunk.new_end)
            or lost.near(added)
            or spoken
        )
        if lines:
            justified[hunk.id] = tuple(sorted(lines))
            for row, line in enumerate(added, hunk.new_start + 1):
                if not known.holds(line) and not (spoken and naming.lines((), [line])):
                    invented.append(row)
        else:
            unjustified.append(hunk.id)
    came = {row for hunk in hunks for row in range(hunk.new_start, hunk.new_end)}
    missing = missing_rows(rows, before, after) | lost_rows(shown, was)
    return Support(justified, tuple(unjustified), tuple(sorted(missing)), shown.leftovers(was, came), tuple(invented))


class _Removals:
    """The lines that the chat shows as removed. A search text may also be a part of a line."""

    def __init__(self, rows: Sequence[Row], original: Collection[str]) -> None:
        self._whole: dict[str, list[int]] = {}
        self._parts: list[Row] = []
        for row in rows:
            if row.op == "removed" and any(map(str.isalnum, row.key)):
                self._whole.setdefault(row.key, []).append(row.line)
                if row.key not in original:
                    self._parts.append(row)

    def of(self, removed: Sequence[str]) -> set[int]:
        """The chat lines that show one of these lines as removed."""
        found: set[int] = set()
        for key in map(key_of, removed):
            found.update(self._whole.get(key, ()))
            found.update(row.line for row in self._parts[:_PARTS] if len(row.key) >= 3 and row.key in key)
        return found


class _LostRows:
    """Chat lines that stand nowhere as they are; an added line much like one of them is what became of it."""

    def __init__(self, rows: Sequence[Row], there: Collection[str]) -> None:
        self._rows = [row for row in rows if row.op in ("shown", "added") and row.key not in there]
        self._left = _COMPARED

    def near(self, added: Sequence[str]) -> set[int]:
        lines: set[int] = set()
        for line in added:
            key = key_of(line)
            if self._left < len(self._rows) or not is_telling(key):
                continue
            self._left -= len(self._rows)
            lines.update(row.line for row in self._rows if ratio(row.key[:300], key[:300]) >= _NEAR)
        return lines


class _Known:
    """The lines that the chat shows and those of the original, these as often as they stood there. A line that is like
    one of the chat that stands nowhere, or holds it, is what became of that one, and known too; so is what is compared
    no more."""

    def __init__(self, rows: Sequence[Row], before: Counter[str], after: Counter[str]) -> None:
        shown = {row.key for row in rows if row.op in ("shown", "added")}
        self._shown = {key.rstrip(_ENDS) for key in shown}
        self._before, self._after = before, after
        self._lost = list(shown - before.keys() - after.keys())
        self._left = _COMPARED

    def holds(self, line: str) -> bool:
        key = key_of(line)
        bare = key.rstrip(_ENDS)
        if bare in self._shown or not is_telling(key) or 0 < _times(self._before, bare) >= _times(self._after, bare):
            return True
        self._left -= len(self._lost)
        if self._left < 0:
            return True
        return any((len(lost) >= 3 and lost in key) or ratio(lost[:300], key[:300]) >= _NEAR for lost in self._lost)


def _times(counts: Counter[str], bare: str) -> int:
    """How often a line stands there, whether or not another member of a list follows."""
    return sum(counts[bare + end] for end in ("", *_ENDS))
