"""The file of `manage.py bench draft --record`, which a recording that was cut short goes on with. Must not know: how
answers are asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from django.core.management.base import CommandError

from applyweb.core.cases import Case
from applyweb.management.report_files import add_text
from applyweb.management.suites import read_suite

_NOT_USED = 2


class ReplaysFile:
    """Rows of a suite, each with `output` and, as `recorded`, the engine, the model and a hash of what was asked.
    Errors: CommandError for a file that is something else, of another engine or model, or of other cases that go by the
    same ids."""

    def __init__(self, path: Path, engine: str, model: str, cases: Sequence[Case]) -> None:
        self._path, self._of = path, {"engine": engine, "model": model}
        self._outputs: dict[str, str] = {}  # by what was asked
        if path.exists():
            self._take_up(cases)

    def answered(self, case: Case) -> Case | None:
        """The case with what the model made of it; None where it was not asked yet."""
        output = self._outputs.get(_hash(case))
        return None if output is None else replace(case, output=output)

    def add(self, case: Case, row: str, output: str) -> None:
        """`row` is the case's own in its suite."""
        recorded = self._of | {"asked": _hash(case)}
        whole = {**json.loads(row), "id": case.id, "output": output, "recorded": recorded}
        add_text(self._path, f"{json.dumps(whole, ensure_ascii=False)}\n")
        self._outputs[_hash(case)] = output

    def _take_up(self, cases: Sequence[Case]) -> None:
        asked: dict[str, set[str]] = {}
        for case in cases:
            asked.setdefault(case.id, set()).add(_hash(case))
        kept, rows, _ = read_suite(self._path)
        for case, row in zip(kept, rows, strict=True):
            recorded = json.loads(row).get("recorded")
            if case.output is None or not isinstance(recorded, Mapping) or set(recorded) != {*self._of, "asked"}:
                raise _refusal(f"{self._path} is there and its case {case.id} is no recorded answer.")
            found = {name: recorded[name] for name in self._of}
            if found != self._of:
                raise _refusal(f"{self._path} has answers of {_told(found)}, and this is {_told(self._of)}.")
            if recorded["asked"] not in asked.get(case.id, {recorded["asked"]}):
                raise _refusal(
                    f"{self._path} has a case {case.id} with another original, chat or path than this suite's."
                )
            self._outputs[recorded["asked"]] = case.output


def _hash(case: Case) -> str:
    """Of all that an engine is told."""
    asked = json.dumps([case.original, case.chat, case.path, case.language])
    return hashlib.sha256(asked.encode()).hexdigest()


def _told(of: Mapping[str, object]) -> str:
    return f"{of['model']} by the engine {of['engine']}"


def _refusal(why: str) -> CommandError:
    return CommandError(f"{why} Name another file.", returncode=_NOT_USED)
