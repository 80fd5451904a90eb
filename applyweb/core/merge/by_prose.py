"""What the prose of an answer plainly asks for and no code of it shows, done to the text: a definition or an import
that goes, a name that is another one everywhere, one line that reads otherwise or comes beside another.

Only what can be meant in one way is done: what the sentence names stands there once, or is a name that changes
everywhere. Must not know: how sentences are read, how code is placed.
"""

from __future__ import annotations

import re

from applyweb.core.merge import prose, words
from applyweb.core.merge.alterations import Alteration
from applyweb.core.merge.document import Document
from applyweb.core.merge.imports import Import, imports_of, joined
from applyweb.core.merge.lines import Lines, decorates, indent_of
from applyweb.core.merge.plan import Severity, Splice
from applyweb.core.merge.requests import Removal, leaf

_SHORTEST = 3  # characters of a name that is looked for
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_IMPORT = re.compile(r"(?:import|from|use|using|require|#include)\b|(?:const|let|var)\b.*\brequire\b")

Done = tuple[str, str, Severity]


class ByProse:
    """Changes `document` at once. `code` is all code of the answer."""

    def __init__(self, document: Document, code: str, language: str) -> None:
        self.document, self.code, self.language = document, code, language
        self.shown = {line.strip() for line in code.split("\n")}

    def carry_out(self, order: Removal | Alteration) -> Done | None:
        """What was done, as the code, the message and the severity of a note; None where nothing was."""
        if not order.plain:
            return None
        if isinstance(order, Alteration):
            splices = self._alteration(order)
            if not splices or not self.document.apply(splices):
                return None
            return "changed_by_prose", f"Only a sentence says so; no code shows it: {_told(order)}", "warning"
        splice, severity = self._removal(order)
        if splice is None:
            return None
        self.document.apply([splice])
        return "removed_by_prose", f"Only a sentence says that {order.name[:60]} goes; no code shows it.", severity

    def _removal(self, order: Removal) -> tuple[Splice | None, Severity]:
        """The import of that name, or the one definition of it where nothing else of the file speaks of it."""
        name, lines = leaf(order.name), self.document.lines
        if order.imported and (splice := self._import(order.name)) is not None:
            rest = "\n".join(lines.texts[: splice.start] + lines.texts[splice.end :])
            return splice, "warning" if words.count(name, rest) else "info"
        if len(name) < _SHORTEST or words.count(name, self.code):
            return None, "info"
        rows = [row for row in lines.solid if name in lines.keys[row] and words.count(name, lines.keys[row][:400])]
        imports = [row for row in rows if lines.name(row)[0] == "import"]
        if len(rows) == len(imports) == 1 and lines.ends[rows[0]] == rows[0] + 1 and "," not in lines.keys[rows[0]]:
            return Splice(rows[0], rows[0] + 1, ()), "info"
        splice = _definition(lines, f"{order.owner}.{order.name}" if order.owner else order.name, rows)
        return splice, "warning"

    def _import(self, said: str) -> Splice | None:
        """The one import of a name, which nothing shown imports, without that name."""
        olds = imports_binding(self.document, said, self.language)
        if len(olds) != 1:
            return None
        old, name = olds[0], _bound(olds[0], said)
        if any(_IMPORT.match(line) and words.count(name, line) for line in self.code.split("\n")):
            return None
        if set(old.names) == {name}:
            return Splice(old.start, old.end, ())
        text = joined(old, old, {name})
        return None if text is None else Splice(old.start, old.end, tuple(text.split("\n")))

    def _alteration(self, order: Alteration) -> list[Splice]:
        lines = self.document.lines
        if order.kind == "name":
            return self._renamed(order) if order.everywhere else []
        if order.kind == "value" or order.new in self.shown:
            return []
        rows = lines.where.get(order.old, ())
        if order.kind == "code":
            return _rewritten(lines, rows, order)
        if len(rows) != 1 or lines.ends[rows[0]] > rows[0] + 1:
            return []
        at = rows[0] + (order.kind == "after")
        beside = lines.keys[at] if order.kind == "after" and at < lines.size else lines.keys[at - 1] if at else ""
        if beside == order.new:
            return []
        return [Splice(at, at, (indent_of(lines.texts[rows[0]]) + order.new,))]

    def _renamed(self, order: Alteration) -> list[Splice]:
        """Every place of a name; none where what the answer shows has the old one still."""
        old, new, lines = order.old, order.new, self.document.lines
        if not (_WORD.fullmatch(old) and _WORD.fullmatch(new)) or words.count(old, self.code):
            return []
        word = re.compile(rf"(?<![\w$]){re.escape(old)}(?![\w$])")
        rows = [row for row in lines.solid if old in lines.texts[row]]
        return [Splice(row, row + 1, (word.sub(new, lines.texts[row]),)) for row in rows]


def imports_binding(document: Document, said: str, language: str) -> list[Import]:
    """The imports of the original that are there still and bind a name, or are what is said word for word."""
    lines = document.lines
    return [
        each
        for each in imports_of(lines, language)
        if document.origins[each.start] >= 0 and (_bound(each, said) in each.names or each.key == said.rstrip(";"))
    ]


def _bound(statement: Import, said: str) -> str:
    """The name that a statement binds by what is said: the name itself, its path, or the statement's words."""
    if said in statement.names:
        return said
    last = leaf(said.rstrip(";").split(" ")[-1])
    return last if last in statement.names else leaf(said)


def _definition(lines: Lines, name: str, rows: list[int]) -> Splice | None:
    """The one definition of a name, with its decorators and the blank lines above, where no other of the rows that hold
    the name speaks of it."""
    found = list(prose.ranges(name, lines))
    if len(found) != 1 or lines.name(found[0][0])[0] not in ("def", "class", "value"):
        return None
    start, end = found[0]
    if any((row < start or row >= end) and lines.name(row) != lines.name(start) for row in rows):
        return None
    while start and lines.keys[start - 1] and decorates(lines.keys[start - 1]):
        start -= 1
    while start and not lines.keys[start - 1]:
        start -= 1
    return Splice(start, end, ())


def _rewritten(lines: Lines, rows: tuple[int, ...] | list[int], order: Alteration) -> list[Splice]:
    """The one line that reads so, or the one that holds it, with the new text."""
    if len(rows) == 1:
        return [Splice(rows[0], rows[0] + 1, (indent_of(lines.texts[rows[0]]) + order.new,))]
    holding = [row for row in lines.holding(order.old) if words.count(order.old, lines.texts[row])]
    if rows or len(holding) != 1 or words.count(order.old, lines.texts[holding[0]]) != 1:
        return []
    return [Splice(holding[0], holding[0] + 1, (lines.texts[holding[0]].replace(order.old, order.new),))]


def _told(order: Alteration) -> str:
    return (
        f"{order.old[:60]} becomes {order.new[:60]}." if order.kind in ("name", "code") else f"{order.new[:60]} comes."
    )
