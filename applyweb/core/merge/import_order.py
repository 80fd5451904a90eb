"""Where among the imports of a file a new one goes: to its kin, in their order where they have one.

Must not know: edits, how statements are joined."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

from applyweb.core.merge.imports import Import
from applyweb.core.merge.lines import Lines, is_comment

SORTS = frozenset({"python", "go", "c", "cpp"})  # languages in which even two imports are put in order
_BLANK_BETWEEN = frozenset({"python", "go"})  # languages in which a blank line parts kin from others
_HEAD = re.compile(
    r"#!|<\?php|package\b|(?:syntax|edition)\s*=|namespace\b[^{]*;|[\"']use \w+[\"']|declare\(|"
    r"#\s*pragma\b|#\s*ifndef\b|#\s*define \w+$|# frozen_string"
)
_DOCSTRING = re.compile(r"[rRbBuU]{0,2}(\"\"\"|''')")
_FEW = 2  # so many imports in order are so on purpose

Order = Callable[[Import], tuple[object, ...]]
_ORDERS: tuple[Order, ...] = (
    lambda each: (each.form == "python_from", each.module),
    lambda each: (each.form == "python_from", each.module.lower()),
    lambda each: (each.module,),
    lambda each: (each.module.lower(),),
)


class Places:
    """Where new imports go among those of a file. What is asked for each of them is worked out once."""

    def __init__(self, olds: Sequence[Import], original: Lines, language: str) -> None:
        self.olds, self.original, self.language = olds, original, language
        self.groups = _groups(olds, original)
        self.ranks = [Counter(rank(old, language) for old in group) for group in self.groups]
        self.apart: dict[int, tuple[int, bool]] = {}
        self.known: dict[int, tuple[list[Import], Order | None, list[tuple[object, ...]]]] = {}

    def place_of(self, new: Import) -> tuple[int, bool]:
        """Before which row the new import goes, and whether a blank line parts it from its neighbours."""
        if not self.olds:
            return top_of(self.original, self.language), True
        kin = rank(new, self.language)
        alike, order, keys = self._alike(kin)
        if alike:
            if order is None:
                return ([old for old in alike if old.form == new.form] or alike)[-1].end, False
            below = bisect_right(keys, order(new))
            return (alike[below].start if below < len(alike) else alike[-1].end), False
        return self._apart(kin)

    def _apart(self, kin: int) -> tuple[int, bool]:
        """Where one of a kind goes that no other is of."""
        if kin not in self.apart:
            lower = [old for old in self.olds if rank(old, self.language) < kin]
            part = self.language in _BLANK_BETWEEN and not any(len(ranks) > 1 for ranks in self.ranks)
            self.apart[kin] = (lower[-1].end if lower else self.olds[0].start), part
        return self.apart[kin]

    def _alike(self, kin: int) -> tuple[list[Import], Order | None, list[tuple[object, ...]]]:
        """The imports of this kind in the group that has most of them, in which order they stand if in any, and their
        keys in it."""
        if kin not in self.known:
            best = max(range(len(self.groups)), key=lambda at: (self.ranks[at][kin], self.groups[at][0].start))
            alike = [old for old in self.groups[best] if rank(old, self.language) == kin]
            self.known[kin] = alike, None, []
            for order in _ORDERS if len(alike) >= _FEW or self.language in SORTS else ():
                keys = [order(old) for old in alike]
                if sorted(keys) == keys:
                    self.known[kin] = alike, order, keys
                    break
        return self.known[kin]


def rank(statement: Import, language: str) -> int:
    """What kind of place it imports from: 0 of the language's own future, 1 its library, 2 others, 3 the project;
    4 single members."""
    module = statement.module
    if module == "__future__":
        return 0
    if re.match(r"(?:import|using)\s+static\b|use\s+(?:function|const)\b", statement.text):
        return 4
    if language == "python":
        if module.startswith("."):
            return 3
        return 1 if module.split(".")[0].split(" ")[0] in sys.stdlib_module_names else 2
    if language == "go":
        return 2 if "." in module.split("/")[0] else 1
    if statement.form == "include":
        return 2 if '"' in statement.text else 1
    if language == "rust":
        return {"std": 1, "core": 1, "alloc": 1, "crate": 3, "super": 3, "self": 3}.get(module.split(":")[0], 2)
    if module.startswith((".", "@/", "~/")):
        return 3
    return 2


def _groups(olds: Sequence[Import], original: Lines) -> list[list[Import]]:
    """Statements with no line between that is blank or something else."""
    groups: list[list[Import]] = []
    for old in olds:
        between = range(groups[-1][-1].end, old.start) if groups else range(0)
        if groups and all(is_comment(original.keys[at]) and original.keys[at] for at in between):
            groups[-1].append(old)
        else:
            groups.append([old])
    return groups


def top_of(original: Lines, language: str) -> int:
    """The first row below what has to stand first: a shebang, a licence, a docstring, a package's name."""
    row = top = 0
    while row < original.size:
        key = original.keys[row]
        quotes = _DOCSTRING.match(key) if language == "python" else None
        if quotes:
            if key.count(quotes[1]) < 2:
                row += 1
                while row < original.size - 1 and quotes[1] not in original.keys[row]:
                    row += 1
            top = row + 1
        elif key and not _HEAD.match(key):
            if not is_comment(key):
                break
            below = row
            while below < original.size and original.keys[below] and is_comment(original.keys[below]):
                below += 1
            if below < original.size and original.keys[below] and not _HEAD.match(original.keys[below]):
                break  # it belongs to the code below
            top = row = below
            continue
        elif key:
            top = row + 1
        row += 1
    return top
