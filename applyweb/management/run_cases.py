"""An engine over the cases of a suite, each scored.

Must not know: the database, suites as files, how a command reports.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from applyweb.core import languages, scoring
from applyweb.core.cases import Case
from applyweb.jobs.judge import judge
from applyweb.management.once import apply_once
from applyweb.management.rates import Result

RECORDED = "recorded"
_REFUSALS = frozenset(("", "no_code", "wrong_file", "cannot_place", "too_long", "incomplete"))


def run_cases(engine: str, cases: Sequence[Case], workers: int) -> Iterator[Result]:
    """In the order of the cases, each as soon as it and those before it are done."""
    if workers <= 1:
        yield from (run_case(engine, case) for case in cases)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(run_case, [engine] * len(cases), cases)


def run_case(engine: str, case: Case) -> Result:
    """One case, scored; a refusal or a failure of the engine counts as refused."""
    language = case.language or languages.guess(case.path).name
    if engine == RECORDED:
        return _run_recorded(case, language)
    ended = apply_once(engine, case.original, case.chat, case.path, language)
    confidence: scoring.Confidence = "refused"
    if ended.text is not None:
        confidence = "certain" if ended.confidence == "certain" else "unsure"
    stopped = ended.code == "timeout"
    failure = "" if ended.code in _REFUSALS else ended.code
    if case.expected is None:
        return Result(case, scoring.score_refusal(confidence), ended.ms, stopped=stopped, failure=failure)
    merged = case.original if ended.text is None else ended.text
    name = languages.guess(case.path, case.language).name
    scored = scoring.score(case.original, case.expected, merged, confidence, name)
    return Result(case, scored, ended.ms, output=ended.text, stopped=stopped, failure=failure)


def _run_recorded(case: Case, language: str) -> Result:
    """What an engine made of a case elsewhere: certain where nothing speaks against it."""
    output = case.output or ""
    began = time.perf_counter()
    found = findings(case, output, language)
    ms = (time.perf_counter() - began) * 1000
    confidence: scoring.Confidence = "unsure" if found else "certain"
    if case.expected is None:
        return Result(case, scoring.score_refusal(confidence), ms, found)
    return Result(case, scoring.score(case.original, case.expected, output, confidence, language), ms, found)


def findings(case: Case, output: str, language: str) -> tuple[str, ...]:
    """What support and checks say against an output: codes, each once."""
    judged = judge(case.original, output, case.chat, case.path, language)
    found = [check["code"] for check in judged.checks if check["state"] in ("failed", "warning")]
    if judged.support["unjustified"]:
        found.append("extra_change")
    if judged.support["missing"]:
        found.append("missing_change")
    if judged.support["leftover"]:
        found.append("leftover_lines")
    if judged.support["invented"]:
        found.append("invented_lines")
    return tuple(found)
