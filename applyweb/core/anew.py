"""Lines of a merged file that are written anew: the place that is shown to whoever writes them, what of an answer
stands in that place, and what speaks against it.

Must not know: who writes, prompts, hunks, where proposals are stored. An answer repeats the lines around the place, so
that it can be told what belongs into it and whether anything else was changed. Lines are those of `text.split_lines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Literal

from applyweb.core import checks, syntax
from applyweb.core.diff.lcs import common_pairs
from applyweb.core.text import describe, split_lines

AROUND = 15  # lines on each side

DoubtCode = Literal["outside", "bare", "nothing", "unchanged", "same", "syntax", "check"]


class Astray(ValueError):
    """An answer of which nothing can be taken; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Lines `original` of a file, for which `proposed` were proposed, one of the two perhaps empty, and the lines
    around them as they are in the merged file."""

    above: tuple[str, ...]
    original: tuple[str, ...]
    proposed: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def before(self) -> str:
        """The lines with those around them, as they were."""
        return "".join((*self.above, *self.original, *self.below))

    @property
    def after(self) -> str:
        """The same with what was proposed."""
        return "".join((*self.above, *self.proposed, *self.below))

    def fitted(self, text: str, usual_end: str) -> str:
        """`text` with the file's usual line end, its last line ending as the last one that it takes the place of."""
        lines = [line.rstrip("\r\n") for line in split_lines(text)]
        replaced = (self.proposed or self.original or (usual_end,))[-1]
        return usual_end.join(lines) + (usual_end if lines and replaced[-1] in "\r\n" else "")

    def both(self, first: Literal["original", "proposed"], usual_end: str) -> str:
        """The original lines and the proposed ones, those of `first` above, each with its own line end, the last one
        ending as the last one that they take the place of. Neither may be empty."""
        sides = (self.original, self.proposed)
        *lines, last = chain(*(sides if first == "original" else sides[::-1]))
        above = "".join(line if line[-1] in "\r\n" else line + usual_end for line in lines)
        if self.proposed[-1][-1] not in "\r\n":
            return above + last.rstrip("\r\n")
        return above + (last if last[-1] in "\r\n" else last + usual_end)


@dataclass(frozen=True, slots=True)
class Found:
    """What of an answer stands in the place. `outside`: how many lines around it the answer changed, which are left as
    they were; `bare`: it did not repeat any of them."""

    text: str
    outside: int = 0
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should know before taking such lines."""

    code: DoubtCode
    message: str


def place_of(original: Sequence[str], merged: Sequence[str], removed: range, added: range) -> Place:
    """The place of original lines `removed` that became merged lines `added`."""
    return Place(
        tuple(merged[max(0, added.start - AROUND) : added.start]),
        tuple(original[removed.start : removed.stop]),
        tuple(merged[added.start : added.stop]),
        tuple(merged[added.stop : added.stop + AROUND]),
    )


def find(place: Place, answer: str) -> Found:
    """What of `answer`, which should be all of the place and the lines around it, stands in the place. Errors: Astray
    where it is empty, or where the lines next to the place are not in it, so that nobody can tell."""
    lines = split_lines(answer)
    if not lines:
        raise Astray("The answer is empty.")
    keys, above, below = (_keys(each) for each in (lines, place.above, place.below))
    end = len(keys) - len(below)
    if len(above) <= end and keys[: len(above)] == above and keys[end:] == below:
        return Found("".join(lines[len(above) : end]))
    kept = _kept([*above, *_keys(place.proposed), *below], keys)
    first_below = len(above) + len(place.proposed)
    around = [row for row in (*range(len(above)), *range(first_below, first_below + len(below))) if row in kept]
    if not any(keys[kept[row]] for row in around):
        return Found(answer, bare=bool(above or below))
    if (above and len(above) - 1 not in kept) or (below and first_below not in kept):
        raise Astray("The answer rewrites the lines around the hunk, so it cannot be told what belongs into the hunk.")
    start = kept[len(above) - 1] + 1 if above else 0
    end = kept[first_below] if below else len(keys)
    more = start + len(keys) - end - len(around)  # lines that stand around the place and were not there
    return Found("".join(lines[start:end]), outside=max(more, len(above) + len(below) - len(around)))


def speaks_against(
    found: Found, place: Place, original: str, merged: str, at: int, *, chat: str, language: str, path: str
) -> tuple[Doubt, ...]:
    """What speaks against `found` in its place, which begins at line `at` (0-based) of the merged file. `found` is
    fitted."""
    doubts: list[Doubt] = []
    if found.outside:
        lines = "1 line" if found.outside == 1 else f"{found.outside} lines"
        doubts.append(Doubt("outside", f"The answer also changed {lines} outside of this hunk. That is left out."))
    if found.bare:
        doubts.append(Doubt("bare", "The answer came without the lines around the hunk: see that it fits in."))
    if found.text == "".join(place.proposed):
        return (*doubts, Doubt("same", "It is the same as what was proposed."))
    if found.text == "".join(place.original):
        return (*doubts, Doubt("unchanged", "It leaves the original as it is."))
    if not found.text:
        doubts.append(Doubt("nothing", "It has no lines: to accept it takes the hunk's lines away."))
    lines_of_file = split_lines(merged)
    below = at + len(place.proposed)
    file = "".join([*lines_of_file[:at], found.text, *lines_of_file[below:]])
    return (*doubts, *_broken(merged, file, language), *_failed(original, merged, file, chat, language, path))


class Inside:
    """An answer while it arrives, cut anywhere: the whole lines of it that probably stand in the place. For looking on;
    `find` judges the whole."""

    def __init__(self, place: Place) -> None:
        self._below = _keys(place.below)
        self._line = ""  # its end has not come
        self._left = _keys(place.above)  # the lines above that have not been repeated yet
        self._strange: list[str] = []  # lines that stand among those: changed ones, or those of the place already
        self._held: list[str] = []  # they may be the lines below

    def feed(self, piece: str) -> str:
        """The lines that are now sure."""
        *whole, self._line = [*split_lines(self._line + piece), ""]
        if whole and whole[-1][-1] != "\n":  # a CR too: its LF may come
            self._line = whole.pop()
        return "".join(text for line in whole for text in self._take(line))

    def close(self) -> str:
        """The rest."""
        rest = self._take(self._line) if self._line else []
        rest += self._pass()
        held, self._held = self._held, []
        return "".join([*rest, *([] if _keys(held) == self._below else held)])

    def _take(self, line: str) -> list[str]:
        if not self._left:
            return self._inside(line)
        if (key := _key(line)) in self._left:
            self._left = self._left[self._left.index(key) + 1 :]
            self._strange.clear()
            return []
        self._strange.append(line)
        return self._pass() if len(self._strange) > len(self._left) else []

    def _pass(self) -> list[str]:
        """No line above the place comes any more."""
        strange, self._strange, self._left = self._strange, [], []
        return [sure for line in strange for sure in self._inside(line)]

    def _inside(self, line: str) -> list[str]:
        seen = [*self._held, line]
        keys = _keys(seen)
        sure = next(row for row in range(len(seen) + 1) if keys[row:] == self._below[: len(seen) - row])
        self._held = seen[sure:]
        return seen[:sure]


def _broken(merged: str, file: str, language: str) -> list[Doubt]:
    after, before = syntax.error_count(file, language), syntax.error_count(merged, language)
    if after is None or before is None or after <= before:
        return []
    line = syntax.first_error(file, language)
    where = f", the first at line {line}" if line and after > 1 else f", at line {line}" if line else ""
    errors = "1 syntax error" if after == 1 else f"{after} syntax errors"
    return [Doubt("syntax", f"With it the file has {errors}{where}; with what was proposed it has {before or 'none'}.")]


def _failed(original: str, merged: str, file: str, chat: str, language: str, path: str) -> list[Doubt]:
    """The checks that fail with it and not with what was proposed."""
    with_it, proposed = (
        {each.code: each for each in checks.run(original, text, chat=chat, language=language, path=path)}
        for text in (file, merged)
    )
    return [
        Doubt("check", check.message)
        for code, check in with_it.items()
        if code != "syntax" and check.state == "failed" and proposed[code].state != "failed"
    ]


def usual_end(original: str, merged: str) -> str:
    """The line end of a file's new lines."""
    return describe(original or merged).line_end


def _kept(expected: Sequence[str], keys: Sequence[str]) -> dict[int, int]:
    """Which row of the answer each expected row is, for those that are in it."""
    numbers = dict(zip(dict.fromkeys(chain(expected, keys)), count(), strict=False))
    return dict(common_pairs([numbers[key] for key in expected], [numbers[key] for key in keys]))


def _keys(lines: Sequence[str]) -> list[str]:
    return [_key(line) for line in lines]


def _key(line: str) -> str:
    """Line ends and white space before them are lost by models, and mean nothing."""
    return line.rstrip()
