"""What a run has done so far, a line a case, so that a run that was killed goes on where it was.

Must not know: how cases are run, how a command reports.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError

from applyweb.core.cases import Case, fingerprint
from applyweb.core.scoring import Score
from applyweb.management.rates import Result

_FORMAT = "applyweb evaluate 2"
_PARTS = ("ms", "found", "output", "stopped", "failure")  # of a Result, in their order, after case and score

Key = tuple[str, str, str]


class Journal:
    """A file that is only appended to. Its first line holds the settings that results depend on: with others, or for
    another file than a journal, going on is refused."""

    def __init__(self, file: IO[str], done: dict[Key, Mapping[str, Any]]) -> None:
        self._file = file
        self._done = done

    @classmethod
    def open(cls, path: Path, settings: Mapping[str, object], *, resume: bool) -> Journal:
        """Errors: CommandError, with the exit code 2, where the file is there and is not to be resumed, is none of
        these settings, or cannot be read or written."""
        try:
            if not path.exists():
                file = path.open("a", encoding="utf-8")
                _append(file, {"format": _FORMAT, "settings": settings})
                return cls(file, {})
            if not resume:
                raise CommandError(f"{path} is there. Go on with it (--resume), or name another.", returncode=2)
            done = _read(path, settings)
            return cls(path.open("a", encoding="utf-8"), done)
        except OSError as error:
            raise CommandError(f"Cannot keep {path}: {error.strerror}.", returncode=2) from error

    def recall(self, engine: str, case: Case) -> Result | None:
        """What came out, if it is known."""
        row = self._done.get(_key(engine, case))
        return None if row is None else Result(case, Score(**row["score"]), *(row[part] for part in _PARTS))

    def unfinished(self, engine: str, cases: Iterable[Case], *, retry: bool) -> list[Case]:
        """The cases that it does not tell of, and with `retry` those in which the engine failed."""
        return [case for case in cases if (known := self.recall(engine, case)) is None or (retry and known.failure)]

    def keep(self, engine: str, result: Result) -> None:
        """Written at once. Errors: CommandError where it cannot be."""
        row = {
            "engine": engine,
            "case": fingerprint(result.case),
            "id": result.case.id,
            "score": asdict(result.score),
            **{part: getattr(result, part) for part in _PARTS},
        }
        try:
            _append(self._file, row)
        except OSError as error:
            raise CommandError(f"Cannot keep {self._file.name}: {error.strerror}.") from error
        self._done[_key(engine, result.case)] = row

    def close(self) -> None:
        self._file.close()


def _read(path: Path, settings: Mapping[str, object]) -> dict[Key, Mapping[str, Any]]:
    text = path.read_bytes()
    whole = text.rfind(b"\n") + 1
    try:
        rows = [json.loads(line) for line in text[:whole].decode().splitlines()]
        if not rows or rows[0].get("format") != _FORMAT:
            raise CommandError(f"{path} is no journal of evaluate: it is left as it is.", returncode=2)
        _same(path, rows[0]["settings"], settings)
        done = {(row["engine"], row["case"], row["id"]): _whole(row) for row in rows[1:]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"The journal {path} is damaged: {error}.", returncode=2) from error
    if whole < len(text):  # the line that was being written when the run was killed
        with path.open("r+b") as file:
            file.truncate(whole)
    return done


def _whole(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Errors: KeyError, TypeError where it lacks something."""
    score = row["score"]
    if not isinstance(score, dict) or not isinstance(row["found"], list) or not isinstance(row["ms"], (int, float)):
        raise TypeError(f"no result in the line of {row['id']}")
    Score(**score)
    missing = [key for key in _PARTS if key not in row]
    if missing:
        raise KeyError(missing[0])
    return {**row, "found": tuple(row["found"])}


def _same(path: Path, kept: Mapping[str, object], settings: Mapping[str, object]) -> None:
    other = [name for name in sorted({*kept, *settings}) if kept.get(name) != settings.get(name)]
    if other:
        told = ", ".join(f"{name} was {kept.get(name)!r} and is {settings.get(name)!r}" for name in other)
        raise CommandError(f"{path} was kept with other settings, and would mix two runs: {told}.", returncode=2)


def _append(file: IO[str], row: Mapping[str, object]) -> None:
    file.write(json.dumps(row) + "\n")
    file.flush()


def _key(engine: str, case: Case) -> Key:
    return engine, fingerprint(case), case.id
