"""Two versions of one set of members -> splices that keep what the newer one does not show.

A member of both takes the newer text, or is itself put together where it holds members; a new one goes beside its shown
neighbours, else to the end of its kin. Commas and blank lines follow the custom of the place.

Must not know: prose, where in the file a set is found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from applyweb.core.merge.commas import commas_part, ends_in_comma, with_comma
from applyweb.core.merge.indent import Indenter
from applyweb.core.merge.lines import Lines, indent_of
from applyweb.core.merge.lists import joined_lists
from applyweb.core.merge.members import Member, holds_members, members_of
from applyweb.core.merge.piece import Piece
from applyweb.core.merge.plan import Splice
from applyweb.core.merge.siblings import are_siblings

_WORD = re.compile(r"\w+")
_REST = re.compile(r"default\b|_\s*(?:=>|->)|\*\)|case _\b|else\s*->")


class Together:
    """Gathers `splices` of `original`; what of the edit cannot be put in without taking something away is noted in
    `left`, as edit rows. `kept` counts the members of the original that the edit does not show, `between` those of them
    that stand between two shown side by side, `between_inside` such below the outermost level. `siblings` are names
    that stand there twice then. `adds`: lists on one line keep what is not shown, too; `overloads`: functions of one
    name with other types stand side by side."""

    def __init__(self, piece: Piece, *, adds: bool, overloads: bool) -> None:
        self.edit, self.gaps, self.original, self.language = piece.lines, piece.gaps, piece.original, piece.language
        self.adds, self.overloads = adds, overloads
        self.splices: list[Splice] = []
        self.left: list[int] = []
        self.kept = self.between = self.between_inside = 0
        self.siblings: set[str] = set()
        self._indenter = Indenter(piece.lines, piece.original, {})

    def join(self, row: int, at: int) -> None:
        """The block of edit row `row` into the one of original row `at`, which are both sets of members."""
        self._renew_head(row, at)
        ours = members_of(self.edit, row, self.language, self.gaps)
        theirs = members_of(self.original, at, self.language)
        pairs = self._pairs(ours, theirs)
        self.kept += sum(old.kind != "text" for old in theirs) - len(pairs)
        between = self._kept_between(ours, theirs, pairs)
        self.between += between
        self.between_inside += between if self.edit.parents[row] >= 0 else 0
        self._look_at_texts(ours, pairs)
        commas = commas_part(self.original, at, theirs, self.language)
        for index, new in enumerate(ours):
            if index in pairs:
                self._renew(new, pairs[index], commas)
        for first, last in _runs(ours, pairs):
            self._insert(ours[first:last], self._place(ours, first, last, pairs, theirs), at, theirs, commas)

    @property
    def _typed(self) -> str:
        return self.language if self.overloads else ""

    def insert_at(self, news: Sequence[Member], place: int, at: int) -> None:
        """New members before row `place` of the set at original row `at`, -1 for the whole file."""
        theirs = members_of(self.original, at, self.language)
        self._insert(news, place, at, theirs, commas_part(self.original, at, theirs, self.language))

    def join_line(self, new: Member, old: Member) -> bool:
        """A list of the edit into one that the file has on one line, or as one; False where they are no lists."""
        if old.end > old.head + 1:
            return False
        text = joined_lists(self.original.texts[old.head], self.edit.keys[new.head : new.end])
        if text is not None:
            self.kept += 1
            self.splices.append(Splice(old.head, old.end, (text,), new.head))
        return text is not None

    def _renew_head(self, row: int, at: int) -> None:
        """A head that says more than the one it has; one that says less only names it."""
        new, old = self.edit.keys[row], self.original.keys[at]
        if new != old and set(_WORD.findall(old)) <= set(_WORD.findall(new)) and new[-1] == old[-1]:
            self.splices.append(Splice(at, at + 1, (indent_of(self.original.texts[at]) + new,), row))

    def _look_at_texts(self, ours: Sequence[Member], pairs: dict[int, Member]) -> None:
        """Comments, docstrings and decorators that the file does not have cannot be put in here."""
        for index, new in enumerate(ours):
            old = pairs.get(index)
            rows = range(new.start, new.end if new.kind == "text" else new.head)
            renewed = old is not None and not holds_members(self.original, old.head, self.language)
            if not renewed and (old is not None or new.kind == "text"):
                self.left.extend(row for row in rows if self.edit.keys[row] not in self.original.where)

    def _kept_between(self, ours: Sequence[Member], theirs: Sequence[Member], pairs: dict[int, Member]) -> int:
        count = 0
        for index in pairs:
            if index + 1 in pairs and not any(self.gaps[ours[index].end : ours[index + 1].start]):
                low, high = pairs[index].end, pairs[index + 1].start
                count += sum(low <= old.start < high for old in theirs)
        return count

    def _pairs(self, ours: Sequence[Member], theirs: Sequence[Member]) -> dict[int, Member]:
        """Members of the edit by their index, each with the one of the original that it is a version of."""
        pairs: dict[int, Member] = {}
        free = [old for old in theirs if old.kind != "text"]
        for index, new in enumerate(ours):
            if new.kind == "text":
                continue
            named = [old for old in free if (old.kind, old.name) == (new.kind, new.name)]
            same = [old for old in named if self.original.keys[old.head] == self.edit.keys[new.head]]
            if new.kind != "def" and len(same or named) > 1:
                same = [old for old in named if self._says_the_same(new, old)]
            elif not same:
                same = [old for old in named if not are_siblings(self.edit, new, self.original, old, self._typed)]
            if named and not same and new.kind == "def":
                self.siblings.add(new.name)
            if same:
                pairs[index] = same[0]
                free.remove(same[0])
        return pairs

    def _says_the_same(self, new: Member, old: Member) -> bool:
        return self.edit.keys[new.head : new.end] == self.original.keys[old.head : old.end]

    def _renew(self, new: Member, old: Member, commas: bool) -> None:
        edit, original = self.edit, self.original
        ours, theirs = edit.keys[new.head : new.end], original.keys[old.head : old.end]
        if ours == theirs or (commas and _bare(ours) == _bare(theirs)):
            return
        whole = not self.adds and edit.keys[new.head].endswith("[") and not any(self.gaps[new.head : new.end])
        sets = holds_members(edit, new.head, self.language) and holds_members(original, old.head, self.language)
        if sets and not whole:
            self.join(new.head, old.head)
            return
        if any(self.gaps[new.head : new.end]):
            self.left.append(new.head)
            return
        if self.adds and self.join_line(new, old):
            return
        rows = list(range(new.start if original.keys[old.start : old.head] else new.head, new.end))
        start = old.start if new.start < new.head else old.head
        texts = self._texts(rows if start == old.start else rows[rows.index(new.head) :], old.head)
        if commas:
            texts[-1] = with_comma(texts[-1], original.keys[old.end - 1].endswith(","))
        self.splices.append(Splice(start, old.end, tuple(texts), new.head))

    def _place(
        self, ours: Sequence[Member], first: int, last: int, pairs: dict[int, Member], theirs: Sequence[Member]
    ) -> int:
        """Before which row new members go that stand between shown ones, or beside one, or alone."""
        hidden_above = any(self.gaps[(ours[first - 1].end if first else 0) : ours[first].start])
        if first - 1 in pairs and not hidden_above:
            return pairs[first - 1].end
        if last in pairs and not any(self.gaps[ours[last - 1].end : ours[last].start]):
            return pairs[last].start
        if hidden_above and last == len(ours):
            return -1
        return custom_place(ours[first], theirs, self.original)

    def _insert(self, news: Sequence[Member], place: int, at: int, theirs: Sequence[Member], commas: bool) -> None:
        if place < 0:
            place = self._end_of_block(at)
        beside = next((old for old in theirs if place in (old.end, old.start)), theirs[-1] if theirs else None)
        above = [old for old in theirs if old.end <= place and old.kind != "text"]
        below = [old for old in theirs if old.start >= place and old.kind != "text"]
        trailing = bool(above) and ends_in_comma(self.original, above[-1])
        texts: list[str] = []
        for index, new in enumerate(news):
            free = index == 0 and (place == 0 or not self.original.keys[place - 1] or place == at + 1)
            texts.extend([""] * (0 if free else self._blanks(new, theirs, at, news)))
            own = self._texts(range(new.start, new.end), beside.head if beside else -1 - at)
            if commas:
                ending = bool(below) or index + 1 < len(news) or trailing
                own[-1] = with_comma(own[-1], ending if above or below else own[-1].rstrip().endswith(","))
            texts.extend(own)
        if below and below[0].start == place:
            texts.extend([""] * self._blanks(news[-1], theirs, at, news))
        if commas and above and not below and not trailing:
            self._mend(above[-1].end - 1)
        self._add(Splice(place, place, tuple(texts), news[0].start))

    def _add(self, splice: Splice) -> None:
        """What goes to one place from several depths, the deepest first."""
        for index, other in enumerate(self.splices):
            if other.start == other.end == splice.start:
                self.splices[index] = Splice(other.start, other.end, other.texts + splice.texts, other.row)
                return
        self.splices.append(splice)

    def _mend(self, row: int) -> None:
        """A comma after a member that is no longer the last one."""
        for index, splice in enumerate(self.splices):
            if splice.start <= row < splice.end and splice.texts:
                texts = (*splice.texts[:-1], with_comma(splice.texts[-1], True))
                self.splices[index] = Splice(splice.start, splice.end, texts, splice.row)
                return
        self.splices.append(Splice(row, row + 1, (with_comma(self.original.texts[row], True),)))

    def _end_of_block(self, at: int) -> int:
        """The row after the last line inside a block, before the line that closes it."""
        if at < 0:
            end = self.original.size
        else:
            end = self.original.ends[at]
            while end > at + 1 and self.original.indents[end - 1] <= self.original.indents[at]:
                end -= 1
        while end > at + 1 and not self.original.keys[end - 1]:
            end -= 1
        return end

    def _blanks(self, new: Member, theirs: Sequence[Member], at: int, news: Sequence[Member]) -> int:
        """How many blank lines stand between members of this kind here, in the edit where the file does not tell."""
        big = _is_big(new)
        for kin in ([each for each in theirs if each.kind != "text"], list(news)):
            lines = self.original if kin and kin[0] in theirs else self.edit
            steps = Counter(
                _blanks_between(lines, first, second)
                for first, second in pairwise(kin)
                if (_is_big(first) or _is_big(second)) == big
                and (big or lines.name(first.head)[0] == lines.name(second.head)[0])
            )
            if steps:
                return max(steps, key=lambda step: (steps[step], step if big else -step))
        if not big or self.language in ("yaml", "json"):
            return 0
        return 2 if self.language == "python" and at < 0 else 1

    def _texts(self, rows: Sequence[int], beside: int) -> list[str]:
        """Edit rows as deep as the original row `beside`; -1 - row for one inside the block of that row."""
        first = self.edit.texts[rows[0]]
        ours = indent_of(first)
        if beside >= 0:
            theirs = indent_of(self.original.texts[beside])
        elif (outer := -1 - beside) >= 0:
            parent = self.edit.parents[rows[0]]
            extra = ours[len(indent_of(self.edit.texts[parent])) :] if parent >= 0 else "    "
            theirs = indent_of(self.original.texts[outer]) + extra
        else:
            theirs = ""
        return [self._indenter.shifted(row, ours, theirs) for row in rows]


def custom_place(new: Member, theirs: Sequence[Member], original: Lines) -> int:
    """Before which row a member goes of which nothing is said: after the last of its kin but before the case that takes
    the rest, values before functions; -1 for the end of the block."""
    kin = [old for old in theirs if old.kind == new.kind]
    if kin and len(kin) == len(theirs) and _REST.match(original.keys[kin[-1].head]):
        return kin[-1].start
    if kin:
        return kin[-1].end
    if new.kind == "value":
        first = next((old for old in theirs if old.kind in ("def", "class")), None)
        if first is not None:
            return first.start
    return -1


def _runs(ours: Sequence[Member], pairs: dict[int, Member]) -> list[tuple[int, int]]:
    """Stretches of members without a partner."""
    runs: list[tuple[int, int]] = []
    for index, new in enumerate(ours):
        if index in pairs or new.kind == "text":
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _is_big(member: Member) -> bool:
    return member.kind in ("def", "class") and member.end > member.start + 1


def _blanks_between(lines: Lines, first: Member, second: Member) -> int:
    return sum(not lines.keys[at] for at in range(first.end, second.start))


def _bare(keys: Sequence[str]) -> list[str]:
    return [*keys[:-1], keys[-1].rstrip(",")]
