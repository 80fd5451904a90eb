"""Rows of an evaluation suite -> cases to run.

Must not know: where rows come from, engines, scores. Reads two kinds of rows: a benchmark's own (`original`,
`chat`, `expected`), and cases of other tools' tests (`snippet` for `chat`, `error: true` where an engine must
refuse or be unsure)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Case:
    """One apply with what is wanted of it; `expected` is None where the engine must refuse or be unsure. `style` is a
    kind of answer that rates are told of ("" for none), `notes` what its maker says of it. `output` is what an engine
    made of it elsewhere, None where the suite tells none."""

    id: str
    format: str
    original: str
    chat: str
    expected: str | None
    path: str = ""
    language: str = ""
    output: str | None = None
    style: str = ""
    notes: str = ""


class CaseError(ValueError):
    """A row that is no case; `str(error)` says what it lacks."""


def case_of(row: Mapping[str, object], number: int) -> Case | None:
    """The case of a row; None for a row that is to be left out: several files, or nothing wanted. Errors: CaseError."""
    files = row.get("input_files")
    if isinstance(files, (dict, list)) and len(files) > 1:
        return None
    chat = row.get("chat")
    if not isinstance(chat, str):
        chat = row.get("snippet")
    if not isinstance(chat, str):
        raise CaseError(f"Row {number} has neither a chat nor a snippet.")
    expected = row.get("expected")
    must_refuse = row.get("error") is True
    if not isinstance(expected, str) and not must_refuse:
        return None
    return Case(
        id=_text(row, "id") or str(number),
        format=_text(row, "format"),
        original=_text(row, "original"),
        chat=chat,
        expected=None if must_refuse else str(expected),
        path=_text(row, "path") or _text(row, "filename"),
        language=_text(row, "language"),
        output=_text(row, "output") if isinstance(row.get("output"), str) else None,
        style=_text(row, "style"),
        notes=_text(row, "notes"),
    )


def fingerprint(case: Case) -> str:
    """The same for two cases that ask the same, whatever they are called: 16 hex digits over all that an engine is
    given and that its result is held against."""
    asked = [case.path, case.language, case.original, case.chat, case.expected]
    return sha256(json.dumps(asked).encode()).hexdigest()[:16]


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""
