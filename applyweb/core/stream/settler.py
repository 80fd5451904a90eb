"""The changes that are already sure while a file is being written.

Must not know: sockets, engines, time, tags. Sans-I/O: text in, values out.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from applyweb.core.diff import HunkIds, changed_blocks
from applyweb.core.text import split_lines


@dataclass(frozen=True, slots=True)
class Settled:
    """A change that what follows will not alter: original lines [old_start, old_end) became lines
    [new_start, new_end) of the file being written; 0-based. `id` is the one that the hunk of these lines has in the
    end. Provisional: the final truth is `diff.hunks`."""

    id: str
    old_start: int
    old_end: int
    new_start: int
    new_end: int


_RUN = 3  # equal lines in a row after which a change is over
_FAR = 40  # a jump over more original lines than this needs a longer run
_FAR_RUN = 6
_TRIED = 4  # places of one line that are considered
_WATCHED = 64  # places followed at once
_LEAD = 16  # equal lines above a change that it may slide into


class Settler:
    """Follows a file that is written from its start against the original, line by line.

    While lines are equal both sides walk on together. At the first odd line it watches where in the rest of
    the original the coming lines could continue, and goes on at the first place that holds for a few lines;
    the lines passed over on both sides are then settled by an ordinary diff. Each line costs a bounded
    number of steps.

    `position`: how many original lines are passed.
    """

    def __init__(self, original: str) -> None:
        self._old = split_lines(original)
        self._places: dict[str, list[int]] = {}
        for number, line in enumerate(self._old):
            self._places.setdefault(line, []).append(number)
        self._new: list[str] = []  # the lines since the last settled place
        self._new_start = 0  # the number of the first of them
        self._partial: list[str] = []  # pieces of the line being written
        self._watched: dict[int, int] = {}  # original line that would come next -> equal lines before it
        self._lost = False
        self._equal = 0  # equal lines since the last change
        self._ids = HunkIds()
        self.position = 0

    def feed(self, text: str) -> list[Settled]:
        """What settles by this text; cut anywhere."""
        held_return = bool(self._partial) and self._partial[-1].endswith("\r")
        if text:
            self._partial.append(text)
        if not held_return and "\n" not in text and "\r" not in text:
            return []  # a very long line arrives in many pieces: it is not searched anew for each
        lines = split_lines("".join(self._partial))
        self._partial = []
        if lines and not lines[-1].endswith("\n"):  # its line end, or the LF of its CRLF, may still come
            self._partial = [lines.pop()]
        settled: list[Settled] = []
        for line in lines:
            settled.extend(self._line(line))
        return settled

    def finish(self) -> list[Settled]:
        """What is still open, once the file is whole."""
        settled: list[Settled] = []
        if self._partial:
            settled.extend(self._line("".join(self._partial)))
            self._partial = []
        settled.extend(self._settle(len(self._old)))
        return settled

    def _line(self, line: str) -> list[Settled]:
        if not self._lost:
            if self.position < len(self._old) and self._old[self.position] == line:
                self.position += 1
                self._new_start += 1
                self._equal += 1
                return []
            self._lost = True
            self._watched = {}
        self._new.append(line)
        self._watched = self._watch(line)
        for after, run in self._watched.items():
            if self._sure(after, run):
                self._lost = False
                return self._settle(after)
        return []

    def _watch(self, line: str) -> dict[int, int]:
        """Places still equal after this line, nearest first, and new ones."""
        watched = {
            after + 1: run + 1
            for after, run in self._watched.items()
            if after < len(self._old) and self._old[after] == line
        }
        places = self._places.get(line, [])
        first = bisect_left(places, self.position)
        for place in places[first : first + _TRIED]:
            if len(watched) < _WATCHED:
                watched.setdefault(place + 1, 1)
        return dict(sorted(watched.items()))

    def _sure(self, after: int, run: int) -> bool:
        """Whether `run` equal lines before original line `after` are enough to go on there. Lines that
        occur often say little, and the more so the further away they are."""
        if run < _RUN:
            return False
        recent = self._old[after - min(run, _FAR_RUN) : after]
        telling = any(len(self._places[line]) <= 2 and line.strip() for line in recent)
        if after - run - self.position > _FAR:
            return run >= (_FAR_RUN if telling else _FAR)
        return telling or run >= _FAR_RUN

    def _settle(self, old_end: int) -> list[Settled]:
        """Settles everything up to original line `old_end`, which the open lines have become.
        A few equal lines above go into the diff too, so that a change can be told where it reads best."""
        lead = min(self._equal, _LEAD)
        above = self._old[self.position - lead : self.position]
        old_start, new_start = self.position - lead, self._new_start - lead
        old, new = self._old[old_start:old_end], above + self._new
        blocks = changed_blocks(old, new)
        settled = [
            Settled(
                self._ids.next(old[block.old_start : block.old_end], new[block.new_start : block.new_end]),
                old_start + block.old_start,
                old_start + block.old_end,
                new_start + block.new_start,
                new_start + block.new_end,
            )
            for block in blocks
        ]
        self._equal = old_end - (settled[-1].old_end if settled else old_start)
        self.position = old_end
        self._new_start += len(self._new)
        self._new = []
        self._watched = {}
        return settled
