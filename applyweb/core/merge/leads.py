"""The imports that lead a piece of code, and where each goes: imports are a set, whatever follows them.

A statement that the file has stays; one that brings more names from a place joins the file's own statement; one that
binds a name anew takes the old one's place; any other goes to its kin. What the piece does not show stays, unless it
stood between two shown ones and nothing uses it any more.

Must not know: what follows the imports, prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from applyweb.core.merge.import_order import SORTS, Places
from applyweb.core.merge.imports import Import, imports_of, joined, origin, read_import, statement_end
from applyweb.core.merge.lines import Lines, indent_of, is_comment
from applyweb.core.merge.plan import Plan, Splice

_PREFACE = re.compile(r"package\b|namespace\b|<\?php|[\"']use \w+[\"']|declare\(|#\s*pragma once")

_WORD = re.compile(r"[\w$]+")

Used = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Lead:
    """The imports at the head of a piece; `end` is the row after them, `comments` tell for a statement's row the first
    row of the comment above it. `top` is the row of the file after the lines above the imports that the piece shows."""

    statements: tuple[Import, ...]
    end: int
    top: int
    comments: dict[int, int]


def lead_of(lines: Lines, gaps: Sequence[int], original: Lines, language: str) -> Lead | None:
    """None where no imports lead the piece, or a marker stands among or right below them."""
    found: list[Import] = []
    comments: dict[int, int] = {}
    row = end = top = 0
    comment = -1
    while row < lines.size:
        key = lines.keys[row]
        last = statement_end(lines, row) if key and lines.indents[row] == 0 else row
        if any(gaps[row : last + 1]):
            return None
        if last > row:
            if comment >= 0 and lines.keys[comment] in original.where:
                return None  # the comment says where
            found.extend(read_import(lines, row, last, language))
            if comment >= 0:
                comments[row] = comment
            row = end = last
            comment = -1
            continue
        if key and is_comment(key):
            comment = row if comment < 0 else comment
        elif key and (found or key not in original.where or not _PREFACE.match(key)):
            break
        else:
            comment = -1
            top = original.where[key][0] + 1 if key else top
        row += 1
    return Lead(tuple(found), end, top, comments) if found else None


class ImportPlan:
    """Splices for the imports of a piece. `used` tells whether the file's other code used a word before, `uses` whether
    it will."""

    def __init__(self, lead: Lead, lines: Lines, original: Lines, language: str) -> None:
        self.lead, self.lines, self.original, self.language = lead, lines, original, language
        self.olds = _leading(imports_of(original, language), original)
        self.places = Places(self.olds, original, language)
        self.keys = {_uncommented(old.key): old for old in self.olds} | {old.key: old for old in self.olds}
        self.edges = {old.start for old in self.olds}, {old.end for old in self.olds}
        self.rebound: list[str] = []  # names that come from elsewhere now
        self.shown = {new.key for new in lead.statements}
        self.modules = Counter((new.form, new.module) for new in lead.statements)
        self.of_module: dict[tuple[str, str], list[Import]] = {}
        self.binding: dict[str, list[Import]] = {}
        for old in self.olds:
            self.of_module.setdefault((old.form, old.module), []).append(old)
            for name in old.names:
                self.binding.setdefault(name, []).append(old)

    @property
    def end(self) -> int:
        """The row of the file after its imports and what the piece shows above them."""
        return max((old.end for old in self.olds), default=self.lead.top)

    @property
    def stands(self) -> bool:
        """Whether a line of the imports that the piece shows is in the file as it is."""
        return any(line.strip() in self.original.where for new in self.lead.statements for line in new.text.split("\n"))

    @property
    def stands_as_deep(self) -> bool:
        """As `stands`, where the file's line is indented like the piece's."""
        lines = [line for new in self.lead.statements for line in new.text.split("\n")]
        rows = ((line, at) for line in lines for at in self.original.where.get(line.strip(), ()))
        return any(self.original.texts[at].rstrip() == line.rstrip() for line, at in rows)

    @property
    def joins(self) -> bool:
        """Whether the file has one list of names from a place that the piece imports from."""
        of_module = [self.of_module.get((new.form, new.module), []) for new in self.lead.statements]
        return any(len(olds) == 1 and olds[0].listed for olds in of_module)

    @property
    def narrows(self) -> bool:
        """Whether the piece shows an import with fewer names than the file has it with."""
        return any(
            old.listed and old.key not in self.shown and bool(set(old.names) - set(new.names))
            for new in self.lead.statements
            if new.key not in self.keys
            for old in self.of_module.get((new.form, new.module), [])
            if len(self.of_module[new.form, new.module]) == 1
        )

    def words_around(self, plan: Plan) -> tuple[set[str], set[str]]:
        """The words of the file's other code, before and after the splices of `plan`."""
        texts = list(self.original.texts)
        for old in self.olds:
            texts[old.start : old.end] = [""] * (old.end - old.start)
        before = set(_WORD.findall("\n".join(texts)))
        if not plan.splices:
            return before, before
        for splice in plan.splices:
            texts[splice.start : splice.end] = [""] * (splice.end - splice.start)
        new = "\n".join(text for splice in plan.splices for text in splice.texts)
        return before, set(_WORD.findall("\n".join(texts))) | set(_WORD.findall(new))

    def splices(self, used: Used, uses: Used) -> list[Splice]:
        made: list[Splice] = []
        taken: set[int] = set()
        places: dict[int, list[tuple[bool, Import]]] = {}
        for index, new in enumerate(self.lead.statements):
            if new.key in self.keys:
                continue
            old = self._renewed(new, taken)
            if old is None:
                row, part = self._place(index)
                places.setdefault(row, []).append((part, new))
                continue
            taken.add(old.start)
            moved = [name for name in new.names if name in old.names and origin(old, name) != origin(new, name)]
            self.rebound.extend(moved)
            if moved and old.module != new.module and self.language in SORTS and not self._alone(old):
                row, part = self._place(index)
                places.setdefault(row, []).append((part, new))
                made.append(Splice(old.start, old.end, (), new.start))
                continue
            gone = self._gone(old, new, used, uses)
            text = joined(old, new, gone) or new.text
            made.append(Splice(old.start, old.end, self._written(text, old.start), new.start))
        made.extend(
            Splice(old.start, old.end, ())
            for old in self._skipped()
            if old.start not in taken and old.names and all(used(name) and not uses(name) for name in old.names)
        )
        made.extend(self._inserted(row, news) for row, news in places.items())
        return made

    def _gone(self, old: Import, new: Import, used: Used, uses: Used) -> set[str]:
        """The names of a statement that its new version does not show and that are not wanted any more: all of them
        idle now, or bound by another statement that is shown."""
        left = set(old.names) - set(new.names)
        if all(used(name) and not uses(name) for name in left):
            return left
        elsewhere = {name for other in self.lead.statements if other is not new for name in other.names}
        return left & elsewhere

    def _renewed(self, new: Import, taken: set[int]) -> Import | None:
        """The statement of the file that the new one joins or takes the place of."""
        of_one = self.of_module.get((new.form, new.module), [])
        one_each = len(of_one) > 1 or self.modules[new.form, new.module] > 1  # so each name has its own statement
        if len(of_one) > 1:
            sharing = {old.start: old for name in new.names for old in self.binding.get(name, ())}
            of_one = [
                sharing[start]
                for start in sorted(sharing)
                if (sharing[start].form, sharing[start].module) == (new.form, new.module)
            ]
        for old in (old for old in of_one if old.start not in taken and old.key not in self.shown):
            if set(old.names) & set(new.names) or (not one_each and joined(old, new) is not None):
                return old
        for old in (old for name in new.names for old in self.binding.get(name, ())):
            one_package = new.form == "dotted" and old.module.split(".")[0] == new.module.split(".")[0]
            if old.start not in taken and set(old.names) <= set(new.names) and not one_package:
                return old
        return None

    def _skipped(self) -> list[Import]:
        """The statements between two that the piece shows side by side."""
        order = {old.key: index for index, old in enumerate(self.olds)}
        shown = [order.get(new.key, -1) for new in self.lead.statements]
        return [old for left, right in pairwise(shown) if 0 <= left < right for old in self.olds[left + 1 : right]]

    def _place(self, index: int) -> tuple[int, bool]:
        """Before which row of the file a statement goes, and whether blank lines part it from others there."""
        news = self.lead.statements
        above = self.keys.get(news[index - 1].key) if index else None
        below = self.keys.get(news[index + 1].key) if index + 1 < len(news) else None
        if above is not None and below is not None and above.end == below.start:
            return above.end, False
        row, part = self.places.place_of(news[index])
        if part and above is not None and news[index - 1].end == news[index].start:
            return above.end, False  # the piece itself parts them by nothing
        return row, part

    def _alone(self, old: Import) -> bool:
        """Whether no other import stands right beside it."""
        return old.start not in self.edges[1] and old.end not in self.edges[0]

    def _inserted(self, row: int, news: Sequence[tuple[bool, Import]]) -> Splice:
        """New statements before a row, those that a blank line parts from the others last."""
        beside = next((old.start for old in self.olds if row in (old.start, old.end)), -1)
        texts: list[str] = []
        parted = False
        for part, new in sorted(news, key=lambda each: each[0]):
            above = texts[-1] if texts else self.original.keys[row - 1] if row else ""
            if part and not parted and above:
                texts.append("")
            parted = parted or part
            first = self.lead.comments.get(new.start, new.start)
            texts.extend(text for at in range(first, new.start) for text in self._written(self.lines.keys[at], beside))
            texts.extend(self._written(new.text, beside))
        if parted and row < self.original.size and self.original.keys[row]:
            texts.append("")
        return Splice(row, row, tuple(texts), news[0][1].start)

    def _written(self, text: str, at: int) -> tuple[str, ...]:
        """A statement as it is written beside the file's row `at`, -1 for none."""
        indent = indent_of(self.original.texts[at]) if at >= 0 else ""
        alone = self.language == "go" and not indent and not text.startswith("//")
        first, *rest = text.split("\n")
        return (f"{indent}import {first}" if alone else indent + first), *rest


def _uncommented(key: str) -> str:
    """A statement without the remark for a linter behind it."""
    return re.sub(r"\s+(?:#|//)[^'\"]*$", "", key)


def imports_end(original: Lines, language: str) -> int:
    """The row after the imports that lead a file, 0 where there are none."""
    leading = _leading(imports_of(original, language), original)
    end = leading[-1].end if leading else 0
    while end and end < original.size and original.keys[end].startswith(")"):
        end += 1
    return end


def _leading(olds: list[Import], original: Lines) -> list[Import]:
    """The imports above the first function or class; all where none stands there."""
    rows = (at for at in original.solid if original.indents[at] == 0 and original.name(at)[0] in ("def", "class"))
    first = next(rows, original.size)
    return [old for old in olds if old.start < first] or olds
