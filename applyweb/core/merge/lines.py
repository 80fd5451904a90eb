"""A text's lines as the merge compares them: keys, indentation, blocks by indentation, declared names.

Must not know: edits, placements, grammars. Works on any text, broken or half shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz.fuzz import ratio

from applyweb.core.merge.declared import BINDING, FUNCTION, SECTION, declared

TAB = 4
_CLOSER = re.compile(r"[)\]}]|</|(?:end|fi|done|esac|endif|endfor|endblock)\b|-->|\*/")
_CONTINUES = re.compile(r"[{]|(?:else|elif|except|finally|catch|rescue|ensure)\b")
_CUSTOM_PROPERTY = re.compile(r"--[\w-]+\s*:")  # of CSS, no comment of SQL or Lua
_FEW_NAMES = 8  # more names than this are worth one pass over all lines
_LONG = 400  # no more of a line is looked at when lines are compared for likeness


@dataclass(slots=True)
class Lines:
    """Lines without their ends. All lists have one entry a line: `keys` is the line without outer white space (""
    is blank), `indents` its columns. `solid` are the lines that are not blank, `where` the lines of each key.
    Blocks are read when they are first asked for: many a patch is placed without them."""

    texts: list[str]
    keys: list[str]
    indents: list[int]
    solid: list[int]
    where: dict[str, list[int]]
    sections: bool
    _read: tuple[list[int], list[int]] | None = None
    _declaring: dict[str, list[int]] = field(default_factory=dict)
    _all_declared: bool = False

    @property
    def size(self) -> int:
        return len(self.texts)

    @property
    def parents(self) -> list[int]:
        """For each line the one that opens the block around it, -1 for none."""
        return self._blocks()[0]

    @property
    def ends(self) -> list[int]:
        """For each line the one after the block that it opens, itself + 1 where it opens none."""
        return self._blocks()[1]

    def _blocks(self) -> tuple[list[int], list[int]]:
        if self._read is None:
            self._read = _blocks(self.keys, self.indents, self.sections)
        return self._read

    def name(self, row: int) -> tuple[str, str]:
        return declared(self.keys[row], self.sections)

    def declaring(self, leaf: str) -> list[int]:
        """The lines that declare something of which this is the last part of the name."""
        if leaf not in self._declaring and not self._all_declared:
            if len(self._declaring) < _FEW_NAMES:
                rows = (row for row in self.solid if leaf in self.keys[row][:_LONG])
                self._declaring[leaf] = [row for row in rows if self._leaf(row) == leaf]
            else:
                self._declaring = {}
                for row in self.solid:
                    self._declaring.setdefault(self._leaf(row), []).append(row)
                self._all_declared = True
        return self._declaring.get(leaf, [])

    def _leaf(self, row: int) -> str:
        return self.name(row)[1].rsplit(".", 1)[-1].strip()

    def closer_of(self, row: int) -> int:
        """The header of the block that this line closes, -1 where it closes none."""
        parent = self.parents[row]
        return parent if parent >= 0 and self.indents[parent] == self.indents[row] else -1


def lines_of(texts: Sequence[str], language: str = "") -> Lines:
    """Read lines once; linear."""
    keys, indents = read(texts)
    return with_keys(texts, keys, indents, language)


def read(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """The keys and the indentation of lines, each line on its own."""
    keys = [text.strip() for text in texts]
    return keys, [_columns(text) if key else -1 for text, key in zip(texts, keys, strict=True)]


def with_keys(texts: Sequence[str], keys: Sequence[str], indents: Sequence[int], language: str) -> Lines:
    """Lines of which keys and indentation are known."""
    where: dict[str, list[int]] = {}
    solid = []
    for row, key in enumerate(keys):
        if key:
            solid.append(row)
            where.setdefault(key, []).append(row)
    return Lines(list(texts), list(keys), list(indents), solid, where, language in ("toml", "ini"))


def indent_of(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def is_closer(key: str) -> bool:
    """Whether a line only ends what was opened before it (and may open again: `} else {`)."""
    return _CLOSER.match(key) is not None


def weighs_little(key: str) -> bool:
    """Whether a line is found in any text: brackets, a lone keyword."""
    return (
        len(key) < 4
        or not re.search(r"\w{2}", key)
        or key in ("else:", "try:", "pass", "return", "else", "break", "end")
    )


def likeness(first: str, second: str) -> float:
    """How alike two keys are, 0 to 1; bounded work for lines of any length."""
    if first == second:
        return 1.0
    first, second = first[:_LONG], second[:_LONG]
    alike = ratio(first, second, score_cutoff=40) / 100
    if min(len(first), len(second)) >= 8 and (first in second or second in first):
        alike = max(alike, 0.75)
    return alike


def is_comment(key: str) -> bool:
    if key.startswith("--"):
        return _CUSTOM_PROPERTY.match(key) is None
    return key.startswith(("#", "//", "/*", "*", ";")) and not key.startswith(("#include", "#define", "#if", "#end"))


def continues(key: str) -> bool:
    """Whether a line goes on with the block above at its own level (`else:`, `except …:`, `} catch {`, `{`)."""
    return _CONTINUES.match(key.lstrip("} ")) is not None or is_closer(key)


def decorates(key: str) -> bool:
    """Whether a line belongs to the declaration below it: a decorator, an attribute, a comment."""
    return key.startswith(("@", "#", "//", "/*", "*", "--", '"""')) and not key.startswith("#include")


def decorated(lines: Lines, row: int) -> tuple[str, str]:
    """What the line below a comment or decorator declares, as `declared` says; ("", "") for a free comment."""
    below = row
    while below < lines.size and below - row < 40 and lines.keys[below] and decorates(lines.keys[below]):
        below += 1
    return lines.name(below) if below < lines.size and lines.keys[below] else ("", "")


def owner(lines: Lines, row: int) -> int:
    """The header of the innermost function or class that a row belongs to, with what decorates it above; -1 for
    none."""
    while row >= 0:
        below = row
        while below < lines.size and below - row < 40 and lines.keys[below] and decorates(lines.keys[below]):
            below += 1
        if below < lines.size and lines.keys[below] and lines.indents[below] == lines.indents[row]:
            kind, _ = lines.name(below)
            if kind in ("def", "class") or (kind == "value" and _owns(lines, below)):
                return below
        row = lines.parents[row]
    return -1


def _owns(lines: Lines, row: int) -> bool:
    """Whether a binding is a function, or an object at the outermost level."""
    key = lines.keys[row][:_LONG]
    if FUNCTION.search(key):
        return True
    return lines.indents[row] == 0 and lines.ends[row] > row + 1 and BINDING.match(key) is not None


class Owners:
    """Owner lookups of one text, each made once. `declares` tells whether any function or class of that name exists."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.rows: dict[int, int] = {}
        self.names: dict[str, bool] = {}

    def row(self, row: int) -> int:
        found = self.rows.get(row)
        if found is None:
            found = self.rows[row] = owner(self.lines, row)
        return found

    def name(self, row: int) -> str:
        header = self.row(row)
        return self.lines.name(header)[1] if header >= 0 else ""

    def declares(self, name: str) -> bool:
        if name not in self.names:
            if len(self.names) >= _FEW_NAMES:
                self.names = {name: False, **dict.fromkeys(self.all(), True)}
            else:
                rows = (row for row, key in enumerate(self.lines.keys) if name in key)
                self.names[name] = any(self.lines.name(row)[1] == name and self.row(row) == row for row in rows)
        return self.names.setdefault(name, False)

    def all(self) -> list[str]:
        """The names of all functions and classes, in order, each once."""
        named = [(row, self.lines.name(row)[1]) for row in self.lines.solid]
        return list(dict.fromkeys(name for row, name in named if name and self.row(row) == row))


def balance(keys: Sequence[str]) -> int:
    """How many brackets the lines leave open, strings and comments not understood."""
    return sum(
        key.count("(") + key.count("[") + key.count("{") - key.count(")") - key.count("]") - key.count("}")
        for key in keys
    )


def _columns(text: str) -> int:
    indent = indent_of(text)
    if "\t" not in indent:
        return len(indent)
    width = 0
    for char in indent:
        width += TAB - width % TAB if char == "\t" else 1
    return width


def _blocks(keys: list[str], indents: list[int], sections: bool) -> tuple[list[int], list[int]]:
    parents = [-1] * len(keys)
    ends = [row + 1 for row in range(len(keys))]
    open_rows: list[int] = []
    section = -1
    last = -1
    closed: dict[int, bool] = {}
    for row, key in enumerate(keys):
        if not key:
            continue
        depth = indents[row]
        if sections and key[0] == "[" and depth == 0 and SECTION.match(key):
            section, open_rows = row, []
            last = row
            continue
        while open_rows and indents[open_rows[-1]] > depth:
            open_rows.pop()
        if open_rows and indents[open_rows[-1]] == depth:
            header = open_rows[-1]
            joins = ends[header] > header + 1 and _CLOSER.match(key) is not None
            if joins and closed.get(header) and key[0] in "}" and balance(keys[header:row]) <= 0:
                joins = False  # of a block around it whose inside is no deeper, as of a namespace
            if not joins and not (key[0] == "{" and last == header):
                open_rows.pop()
                open_rows.append(row)
            else:
                parents[row] = header
                if joins and not key.endswith(("{", "(", "[", ":")):
                    closed[header] = True
        else:
            open_rows.append(row)
        if parents[row] < 0:
            parents[row] = open_rows[-2] if len(open_rows) > 1 else section
        for header in open_rows:
            if header != row:
                ends[header] = row + 1
        if section >= 0:
            ends[section] = row + 1
        last = row
    return parents, ends
