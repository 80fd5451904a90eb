"""The report of `manage.py bench steps`, which a run that was cut short goes on with. Must not know: how steps are
measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from applyweb.management.report_files import write_json
from applyweb.serving.bench import steps

_NOT_USED = 2


class StepsReport:
    """{machine, what, stages, done, rows} in a file: `done` are the keys of the stages that were measured whole, each
    row names its own as `key`, and `stages` has the facts of each. Errors: CommandError for a file that is something
    else, of another machine, load or SGLang, or that has one of these stages with other facts."""

    def __init__(
        self, path: Path, what: dict[str, Any], machine: dict[str, Any], stages: Mapping[str, dict[str, Any]]
    ) -> None:
        self._path, self._what, self._machine, self._facts = path, what, machine, dict(stages)
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
        facts = {key: self._facts[key] for key, _ in self._rows}
        told = {"machine": self._machine, "what": self._what, "stages": facts, "done": self.done, "rows": rows}
        beside = self._path.with_suffix(".part")  # a run that is killed in mid-write loses nothing
        write_json(beside, told)
        beside.replace(self._path)

    def _take_up(self) -> None:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            what, machine, done = dict(told["what"]), dict(told["machine"]), list(told["done"])
            rows = [(row.pop("key"), row) for row in told["rows"]]
            kept = [(key, steps.Row(**row)) for key, row in rows if key in done]
            facts = {key: dict(told["stages"][key]) for key in done}
            load = max(machine["load"], self._machine["load"])  # the worst that any of the figures was measured under
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{self._path} is there and is no report of steps: {error!r}. Name another file."
            raise CommandError(message, returncode=_NOT_USED) from error
        self._compare("", what, self._what)
        self._compare("", {**machine, "load": load}, {**self._machine, "load": load})
        for key in facts.keys() & self._facts.keys():
            self._compare(f" for {key}", facts[key], self._facts[key])
        self._rows, self.done, self._facts, self._machine = kept, done, facts | self._facts, machine | {"load": load}

    def _compare(self, where: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
        """Errors: CommandError where they differ."""
        other = [name for name in {**there, **here} if there.get(name) != here.get(name)]
        if other:
            why = "; ".join(f"{name} was {there.get(name)} and is {here.get(name)}" for name in other)
            message = f"{self._path} has other figures{where}: {why}. Name another file."
            raise CommandError(message, returncode=_NOT_USED)
