"""The judge of outputs measured, on wanted files with a fault put in. Must not know: engines, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

from applyweb.core import languages, spoil
from applyweb.core.cases import Case
from applyweb.management.run_cases import findings

KINDS = ("none", *spoil.KINDS)


def spoiled(cases: Iterable[Case], kinds: Sequence[str], seed: int) -> dict[str, dict[str, object]]:
    """For each kind of fault in how many cases it could be put in, in how many something was found, and in which. Cases
    without a wanted file are passed over."""
    rows: dict[str, list[tuple[str, tuple[str, ...]]]] = {kind: [] for kind in kinds}
    for case in cases:
        if case.expected is None:
            continue
        language = case.language or languages.guess(case.path).name
        for kind in kinds:
            made = _made(case, case.expected, kind, seed)
            if made is not None:
                rows[kind].append((case.id, findings(case, made, language)))
    return {
        kind: {
            "cases": len(found),
            "found": sum(bool(codes) for _, codes in found),
            "codes": dict(Counter(code for _, codes in found for code in codes)),
            "without": [name for name, codes in found if not codes],
            "with": [name for name, codes in found if codes],
        }
        for kind, found in rows.items()
    }


def table_of_spoiled(report: dict[str, dict[str, object]]) -> str:
    lines = [f"{'fault':10}  cases  found"]
    lines += [f"{kind:10}  {told['cases']:5}  {told['found']:5}" for kind, told in report.items()]
    return "\n".join(lines)


def _made(case: Case, wanted: str, kind: str, seed: int) -> str | None:
    if kind == "none":
        return wanted
    return spoil.spoil(case.original, wanted, kind, Random(f"{seed} {kind} {case.id}"))
