"""The report of `manage.py bench steps`, which a run that was cut short goes on with. Must not know: how steps are
measured."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from applyweb.management.report_files import write_json
from applyweb.serving.bench import steps

_NOT_USED = 2


class StepsReport:
    """{machine, what, done, rows} in a file: `done` are the keys of the stages that were measured whole, and each row
    names its own as `key`. Errors: CommandError for a file that is something else or of another GPU or load."""

    def __init__(self, path: Path, what: dict[str, Any], machine: dict[str, Any]) -> None:
        self._path, self._what, self._machine = path, what, machine
        self._rows: list[tuple[str, steps.Row]] = []
        self.done: list[str] = []
        if path.exists():
            self._take_up()

    @property
    def rows(self) -> list[steps.Row]:
        return [row for _, row in self._rows]

    def add(self, key: str, row: steps.Row) -> None:
        self._rows.append((key, row))
        self._write()

    def end(self, key: str) -> None:
        """All rows of the stage are there; where none failed it is done."""
        if not any(row.failure for of, row in self._rows if of == key):
            self.done.append(key)
            self._write()

    def _write(self) -> None:
        rows = [{**asdict(row), "key": key} for key, row in self._rows]
        told = {"machine": self._machine, "what": self._what, "done": self.done, "rows": rows}
        beside = self._path.with_suffix(".part")  # a run that is killed in mid-write loses nothing
        write_json(beside, told)
        beside.replace(self._path)

    def _take_up(self) -> None:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            what, done = told["what"], list(told["done"])
            rows = [(row.pop("key"), row) for row in told["rows"]]
            kept = [(key, steps.Row(**row)) for key, row in rows if key in done]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{self._path} is there and is no report of steps: {error!r}. Name another file."
            raise CommandError(message, returncode=_NOT_USED) from error
        if what != self._what:
            message = f"{self._path} has figures of {what}, and this is {self._what}. Name another file."
            raise CommandError(message, returncode=_NOT_USED)
        self._rows, self.done = kept, done
