"""The results of a suite as tables and as a report: counts, and rates with the interval that so few cases leave open.

Must not know: engines, files.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from applyweb.core import scoring
from applyweb.core.cases import Case, fingerprint
from applyweb.core.intervals import Interval, percentile, wilson
from applyweb.core.metrics import METRICS, Observation, measure

VERSION = 2  # of the report, which another run can be held against: 2 tells each case with its fingerprint

_COUNTS = ("cases", "exact", "equivalent", "silent_wrong", "flagged", "extra_lines", "missing_lines")


@dataclass(frozen=True, slots=True)
class Result:
    case: Case
    score: scoring.Score
    ms: float
    found: tuple[str, ...] = ()
    output: str | None = None
    stopped: bool = False
    failure: str = ""  # why the engine could not even try, as its code; "" where it did

    @property
    def observation(self) -> Observation:
        return Observation(self.score, self.ms, self.case.expected is not None)


def report_of(suite: str, engine: str, results: Sequence[Result], left_out: int) -> dict[str, object]:
    """The whole report, for JSON."""
    times = [result.ms for result in results]
    refusals = Counter(result.score.confidence for result in results if result.case.expected is None)
    seen = [result.observation for result in results]
    return {
        "version": VERSION,
        "suite": suite,
        "suite_hash": suite_hash([result.case for result in results]),
        "engine": engine,
        **asdict(scoring.total(result.score for result in results)),
        "left_out": left_out,
        "must_refuse": {
            "cases": refusals.total(),
            **{each: refusals[each] for each in ("refused", "unsure", "certain")},
        },
        "rates": {
            "all": _rates(results),
            "format": {name: _rates(some) for name, some in _groups(results, _format)},
            "style": {name: _rates(some) for name, some in _groups(results, _style)},
        },
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "metrics": {name: bounds_of(measure(metric, seen)) for name, metric in METRICS.items()},
        "results": [_row(result) for result in results],
    }


def suite_hash(cases: Iterable[Case]) -> str:
    """The same for two suites of the same cases, in any order: 16 hex digits."""
    return sha256("".join(sorted(fingerprint(case) for case in cases)).encode()).hexdigest()[:16]


def table_of(report: dict[str, object], results: Sequence[Result]) -> str:
    """The counts by format; the rates by format and by style where there are several; and the rest in a line."""
    rows: list[list[object]] = [["format", *_COUNTS]]
    rows += [[name, *_counts(some)] for name, some in _groups(results, _format)]
    rows.append(["all", *_counts(results)])
    lines = _aligned(rows)
    for heading, key in (("format", _format), ("style", _style)):
        groups = _groups(results, key)
        if len(groups) > 1:
            told = [[name, *_told(some)] for name, some in [*groups, ("all", results)]]
            lines += ["", *_aligned([[heading, "cases", "right", "", "silent_wrong", "", "flagged", ""], *told])]
    lines.append(
        f"{report['suite']} with {report['engine']}: syntax broken {report['syntax_broken']}, "
        f"left out {report['left_out']}, "
        f"p50 {report['p50_ms']:.1f} ms, p95 {report['p95_ms']:.1f} ms"
    )
    refusals = Counter(result.score.confidence for result in results if result.case.expected is None)
    if refusals:
        lines.append(
            f"must refuse {refusals.total()}: refused {refusals['refused']}, unsure {refusals['unsure']}, "
            f"certain {refusals['certain']}"
        )
    return "\n".join(lines)


def _format(result: Result) -> str:
    return result.case.format


def _style(result: Result) -> str:
    return result.case.style


def _groups(results: Iterable[Result], key: Callable[[Result], str]) -> list[tuple[str, list[Result]]]:
    """The results by what `key` tells of them, in order; those of which it tells "" are in none."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(key(result), []).append(result)
    return [(name, found[name]) for name in sorted(found) if name or key is _format]


def _rates(results: Sequence[Result]) -> dict[str, object]:
    """`right` and `flagged` are shares of the cases with an answer, `silent_wrong` of all; each with its interval."""
    answered = [result.score for result in results if result.case.expected is not None]
    right = sum(score.outcome in ("exact", "equivalent") for score in answered)
    silent = sum(result.score.outcome == "silent_wrong" for result in results)
    flagged = sum(score.confidence != "certain" for score in answered)
    counts = {
        "right": (right, len(answered)),
        "silent_wrong": (silent, len(results)),
        "flagged": (flagged, len(answered)),
    }
    rates: dict[str, object] = {"cases": len(results)}
    for name, (count, of) in counts.items():
        low, high = wilson(count, of)
        rates[name] = {"count": count, "of": of, "low": low, "high": high}
    return rates


def bounds_of(seen: Interval | None) -> dict[str, float | None] | None:
    """None for a bound that so few cases leave open: JSON knows no infinity."""
    if seen is None:
        return None
    return {name: value if math.isfinite(value) else None for name, value in asdict(seen).items()}


def _told(results: Sequence[Result]) -> list[object]:
    cells: list[object] = [len(results)]
    for rate in _rates(results).values():
        if isinstance(rate, dict):
            share = f"{rate['count'] / rate['of']:.1%}" if rate["of"] else "-"
            cells += [share, f"[{rate['low']:.1%}, {rate['high']:.1%}]" if rate["of"] else ""]
    return cells


def _row(result: Result) -> dict[str, object]:
    return {
        "id": result.case.id,
        "case": fingerprint(result.case),
        "answered": result.case.expected is not None,
        "format": result.case.format,
        "style": result.case.style,
        "outcome": result.score.outcome,
        "confidence": result.score.confidence,
        "extra_lines": result.score.extra_lines,
        "missing_lines": result.score.missing_lines,
        "syntax_broken": result.score.syntax_broken,
        "failure": result.failure,
        "ms": result.ms,
        "found": list(result.found),
    }


def _counts(results: Iterable[Result]) -> list[object]:
    totals = asdict(scoring.total(result.score for result in results))
    return [totals[name] for name in _COUNTS]


def _aligned(rows: Sequence[Sequence[object]]) -> list[str]:
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            str(cell).rjust(width) if at else str(cell).ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
