"""Suites of cases from files, for commands. Must not know: engines, scores."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from django.core.management.base import CommandError

from applyweb.core.cases import Case, CaseError, case_of


def read_suite(suite: Path) -> tuple[list[Case], list[str], int]:
    """The cases of a suite, the line of each, and how many rows are left out. A folder is all of its .jsonl files; the
    style of a row that has none is then its file's name. Errors: CommandError."""
    if not suite.is_dir():
        return _read(suite)
    cases: list[Case] = []
    kept: list[str] = []
    left_out = 0
    for file in sorted(suite.glob("*.jsonl")):
        some, lines, without = _read(file)
        cases += [case if case.style else replace(case, style=file.stem) for case in some]
        kept += lines
        left_out += without
    return cases, kept, left_out


def _read(suite: Path) -> tuple[list[Case], list[str], int]:
    try:
        lines = suite.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"Cannot read {suite}: {error}") from error
    cases: list[Case] = []
    kept: list[str] = []
    rows = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        rows += 1
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise CaseError(f"Row {number} is not a JSON object.")
            case = case_of(row, number)
        except (json.JSONDecodeError, CaseError) as error:
            raise CommandError(f"{suite}, line {number}: {error}") from error
        if case is not None:
            cases.append(case)
            kept.append(line)
    return cases, kept, rows - len(cases)
