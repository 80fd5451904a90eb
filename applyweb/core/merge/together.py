"""Two versions of one set of members -> splices that keep what the newer one does not show.

A member of both takes the newer text, or is itself put together where it holds members; a new one goes beside its shown
neighbours, else to the end of its kin. Commas and blank lines follow the custom of the place.

Must not know: where in the file a set is found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.merge.commas import ends_in_comma, with_comma
from applyweb.core.merge.groups import Group, Groups, is_big, usual_step
from applyweb.core.merge.indent import Indenter
from applyweb.core.merge.lines import Lines, indent_of
from applyweb.core.merge.lists import joined_lists
from applyweb.core.merge.members import Member, holds_members, is_label, members_of
from applyweb.core.merge.piece import Piece
from applyweb.core.merge.plan import Splice
from applyweb.core.merge.siblings import are_siblings
from applyweb.core.merge.spots import place_within

_WORD = re.compile(r"\w+")


class Together:
    """Gathers splices of the original; what of the edit cannot be put in without taking something away is noted in
    `left`, as edit rows. `kept` counts the members of the original that the edit does not show, `shown` the others,
    `between` those kept that stand between two shown side by side, `between_inside` such below the outermost level;
    `unchanged` those shown as they are.
    `siblings` are names that stand there twice then. `adds`: lists on one line keep what is not shown, too;
    `overloads`: functions of one name with other types stand side by side."""

    def __init__(self, piece: Piece, groups: Groups, *, adds: bool, overloads: bool) -> None:
        self.edit, self.gaps, self.original, self.language = piece.lines, piece.gaps, piece.original, piece.language
        self.groups, self.adds, self.overloads = groups, adds, overloads
        self.chat = piece.edit
        self.left: list[int] = []
        self.kept = self.shown = self.between = self.between_inside = self.unchanged = 0
        self.siblings: set[str] = set()
        self._changes: list[Splice] = []
        self._inserts: dict[int, Splice] = {}
        self._commas: set[int] = set()  # rows after which a comma is due
        self._indenter = Indenter(piece.lines, piece.original, {})

    def splices(self) -> list[Splice]:
        """All that was gathered; they may overlap where blocks are not what they seem."""
        changes = []
        due = set(self._commas)
        for splice in self._changes:
            last = splice.end - 1
            if last in due and splice.texts:
                due.discard(last)
                splice = Splice(
                    splice.start, splice.end, (*splice.texts[:-1], with_comma(splice.texts[-1], True)), splice.row
                )
            changes.append(splice)
        commas = [Splice(row, row + 1, (with_comma(self.original.texts[row], True),)) for row in sorted(due)]
        return [*changes, *commas, *self._inserts.values()]

    def join(self, row: int, at: int) -> None:
        """The block of edit row `row` into the one of original row `at`, which are both sets of members."""
        self._renew_head(row, at)
        ours = members_of(self.edit, row, self.language, self.gaps)
        group = self.groups.of(at)
        pairs = self._pairs(ours, group)
        self.kept += len(group.members) - len(pairs)
        self.shown += len(pairs)
        between = self._kept_between(ours, group, pairs)
        self.between += between
        self.between_inside += between if self.edit.parents[row] >= 0 else 0
        self._look_at_texts(ours, pairs)
        for index, new in enumerate(ours):
            if index in pairs:
                self._renew(new, pairs[index], group)
        pairs |= self._renew_labelled(ours, group, pairs)
        for first, last in _runs(ours, pairs):
            self._insert(ours[first:last], self._place(ours, first, last, pairs, group), group)

    def insert_at(self, news: Sequence[Member], place: int, at: int) -> None:
        """New members before row `place` of the set at original row `at`, -1 for the whole file; -1 for its end."""
        group = self.groups.of(at)
        self._insert(news, place if place >= 0 else group.end, group)

    def are_sets(self, new: Member, old: Member) -> bool:
        """Whether both hold members, in brackets of one kind."""
        ours, theirs = self.edit.keys[new.head][-1], self.original.keys[old.head][-1]
        alike = ours == theirs or not {ours, theirs} & set("{[(")
        return (
            alike
            and holds_members(self.edit, new.head, self.language)
            and holds_members(self.original, old.head, self.language)
        )

    def lists_fewer(self, new: Member, old: Member) -> bool:
        """Whether both are lists of a text of mappings, and the file's has items that the edit does not begin alike."""
        if self.language != "yaml" or self.adds:
            return False
        ours, theirs = _items(self.edit, new), _items(self.original, old)
        return bool(ours) and any(item not in ours for item in theirs)

    def join_line(self, new: Member, old: Member) -> bool:
        """A list of the edit into one that the file has on one line, or as one; False where they are no lists."""
        if old.end > old.head + 1:
            return False
        text = joined_lists(self.original.texts[old.head], self.edit.keys[new.head : new.end])
        if text is not None:
            self.kept += 1
            self._changes.append(Splice(old.head, old.end, (text,), new.head))
        return text is not None

    def _renew_head(self, row: int, at: int) -> None:
        """A head that says more than the one it has; one that says less only names it."""
        new, old = self.edit.keys[row], self.original.keys[at]
        if new != old and set(_WORD.findall(old)) <= set(_WORD.findall(new)) and new[-1] == old[-1]:
            self._changes.append(Splice(at, at + 1, (indent_of(self.original.texts[at]) + new,), row))

    def _look_at_texts(self, ours: Sequence[Member], pairs: dict[int, Member]) -> None:
        """Comments, docstrings and decorators that the file does not have cannot be put in here."""
        for index, new in enumerate(ours):
            old = pairs.get(index)
            rows = range(new.start, new.end if new.kind == "text" else new.head)
            renewed = old is not None and not holds_members(self.original, old.head, self.language)
            if not renewed and (old is not None or new.kind == "text"):
                self.left.extend(row for row in rows if self.edit.keys[row] not in self.original.where)

    def _kept_between(self, ours: Sequence[Member], group: Group, pairs: dict[int, Member]) -> int:
        count = 0
        for index, old in pairs.items():
            following = pairs.get(index + 1)
            if following and not any(self.gaps[ours[index].end : ours[index + 1].start]):
                count += max(0, group.index[following.start] - group.index[old.start] - 1)
        return count

    def _pairs(self, ours: Sequence[Member], group: Group) -> dict[int, Member]:
        """Members of the edit by their index, each with the one of the original that it is a version of."""
        pairs: dict[int, Member] = {}
        taken: set[int] = set()
        language = self.language if self.overloads else ""
        for index, new in enumerate(ours):
            if new.kind == "text":
                continue
            named = [old for old in group.named.get((new.kind, new.name), ()) if old.start not in taken]
            same = [old for old in named if self.original.keys[old.head] == self.edit.keys[new.head]]
            if new.kind != "def" and len(same or named) > 1:
                ours_said = self.edit.keys[new.head : new.end]
                same = [old for old in named if self.original.keys[old.head : old.end] == ours_said]
            elif not same:
                same = [old for old in named if not are_siblings(self.edit, new, self.original, old, language)]
            if named and not same and new.kind == "def":
                self.siblings.add(new.name)
            if same:
                pairs[index] = same[0]
                taken.add(same[0].start)
        return pairs

    def _renew_labelled(self, ours: Sequence[Member], group: Group, pairs: dict[int, Member]) -> dict[int, Member]:
        """Members that the file has below a label (`public:`) which the edit does not show, renewed; by their index."""
        found: dict[int, Member] = {}
        labels = [each for each in group.members if is_label(self.original, each.head)]
        for label in labels:
            inner = self.groups.of(label.head)
            left = {index: new for index, new in enumerate(ours) if index not in pairs and index not in found}
            below = self._pairs(list(left.values()), inner)
            for index, old in zip(left, map(below.get, range(len(left))), strict=True):
                if old is not None:
                    self._renew(ours[index], old, inner)
                    found[index] = old
        return found

    def _renew(self, new: Member, old: Member, group: Group) -> None:
        edit, original = self.edit, self.original
        ours, theirs = edit.keys[new.head : new.end], original.keys[old.head : old.end]
        if ours == theirs or (group.commas and _bare(ours) == _bare(theirs)):
            self.unchanged += 1
            return
        hidden = any(self.gaps[new.head : new.end])
        if self.lists_fewer(new, old):
            self.left.append(new.head)
            return
        whole = not self.adds and edit.keys[new.head].endswith("[") and not hidden
        sets = self.are_sets(new, old)
        if sets and not whole:
            self.join(new.head, old.head)
        elif hidden:
            self.left.append(new.head)
        elif not (self.adds and self.join_line(new, old)):
            first, start = (new.start, old.start) if new.start < new.head else (new.head, old.head)
            texts = self._texts(range(first, new.end), indent_of(original.texts[old.head]))
            if group.commas:
                texts[-1] = with_comma(texts[-1], ends_in_comma(original, old))
            self._changes.append(Splice(start, old.end, tuple(texts), first))

    def _place(self, ours: Sequence[Member], first: int, last: int, pairs: dict[int, Member], group: Group) -> int:
        """Before which row new members go that stand between shown ones, or beside one, or alone."""
        hidden_above = any(self.gaps[(ours[first - 1].end if first else 0) : ours[first].start])
        if first - 1 in pairs and not hidden_above:
            return pairs[first - 1].end
        if last in pairs and not any(self.gaps[ours[last - 1].end : ours[last].start]):
            return pairs[last].start
        if hidden_above and last == len(ours):
            return group.end
        spoken = place_within(self.chat, group)
        return spoken if spoken is not None else group.custom_place(ours[first])

    def _insert(self, news: Sequence[Member], place: int, group: Group) -> None:
        above, below = group.above(place), group.below(place)
        trailing = above is not None and ends_in_comma(self.original, above)
        depth = self._depth(news[0], place, group)
        tight = above is not None and below is not None and above.end == below.start and not any(map(is_big, news))
        texts: list[str] = []
        for index, new in enumerate(news):
            free = index == 0 and (place == 0 or not self.original.keys[place - 1] or place == group.at + 1)
            beside = news[index - 1] if index else above
            texts.extend([""] * (0 if free or tight else self._blanks(new, beside, news, group)))
            own = self._texts(range(new.start, new.end), depth)
            if group.commas and (above or below):
                own[-1] = with_comma(own[-1], below is not None or index + 1 < len(news) or trailing)
            texts.extend(own)
        if below is not None and below.start == place and not tight:
            texts.extend([""] * self._blanks(news[-1], below, news, group))
        if group.commas and above is not None and below is None and not trailing:
            self._commas.add(above.end - 1)
        other = self._inserts.get(place)  # from deeper inside
        before = other.texts if other else ()
        self._inserts[place] = Splice(place, place, (*before, *texts), other.row if other else news[0].start)

    def _depth(self, new: Member, place: int, group: Group) -> str:
        """The indentation of a member at a place."""
        beside = group.above(place) or group.below(place)
        if beside is not None:
            return indent_of(self.original.texts[beside.head])
        if group.at < 0:
            return ""
        ours = indent_of(self.edit.texts[new.start])
        parent = self.edit.parents[new.start]
        extra = ours[len(indent_of(self.edit.texts[parent])) :] if parent >= 0 else "    "
        return indent_of(self.original.texts[group.at]) + extra

    def _blanks(self, new: Member, beside: Member | None, news: Sequence[Member], group: Group) -> int:
        """How many blank lines stand between two such members here, in the edit where the file does not tell."""
        big = is_big(new) or (beside is not None and is_big(beside))
        step = group.steps(big=big)
        if step is None:
            step = usual_step(self.edit, list(news), big=big)
        if step is not None:
            return step
        if not big or self.language in ("yaml", "json"):
            return 0
        return 2 if self.language == "python" and group.at < 0 else 1

    def _texts(self, rows: Sequence[int], theirs: str) -> list[str]:
        """Edit rows with the first one indented like `theirs`."""
        ours = indent_of(self.edit.texts[rows[0]])
        return [self._indenter.shifted(row, ours, theirs) for row in rows]


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


def _items(lines: Lines, member: Member) -> list[str]:
    """What the items of a list begin with."""
    rows = [row for row in range(member.head + 1, member.end) if lines.keys[row].startswith("- ")]
    depth = min((lines.indents[row] for row in rows), default=0)
    return [lines.keys[row] for row in rows if lines.indents[row] == depth]


def _bare(keys: Sequence[str]) -> list[str]:
    return [*keys[:-1], keys[-1].rstrip(",")]
