"""How far a piece of an edit reaches into the original beside it: which lines it is a new version of.

Likeness decides, line by line and in order; what gives way is then made whole: brackets, blocks, comments.
Must not know: what markers mean, splices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from applyweb.core.merge.blocks import balance
from applyweb.core.merge.declared import declared
from applyweb.core.merge.imports import bind_alike
from applyweb.core.merge.indent import Indenter
from applyweb.core.merge.lines import (
    Lines,
    Owners,
    continues,
    decorated,
    is_closer,
    is_comment,
    likeness,
    weighs_little,
)

_ALIKE = 0.6
_HEAD = 120  # characters
_RENAMED = 0.85  # how alike two versions of a line are of which the first two words are others
_QUOTED = re.compile(r"(?<!class=)(?<!Name=)(?<!style=)(?:\"[^\"]*\"|'[^']*')")
_KEYED = re.compile(r"[\"']?([\w$.-]+)[\"']?\s*[:=](?![=:])")
_MODIFIERS = frozenset(
    [
        "public",
        "private",
        "protected",
        "internal",
        "static",
        "final",
        "readonly",
        "const",
        "let",
        "var",
        "val",
        "mut",
        "pub",
        "export",
    ]
)
_TOKEN = re.compile(r"[\w$./#@-]+")
_MINIMUM = 0.05  # what two lines that are just alike enough gain
_LITTLE = 0.1  # what two equal lines gain that are found anywhere
_OTHER_NAME = 0.15  # what lines that declare different names must be more alike
_WINDOW = 60  # how many solid lines around a piece are compared with it


@dataclass(slots=True)
class Reach:
    """`at` maps paired edit rows to original rows. `least` is the likeness of the least alike lines that were taken for
    two versions of one, 1.0 where there were none. `hidden` are original rows that a marker speaks of, with its words
    and whether it is the only such row."""

    edit: Lines
    gaps: Sequence[int]
    original: Lines
    at: Mapping[int, int]
    indenter: Indenter
    owners: Owners
    their_owners: Owners
    least: float = 1.0
    hidden: dict[int, tuple[frozenset[str], bool]] = field(default_factory=dict)
    shared: dict[tuple[int, int], bool] = field(default_factory=dict)  # whether two functions have a line in common
    _kins: dict[int, float] = field(default_factory=dict)

    def forward(self, solid: list[int], low: int, high: int) -> int:
        """The row after the last original line from `low` on that the piece replaces; `low` where it is all new."""
        window = [at for at in range(low, min(high, low + 4 * _WINDOW)) if self.original.keys[at]][: 2 * len(solid) + 8]
        pairs = self._similar(solid[:_WINDOW], window)
        if not pairs:
            return low
        reach = max(self._end_of(row, at) for row, at in pairs)
        wanted = balance([self.edit.keys[row] for row in solid])
        left = balance(self.original.keys[low:reach])
        while reach < high and left > wanted:
            left += balance(self.original.keys[reach : reach + 1])
            reach += 1
        return min(reach, high)

    def _end_of(self, row: int, at: int) -> int:
        """A like header takes its block along where the edit's block is complete."""
        block = range(row + 1, max(row + 2, self.edit.ends[row]))
        if self.original.ends[at] > at + 1 and not any(self.gaps[inner] for inner in block if inner < self.edit.size):
            return self.original.ends[at]
        return at + 1

    def back(self, solid: list[int], low: int, high: int) -> int:
        """The first original row before `high` that the piece replaces; `high` where it is all new."""
        window = [at for at in range(max(low, high - 4 * _WINDOW), high) if self.original.keys[at]][
            -(2 * len(solid) + 8) :
        ]
        pairs = self._similar(solid[-_WINDOW:], window)
        if not pairs:
            return high
        row, start = min(pairs, key=lambda pair: pair[1])
        wanted = balance([self.edit.keys[row] for row in solid])
        left = balance(self.original.keys[start:high])
        while start > low and left < wanted:
            start -= 1
            left += balance(self.original.keys[start : start + 1])
        return self._whole_start(row, start, low)

    def decorated_from(self, low: int, high: int) -> int:
        """The first row of the decorators right above the original row `high`, `high` where it has none."""
        keys, indents = self.original.keys, self.original.indents
        start = at = high
        while at > low and keys[at - 1] and indents[at - 1] >= indents[high]:
            at -= 1
            if indents[at] > indents[high] or is_closer(keys[at]):
                continue
            if keys[at][0] != "@":
                break
            start = at
        return start

    def _whole_start(self, row: int, start: int, low: int) -> int:
        """What gives way to a row of the edit is whole: no half of a block whose header would stay, nor of a
        comment."""
        keys, indents = self.original.keys, self.original.indents
        text = self.indenter.text(row)
        depth = len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())
        while start > low and (
            not keys[start] or indents[start] > depth or (indents[start] == depth and continues(keys[start]))
        ):
            start -= 1
        if is_comment(self.edit.keys[row]):
            while start > low and is_comment(keys[start - 1]) and indents[start - 1] == indents[start]:
                start -= 1
        return start

    def _similar(self, rows: Sequence[int], ats: Sequence[int]) -> list[tuple[int, int]]:
        """The best monotone pairing of like lines."""
        if not rows or not ats:
            return []
        width = len(ats)
        best = [[0.0] * (width + 1) for _ in range(len(rows) + 1)]
        gains: dict[tuple[int, int], float] = {}
        for i, row in enumerate(rows, 1):
            key = self.edit.keys[row]
            little = weighs_little(key) or is_closer(key)
            name = declared(key, self.edit.sections)
            for j, at in enumerate(ats, 1):
                other = self.original.keys[at]
                gain = 0.0
                if little or weighs_little(other):
                    gain = (
                        _LITTLE if key == other and self._same_header(row, at) and self._may_replace(row, at) else 0.0
                    )
                elif self._may_replace(row, at):
                    alike = raw = likeness(key, other)
                    theirs = declared(other, self.original.sections)
                    if name[0] and name == theirs:
                        alike = max(alike, 0.8)
                    elif name[0] and theirs[0]:
                        alike -= _OTHER_NAME
                    if alike >= _ALIKE and (
                        name == theirs != ("", "")
                        or name[0] == theirs[0] == "import"
                        or self._is_version(key, at, raw, ats)
                    ):
                        gain = alike - _ALIKE + _MINIMUM
                gains[i, j] = gain
                best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + gain)
        pairs = []
        i, j = len(rows), width
        while i and j:
            if gains[i, j] and best[i][j] == best[i - 1][j - 1] + gains[i, j]:
                if gains[i, j] != _LITTLE:
                    self.least = min(self.least, gains[i, j] + _ALIKE - _MINIMUM)
                pairs.append((rows[i - 1], ats[j - 1]))
                i, j = i - 1, j - 1
            elif best[i][j] == best[i - 1][j]:
                i -= 1
            else:
                j -= 1
        return pairs

    def _is_version(self, key: str, at: int, alike: float, ats: Sequence[int]) -> bool:
        """Whether a line is one of the original as it is to be, and not one more of its kind: both begin with the
        same two words and quote the same, or they are far more alike than others here."""
        other = self.original.keys[at]
        keyed, known = _KEYED.match(key), _KEYED.match(other)
        if (keyed and known and keyed[1] == known[1]) or (is_comment(key) and is_comment(other)):
            return True
        said, theirs = _QUOTED.search(key), _QUOTED.search(other)
        if said and theirs and said[0] != theirs[0]:
            return False
        ours, old = _head(key), _head(other)
        if ours[:1] == old[:1] and ours[: len(old)] == old[: len(ours)]:
            return True
        return alike >= _RENAMED and alike > self._kin(at, ats)

    def _kin(self, at: int, ats: Sequence[int]) -> float:
        """How alike a line of the original is to those beside it that are indented as it is: one that is no more like
        it than these is one more of them, not its new version."""
        if at not in self._kins:
            keys, indents = self.original.keys, self.original.indents
            others = (keys[other] for other in ats if other != at and indents[other] == indents[at])
            self._kins[at] = max(
                (likeness(keys[at], other) for other in others if not weighs_little(other)), default=0.0
            )
        return self._kins[at]

    def _same_header(self, row: int, at: int) -> bool:
        """Whether two closing lines end blocks that begin alike."""
        ours, theirs = self.edit.closer_of(row), self.original.closer_of(at)
        if ours < 0 or theirs < 0:
            return False
        return self.edit.keys[ours] == self.original.keys[theirs] or (
            self.edit.name(ours)[0] != "" and self.edit.name(ours) == self.original.name(theirs)
        )

    def _may_replace(self, row: int, at: int) -> bool:
        """A line of one function takes the place of a line of another only where the one was renamed, which lines that
        both share show."""
        if is_comment(self.edit.keys[row]):
            first, second = decorated(self.edit, row), decorated(self.original, at)
            if first[0] and second[0] and first != second:
                return False
        if at in self.hidden:
            words, alone = self.hidden[at]
            if alone or not all(word in self.edit.keys[row].lower() for word in words):
                return False
        if _in_import_block(self.edit, row) and _in_import_block(self.original, at):
            return _leaf(self.edit.keys[row]) == _leaf(self.original.keys[at])
        if not bind_alike(self.edit.keys[row], self.original.keys[at]):
            return False
        ours, theirs = self.owners.row(row), self.their_owners.row(at)
        if ours < 0 or theirs < 0 or self._same_owner(ours, theirs):
            return True
        if (ours, theirs) not in self.shared:
            block = range(theirs, self.original.ends[theirs])
            rows = range(ours, self.edit.ends[ours])
            self.shared[ours, theirs] = any(self.at.get(inner, -1) in block for inner in rows)
        return self.shared[ours, theirs]

    def _same_owner(self, ours: int, theirs: int) -> bool:
        """Whether two functions are called the same; of blocks all that is around them, as far as it is shown."""
        if not self.owners.ruled:
            return self.edit.name(ours)[1] == self.original.name(theirs)[1]
        around = zip(self.owners.path(ours), self.their_owners.path(theirs), strict=False)
        return all(one == other for one, other in around)


def _in_import_block(lines: Lines, row: int) -> bool:
    return lines.parents[row] >= 0 and lines.keys[lines.parents[row]] == "import ("


def _leaf(key: str) -> str:
    return key.strip('"').rpartition("/")[2]


def _head(key: str) -> list[str]:
    """The first two words of a line that tell it from its like."""
    return [word for word in _TOKEN.findall(key[:_HEAD]) if word not in _MODIFIERS][:2]
