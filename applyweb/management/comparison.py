"""A run against another that was kept with --json: which cases both have, what differs, and which cases flipped.

Must not know: engines, how a command reports.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

from django.core.management.base import CommandError

from applyweb.core import scoring
from applyweb.core.metrics import METRICS, Compared, Observation, compare
from applyweb.management.rates import VERSION

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Seen:
    """One case of a run, as a report holds it. `case` is its fingerprint."""

    id: str
    case: str
    observation: Observation

    @property
    def good(self) -> bool:
        """The wanted file, or where an engine must refuse, no certain one."""
        outcome = self.observation.score.outcome
        return outcome in ("exact", "equivalent") if self.observation.answered else outcome == "flagged"


@dataclass(frozen=True, slots=True)
class Run:
    suite: str
    suite_hash: str
    engine: str
    cases: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`pairs` are the cases that both runs have. `changed` are the names of cases that ask something else by now,
    `gone` and `added` of those that only one run has; none of these is compared."""

    before: Run
    after: Run
    pairs: tuple[tuple[Seen, Seen], ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def observations(self) -> tuple[list[Observation], list[Observation]]:
        return [was.observation for was, _ in self.pairs], [now.observation for _, now in self.pairs]

    @property
    def broken(self) -> list[str]:
        """The cases that were good and are no longer."""
        return [now.id for was, now in self.pairs if was.good and not now.good]

    @property
    def mended(self) -> list[str]:
        return [now.id for was, now in self.pairs if now.good and not was.good]

    def metrics(self) -> list[Compared]:
        """Those that some case tells, in the order of METRICS."""
        before, after = self.observations
        return [found for metric in METRICS.values() if (found := compare(metric, before, after)) is not None]


def compared(before: Run, after: Run) -> Comparison:
    """Cases are the same where they ask the same, whatever they are called; of several that do, the first of each."""
    waiting: dict[str, list[Seen]] = defaultdict(list)
    for seen in reversed(before.cases):
        waiting[seen.case].append(seen)
    pairs, alone = [], []
    for seen in after.cases:
        if waiting[seen.case]:
            pairs.append((waiting[seen.case].pop(), seen))
        else:
            alone.append(seen.id)
    left = {seen.id for some in waiting.values() for seen in some}
    changed = [name for name in alone if name in left]
    return Comparison(
        before,
        after,
        tuple(pairs),
        tuple(changed),
        tuple(seen.id for seen in before.cases if seen.id in left - set(changed)),
        tuple(name for name in alone if name not in left),
    )


def runs_in(file: Path) -> list[Run]:
    """The runs of a report that `evaluate --json` wrote. Errors: CommandError, with the exit code 2."""
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"Cannot read the baseline {file}: {error.strerror}.", returncode=2) from error
    except ValueError as error:
        raise CommandError(f"The baseline {file} is no JSON: {error}.", returncode=2) from error
    version = report.get("version") if isinstance(report, dict) else None
    if version != VERSION:
        raise CommandError(
            f"The baseline {file} is no report of evaluate --json in version {VERSION}, which tells each case; run it "
            "again to make one.",
            returncode=2,
        )
    try:
        return [_run(each) for each in report.get("runs", [report])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CommandError(f"The baseline {file} is damaged: {error!r}.", returncode=2) from error


def baseline_for(engine: str, runs: Sequence[Run], file: Path) -> Run:
    """The baseline's only run, else the one of the same engine. Errors: CommandError, with the exit code 2."""
    same = runs if len(runs) == 1 else [run for run in runs if run.engine == engine]
    if not same:
        have = ", ".join(run.engine for run in runs)
        raise CommandError(f"The baseline {file} has no run of {engine}, only of {have}.", returncode=2)
    return same[0]


def _run(report: Mapping[str, object]) -> Run:
    rows = report["results"]
    if not isinstance(rows, list):
        raise TypeError("results is no list")
    return Run(
        str(report["suite"]), str(report["suite_hash"]), str(report["engine"]), tuple(_seen(row) for row in rows)
    )


def _seen(row: Mapping[str, object]) -> Seen:
    score = scoring.Score(
        outcome=_one_of(row, "outcome", get_args(scoring.Outcome)),
        confidence=_one_of(row, "confidence", get_args(scoring.Confidence)),
        extra_lines=_number(row, "extra_lines"),
        missing_lines=_number(row, "missing_lines"),
        syntax_broken=row["syntax_broken"] is True,
    )
    ms = row["ms"]
    if not isinstance(ms, (int, float)):
        raise TypeError("ms is no number")
    return Seen(str(row["id"]), str(row["case"]), Observation(score, float(ms), row["answered"] is True))


def _one_of(row: Mapping[str, object], key: str, known: Sequence[Word]) -> Word:
    value = row[key]
    for each in known:
        if each == value:
            return each
    raise ValueError(f"{key} is {value!r}")


def _number(row: Mapping[str, object], key: str) -> int:
    value = row[key]
    if not isinstance(value, int):
        raise TypeError(f"{key} is no number")
    return value
