"""The cases of `manage.py bench engine`: engines side by side on the same cases, in turn.

Must not know: arguments, output; how any engine works.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any

from applyweb.core import languages, scoring
from applyweb.core.cases import Case
from applyweb.engines.base import ApplyRequest, Delta, Engine, EngineError, Finished
from applyweb.serving.bench.figures import percentile

SIZES = ((0, "under 100 lines"), (100, "100 to 299"), (300, "300 to 999"), (1000, "1,000 and more"))


@dataclass(frozen=True, slots=True)
class Rival:
    """An engine by the name that the report gives it."""

    name: str
    engine: Engine


@dataclass(frozen=True, slots=True)
class Run:
    """One case by one rival. Times are milliseconds by our own clock; figures that the engine did not tell are None.
    `failure` is "" where the file is whole."""

    case: str
    engine: str
    lines: int
    ms: float
    first_ms: float | None
    tokens: int | None
    spec_accept_length: float | None
    spec_verify_ct: int | None
    exact: bool
    extra_lines: int | None
    failure: str = ""

    @property
    def tokens_per_second(self) -> float | None:
        return None if self.tokens is None else self.tokens * 1000 / self.ms


def runs(cases: Sequence[Case], rivals: Sequence[Rival]) -> Iterator[Run]:
    """Every case by every rival before the next case; who begins changes with each case, so that a server that warms
    up or slows down does so for all."""
    for number, case in enumerate(cases):
        turn = number % len(rivals)
        for rival in (*rivals[turn:], *rivals[:turn]):
            yield asyncio.run(_run(case, rival))


async def _run(case: Case, rival: Rival) -> Run:
    language = case.language or languages.guess(case.path).name
    request = ApplyRequest(f"bench-{case.id}", case.original, case.chat, case.path, language)
    began = time.perf_counter()
    first: float | None = None
    finished: Finished | None = None
    failure = ""
    try:
        async with aclosing(rival.engine.stream(request)) as events:
            async for event in events:
                if isinstance(event, Delta) and first is None:
                    first = _since(began)
                elif isinstance(event, Finished):
                    finished = event
    except EngineError as error:
        failure = f"{error.code}: {error}"
    ms = _since(began)
    stats = {} if finished is None else finished.stats
    if finished is not None and finished.reason != "stop":
        failure = "incomplete"
    exact, extra = False, None
    if finished is not None and not failure:  # what did not end has no text to be scored
        score = scoring.score(case.original, case.expected or "", finished.text, "unsure", language)
        exact, extra = score.outcome == "exact", score.extra_lines
    return Run(
        case.id,
        rival.name,
        case.original.count("\n") + 1,
        ms,
        first,
        _int(stats.get("completion_tokens")),
        _float(stats.get("spec_accept_length")),
        _int(stats.get("spec_verify_ct")),
        exact,
        extra,
        failure,
    )


def report(found: Sequence[Run]) -> dict[str, Any]:
    """{engines: {name: {size: figures}}, paired: {name: …}, runs: […]}. `paired` compares each rival with the first:
    the median over cases that both finished of its time by the first one's; below 1 it is faster."""
    names = list(dict.fromkeys(run.engine for run in found))
    sizes = ["all", *(label for _, label in SIZES)]
    engines = {name: {size: _figures(rows) for size in sizes if (rows := _of(found, name, size))} for name in names}
    return {"engines": engines, "paired": _paired(found, names), "runs": [asdict(run) for run in found]}


def table(found: dict[str, Any]) -> str:
    """The report for people."""
    head = (
        f"{'engine':16}{'files':18}{'cases':>6}{'exact':>7}{'extra':>7}{'failed':>8}{'first ms':>10}{'p50 ms':>9}"
        f"{'p95 ms':>9}{'tok/s':>9}{'tok/step':>10}{'steps':>8}"
    )
    lines = [head, "-" * len(head)]
    for name, sizes in found["engines"].items():
        for size, row in sizes.items():
            lines.append(
                f"{name:16}{size:18}{row['cases']:6}{row['exact']:7}{_cell(row['extra_lines'], 7, 0)}{row['failed']:8}"
                f"{_cell(row['first_ms_p50'], 10, 0)}{_cell(row['ms_p50'], 9, 0)}{_cell(row['ms_p95'], 9, 0)}"
                f"{_cell(row['tokens_per_second'], 9, 1)}{_cell(row['spec_accept_length'], 10, 2)}"
                f"{_cell(row['spec_verify_ct'], 8, 0)}"
            )
    untold = [name for name, sizes in found["engines"].items() if _untold(sizes["all"])]
    if untold:
        lines.append(f"{', '.join(untold)}: tok/step is not known: nothing is speculated there, or it is not told.")
    for name, pair in found["paired"].items():
        lines.append(f"{name} takes {pair['ratio']:.2f} of the time of {pair['of']} (median of {pair['cases']} cases)")
    return "\n".join(lines)


def _untold(row: dict[str, Any]) -> bool:
    return row["failed"] < row["cases"] and row["spec_accept_length"] is None


def _of(found: Sequence[Run], name: str, size: str) -> list[Run]:
    return [run for run in found if run.engine == name and size in ("all", size_of(run.lines))]


def size_of(lines: int) -> str:
    return next(label for least, label in reversed(SIZES) if lines >= least)


def _figures(rows: Sequence[Run]) -> dict[str, Any]:
    whole = [run for run in rows if not run.failure]
    tokens = [run for run in whole if run.tokens is not None]
    steps = [run for run in tokens if run.spec_verify_ct]
    verified = sum(run.spec_verify_ct or 0 for run in steps)
    firsts = [run.first_ms for run in whole if run.first_ms is not None]
    spent = sum(run.ms for run in tokens)
    return {
        "cases": len(rows),
        "exact": sum(run.exact for run in rows),
        "extra_lines": sum(run.extra_lines or 0 for run in whole) if whole else None,
        "failed": sum(bool(run.failure) for run in rows),
        "first_ms_p50": percentile(firsts, 50) if firsts else None,
        "ms_p50": percentile([run.ms for run in whole], 50) if whole else None,
        "ms_p95": percentile([run.ms for run in whole], 95) if whole else None,
        "tokens_per_second": sum(run.tokens or 0 for run in tokens) * 1000 / spent if spent else None,
        "spec_accept_length": sum(run.tokens or 0 for run in steps) / verified if verified else None,
        "spec_verify_ct": verified or None,
    }


def _paired(found: Sequence[Run], names: Sequence[str]) -> dict[str, Any]:
    times = {(run.engine, run.case): run.ms for run in found if not run.failure}
    paired = {}
    for name in names[1:]:
        both = [case for engine, case in times if engine == name and (names[0], case) in times]
        if both:
            ratio = statistics.median(times[name, case] / times[names[0], case] for case in both)
            paired[name] = {"of": names[0], "ratio": ratio, "cases": len(both)}
    return paired


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _cell(value: float | None, width: int, digits: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width},.{digits}f}"
