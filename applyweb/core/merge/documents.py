"""The documents of a YAML file of several, as Kubernetes manifests are: each is called by its kind and its name, and
code that is one of them is for that one alone.

Must not know: alignments, splices.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from applyweb.core.merge.lines import Lines

_MARK = "---"


@dataclass(frozen=True, slots=True)
class Target:
    """Rows [first, last) of a piece are for rows [start, end) of the file; for none of them, at the file's end, where
    they are a document that it does not have."""

    first: int
    last: int
    start: int
    end: int


def targets_of(piece: Lines, original: Lines) -> list[Target]:
    """Which documents a piece of code is, or is parts of; none where the file has only one, or nothing tells."""
    if _MARK not in original.where:
        return []
    documents = _documents(original)
    called = {document: _identity(original, *document) for document in documents}
    found: list[Target] = []
    for first, last in _documents(piece):
        kind, name = _identity(piece, first, last)
        if not any(piece.keys[first:last]):
            continue
        same = [each for each, (its_kind, its_name) in called.items() if its_kind == kind and name in ("", its_name)]
        if kind and len(same) == 1:
            found.append(Target(first, last, *same[0]))
        elif kind and name and not same:
            found.append(Target(first, last, original.size, original.size))
        else:
            return []
    return found


def _documents(lines: Lines) -> list[tuple[int, int]]:
    marks = [-1, *lines.where.get(_MARK, ()), lines.size]
    return [(first + 1, last) for first, last in pairwise(marks)]


def _identity(lines: Lines, start: int, end: int) -> tuple[str, str]:
    """(kind, name) of a document, "" for what it does not say."""
    kind = name = ""
    inside = False
    for row in range(start, end):
        key = lines.keys[row]
        if key and lines.indents[row] == 0:
            inside = key == "metadata:"
            if key.startswith("kind:"):
                kind = key[5:].strip()
        elif inside and key.startswith("name:") and not name:
            name = key[5:].strip()
    return kind, name
