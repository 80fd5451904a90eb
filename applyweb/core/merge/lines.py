"""A text's lines as the merge compares them: keys, indentation, blocks by indentation, declared names.

Must not know: edits, placements, grammars. Works on any text, broken or half shown.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.fuzz import ratio

from applyweb.core.merge.blocks import CLOSER, blocks
from applyweb.core.merge.columns import read
from applyweb.core.merge.declared import BINDING, FUNCTION, declared
from applyweb.core.merge.strings import depths

_CONTINUES = re.compile(r"[{]|(?:else|elif|except|finally|catch|rescue|ensure)\b")
_CUSTOM_PROPERTY = re.compile(r"--[\w-]+\s*:")  # of CSS, no comment of SQL or Lua
_FAR_CLOSER = 400  # rows of a list of parameters or items
_FEW_NAMES = 8  # more names than this are worth one pass over all lines
_TWO_LETTERS = re.compile(r"\w{2}")
_UNIT_ROWS = 4_000  # lines that tell the step of indentation
SECTIONED = frozenset({"toml", "ini"})
# Languages of nothing but named blocks
RULED = SECTIONED | {"css", "scss", "less", "yaml", "hcl", "protobuf", "graphql", "nginx", "makefile"}
LONG = 400  # no more of a line is looked at when lines are compared for likeness


@dataclass
class Lines:
    """Lines without their ends. All lists have one entry a line: `keys` is the line without outer white space (""
    is blank), `indents` its columns. `solid` are the lines that are not blank, `where` the lines of each key. `ruled`
    tells of a language of nothing but named blocks.
    Blocks are read when they are first asked for: many a patch is placed without them."""

    texts: list[str]
    keys: list[str]
    indents: list[int]
    solid: list[int]
    where: dict[str, list[int]]
    sections: bool
    ruled: bool = False
    _declaring: dict[str, list[int]] = field(default_factory=dict)
    _all_declared: bool = False

    @cached_property
    def size(self) -> int:
        return len(self.texts)

    @cached_property
    def parents(self) -> list[int]:
        """For each line the one that opens the block around it, -1 for none."""
        return self._blocks[0]

    @cached_property
    def ends(self) -> list[int]:
        """For each line the one after the block that it opens, itself + 1 where it opens none."""
        return self._blocks[1]

    @cached_property
    def outer(self) -> list[int]:
        """For each line that is not blank the nearest one above that is less indented, -1 for none."""
        outer = [-1] * self.size
        above: list[int] = []
        for row in self.solid:
            while above and self.indents[above[-1]] >= self.indents[row]:
                above.pop()
            outer[row] = above[-1] if above else -1
            above.append(row)
        return outer

    @cached_property
    def _blocks(self) -> tuple[list[int], list[int]]:
        return blocks(self.keys, depths(self.keys, self.indents, self.holding), self.sections)

    @cached_property
    def unit(self) -> str:
        """The commonest step of indentation: a tab, or so many spaces; "" where nothing is indented."""
        steps: Counter[int] = Counter()  # a tab counts as 0
        texts, indents, parents = self.texts, self.indents, self.parents
        for row in self.solid[:_UNIT_ROWS]:
            parent = parents[row]
            if parent >= 0 and indents[row] > indents[parent]:
                tabbed = "\t" in texts[row] and "\t" in indent_of(texts[row])
                steps[0 if tabbed else indents[row] - indents[parent]] += 1
        return (" " * steps.most_common(1)[0][0] or "\t") if steps else ""

    @cached_property
    def _text(self) -> str:
        return "\n".join(self.keys)

    def find(self, part: str, start: int) -> int | None:
        """The first line from `start` on that holds these characters."""
        at = self._text.find(part, sum(map(len, self.keys[:start])) + start) if start < self.size else -1
        return self._text.count("\n", 0, at) if at >= 0 else None

    def holding(self, part: str) -> list[int]:
        """The lines that hold these characters, of which there must be some."""
        rows: list[int] = []
        row = passed = 0
        at = self._text.find(part)
        while at >= 0:
            row += self._text.count("\n", passed, at)
            rows.append(row)
            passed = at
            end = self._text.find("\n", at)
            at = self._text.find(part, end) if end >= 0 else -1
        return rows

    def shared_with(self, other: Lines) -> int:
        """How many lines that are not blank the other text has too."""
        return sum(map(len, map(self.where.__getitem__, filter(other.where.__contains__, self.where))))

    def shared_once_with(self, other: Lines) -> int:
        """As `shared_with`, each line as often as it is in both texts."""
        common = self.where.keys() & other.where.keys()
        return sum(min(len(self.where[key]), len(other.where[key])) for key in common)

    def name(self, row: int) -> tuple[str, str]:
        return declared(self.keys[row], self.sections)

    def declaring(self, leaf: str) -> list[int]:
        """The lines that declare something of which this is the last part of the name."""
        if leaf not in self._declaring and not self._all_declared:
            if len(self._declaring) < _FEW_NAMES:
                rows = self.holding(leaf) if leaf else self.solid
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


def with_keys(texts: Sequence[str], keys: Sequence[str], indents: Sequence[int], language: str) -> Lines:
    """Lines of which keys and indentation are known."""
    where: defaultdict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        where[key].append(row)
    where.pop("", None)
    solid = [row for row, key in enumerate(keys) if key]
    sections, ruled = language in SECTIONED, language in RULED
    return Lines(list(texts), list(keys), list(indents), solid, dict(where), sections, ruled)


def indent_of(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def is_closer(key: str) -> bool:
    """Whether a line only ends what was opened before it (and may open again: `} else {`)."""
    return CLOSER.match(key) is not None


def weighs_little(key: str) -> bool:
    """Whether a line is found in any text: brackets, a lone keyword."""
    return (
        len(key) < 4
        or not _TWO_LETTERS.search(key)
        or key in ("else:", "try:", "pass", "return", "else", "break", "end")
    )


def likeness(first: str, second: str) -> float:
    """How alike two keys are, 0 to 1; bounded work for lines of any length."""
    if first == second:
        return 1.0
    first, second = first[:LONG], second[:LONG]
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
    below = _decorated_row(lines, row)
    return lines.name(below) if below < lines.size and lines.keys[below] else ("", "")


def _decorated_row(lines: Lines, row: int) -> int:
    """The line below the comments and decorators that begin here, of which a decorator may take several lines."""
    below = row
    while below < lines.size and below - row < 40 and lines.keys[below] and decorates(lines.keys[below]):
        below = lines.ends[below] if lines.keys[below][0] == "@" else below + 1
    return below


def owner(lines: Lines, row: int) -> int:
    """The header of the innermost function or class that a row belongs to, with what decorates it above; -1 for
    none."""
    while row >= 0:
        found = _owner_beside(lines, row)
        if found >= 0:
            return found
        row = lines.parents[row]
    return -1


def _owner_beside(lines: Lines, row: int, ruled: bool = False) -> int:
    """The header that this row is, or decorates; -1 where it is within something else."""
    below = _decorated_row(lines, row)
    if below < lines.size and lines.keys[below] and lines.indents[below] == lines.indents[row]:
        return below if _heads(lines, below, ruled) else -1
    return -1


def _heads(lines: Lines, row: int, ruled: bool) -> bool:
    if ruled:
        return bool(head_of_rule(lines, row))
    kind, _ = lines.name(row)
    return kind in ("def", "class") or (kind == "value" and _owns(lines, row))


def _owns(lines: Lines, row: int) -> bool:
    """Whether a binding is a function, or an object at the outermost level."""
    key = lines.keys[row][:LONG]
    if FUNCTION.search(key):
        return True
    return lines.indents[row] == 0 and lines.ends[row] > row + 1 and BINDING.match(key) is not None


def is_function(lines: Lines, row: int) -> bool:
    """Whether a binding is a function by the look of its first line; an open bracket at its end may hold parameters, or
    the items of a list, which the line that closes it tells."""
    key = lines.keys[row][:LONG]
    if not FUNCTION.search(key):
        return False
    if not key.endswith("(") or "=>" in key or "function" in key:
        return True
    rows = range(row + 1, min(lines.ends[row], row + _FAR_CLOSER))
    closing = next((at for at in rows if lines.indents[at] == lines.indents[row] and lines.keys[at][:1] == ")"), -1)
    return closing < 0 or "=>" in lines.keys[closing] or lines.keys[closing].endswith(("{", ":"))


def head_of_rule(lines: Lines, row: int) -> str:
    """What the block of a row is called where every block has a name: its selector, key, section, words; "" for a row
    that opens none."""
    key = lines.keys[row]
    if lines.ends[row] <= row + 1:
        return ""
    if key.endswith("{"):
        return key.rstrip("{ ")
    return lines.name(row)[1] if key.endswith(":") or lines.name(row)[0] == "section" else ""


class Owners:
    """Owner lookups of one text, each made once. `declares` tells whether any function or class of that name exists.
    `ruled`: every block owns what is in it, and is called by its head."""

    def __init__(self, lines: Lines, ruled: bool = False) -> None:
        self.lines, self.ruled = lines, ruled
        self.rows: dict[int, int] = {-1: -1}
        self._names: dict[int, str] = {-1: ""}
        self.names: dict[str, bool] = {}

    def row(self, row: int) -> int:
        """As `owner`; what is found for a line holds for all lines that were passed on the way to it."""
        found = self.rows.get(row)
        if found is not None:
            return found
        passed: list[int] = []
        while (found := self.rows.get(row)) is None:
            passed.append(row)
            if (found := _owner_beside(self.lines, row, self.ruled)) >= 0:
                break
            row = self.lines.parents[row]
        for each in passed:
            self.rows[each] = found
        return found

    def name(self, row: int) -> str:
        header = self.row(row)
        if header not in self._names:
            self._names[header] = self.title(header)
        return self._names[header]

    def title(self, row: int) -> str:
        return head_of_rule(self.lines, row) if self.ruled else self.lines.name(row)[1]

    def path(self, row: int) -> Iterator[str]:
        """The names of the functions and classes around a row, inner ones first."""
        while (row := self.row(row)) >= 0:
            yield self.name(row)
            row = self.lines.parents[row]

    def is_header(self, row: int) -> bool:
        """Whether this row itself is the header of a function or class."""
        if decorates(self.lines.keys[row]):
            return self.row(row) == row
        return _heads(self.lines, row, self.ruled)

    def declares(self, name: str) -> bool:
        if name not in self.names:
            if len(self.names) >= _FEW_NAMES:
                self.names[name] = name in self._every
            else:
                rows = self.lines.holding(name) if name else self.lines.solid
                self.names[name] = any(self.title(row) == name and self.is_header(row) for row in rows)
        return self.names[name]

    def showing(self, name: str) -> list[int]:
        """The rows that declare exactly this."""
        near = self.lines.holding(name) if self.ruled else self.lines.declaring(name.rpartition(".")[2])
        return [row for row in near if self.title(row) == name]

    @cached_property
    def _every(self) -> frozenset[str]:
        return frozenset(self.all())

    def all(self) -> list[str]:
        """The names of all functions and classes, in order, each once."""
        named = [(row, self.title(row)) for row in self.lines.solid]
        return list(dict.fromkeys(name for row, name in named if name and self.is_header(row)))
