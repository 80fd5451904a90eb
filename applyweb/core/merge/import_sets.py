"""A file read with its imports as a set: neither their order nor how statements share a module counts.

Must not know: edits, places, scores."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import takewhile

from applyweb.core.merge.imports import Import, imports_of
from applyweb.core.merge.lines import lines_of
from applyweb.core.scoring import normalise


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file imports, as (kind, module, name) for each bound name, and its other lines that are not blank. `first`
    is what it imports from Python's `__future__` above all else, which is an error anywhere below."""

    first: Set[tuple[str, str, str]]
    imports: Set[tuple[str, str, str]]
    others: tuple[str, ...]


def imported(text: str, language: str) -> Imported:
    lines = lines_of(normalise(text), language)
    statements = imports_of(lines, language)
    first = list(takewhile(lambda each: each.module == "__future__", statements))
    rows = {row for each in statements for row in range(each.start, each.end)}
    others = tuple(line for row, line in enumerate(lines.texts) if row not in rows and line)
    return Imported(_entries(first), _entries(statements[len(first) :]), others)


def _entries(statements: Iterable[Import]) -> set[tuple[str, str, str]]:
    return {
        (each.form, each.module, words)
        for each in statements
        for words in (each.names.values() if each.names else (each.key,))
    }
