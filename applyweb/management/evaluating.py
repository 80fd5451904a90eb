"""A run of `evaluate`: its cases run and kept, held against gates and a baseline.

Must not know: the command's arguments as text, where reports go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from applyweb.core.cases import Case, fingerprint
from applyweb.core.gates import Gate, Judged, judge_change, judge_run
from applyweb.core.metrics import Observation
from applyweb.engines.settings import EngineSettings
from applyweb.jobs.model_server import engine_settings
from applyweb.management.comparison import Comparison, Run, Seen, compared
from applyweb.management.journal import Journal
from applyweb.management.rate_plot import rate_plot
from applyweb.management.rates import Result, bounds_of, suite_hash
from applyweb.management.run_cases import run_cases
from applyweb.management.verdicts import Told

_SECRET = tuple(name for name in EngineSettings.__dataclass_fields__ if name.endswith("_key"))


def results_of(
    suite: str, engines: Sequence[str], cases: list[Case], options: Mapping[str, Any]
) -> dict[str, list[Result]]:
    """Every engine over all cases, in their order. Errors: CommandError, with the exit code 2, for a journal that
    cannot be gone on with; with 130 where the person interrupts a run that is kept."""
    if options["journal"] is None:
        return {
            engine: list(_watched(run_cases(engine, cases, options["workers"]), f"{suite} {engine}", len(cases)))
            for engine in engines
        }
    journal = Journal.open(options["journal"], _settings(), resume=options["resume"])
    try:
        return {engine: _kept(journal, suite, engine, cases, options) for engine in engines}
    except KeyboardInterrupt as error:
        raise CommandError(f"Interrupted. --resume goes on with {options['journal']}.", returncode=130) from error
    finally:
        journal.close()


def _kept(journal: Journal, suite: str, engine: str, cases: list[Case], options: Mapping[str, Any]) -> list[Result]:
    todo = journal.unfinished(engine, cases, retry=options["retry"])
    running = run_cases(engine, todo, options["workers"])
    for result in _watched(running, f"{suite} {engine}", len(cases), len(cases) - len(todo)):
        journal.keep(engine, result)
    return [known for case in cases if (known := journal.recall(engine, case)) is not None]


def _watched(running: Iterable[Result], said: str, total: int, done: int = 0) -> Iterator[Result]:
    return iter(tqdm(running, total=total, initial=done, unit="case", desc=said))


def _settings() -> dict[str, object]:
    """What a result depends on besides its case, without the keys."""
    return {name: value for name, value in asdict(engine_settings()).items() if name not in _SECRET}


def told_of(
    suite: str, results: Mapping[str, Sequence[Result]], baselines: Mapping[str, Run], fail_if: Sequence[Gate]
) -> list[Told]:
    """Each engine's run with its gates. Without a baseline the first engine is that of the others, to compare with and
    not for gates."""
    runs = {engine: _run(suite, engine, some) for engine, some in results.items()}
    first = next(iter(runs))
    told = []
    for engine, some in results.items():
        before = baselines.get(engine) or (runs[first] if engine != first else None)
        comparison = None if before is None else compared(before, runs[engine])
        seen = [result.observation for result in some]
        judged = [_judged(gate, seen, comparison) for gate in fail_if]
        told.append(Told(suite, engine, some, judged, comparison, comparison.metrics() if comparison else ()))
    return told


def _judged(gate: Gate, seen: Sequence[Observation], comparison: Comparison | None) -> Judged:
    if not gate.against:
        return judge_run(gate, seen)
    before, after = comparison.observations if comparison else ([], [])
    return judge_change(gate, before, after)


def _run(suite: str, engine: str, results: Sequence[Result]) -> Run:
    cases = [result.case for result in results]
    seen = tuple(Seen(result.case.id, fingerprint(result.case), result.observation) for result in results)
    return Run(suite, suite_hash(cases), engine, seen)


def of_gates_and_baseline(told: Told) -> dict[str, object]:
    """What a report holds of them, for JSON."""
    found: dict[str, object] = {
        "gates": [{"gate": each.gate.text, "failed": each.failed, "sentence": each.sentence} for each in told.judged]
    }
    if told.comparison is not None:
        found["comparison"] = {
            "engine": told.comparison.before.engine,
            "suite": told.comparison.before.suite,
            "suite_hash": told.comparison.before.suite_hash,
            "pairs": len(told.comparison.pairs),
            **{name: list(getattr(told.comparison, name)) for name in ("changed", "gone", "added", "broken", "mended")},
            "metrics": {
                each.metric.name: {
                    "before": each.before,
                    "after": each.after,
                    "difference": bounds_of(each.difference),
                    "pairs": each.pairs,
                    "differing": each.differing,
                    "p": each.p,
                    "verdict": each.verdict.word,
                    "more": each.verdict.more,
                }
                for each in told.metrics
            },
        }
    return found


def plot_of(told: Sequence[Told], baselines: Mapping[str, Run]) -> str:
    """The rates of each run, those of the baselines first."""
    before = {f"{run.engine} (baseline)": [seen.observation for seen in run.cases] for run in baselines.values()}
    now = {each.engine: [result.observation for result in each.results] for each in told}
    return rate_plot(before | now)
