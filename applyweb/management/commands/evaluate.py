"""`manage.py evaluate SUITE.jsonl`: run an engine over a suite and score it. Needs no database."""

from __future__ import annotations

import json
import re
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import compress
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from tqdm import tqdm

from applyweb.core import languages, scoring, spoil
from applyweb.core.cases import Case
from applyweb.engines import registry
from applyweb.jobs.judge import judge
from applyweb.management.once import apply_once
from applyweb.management.rates import Result, report_of, table_of
from applyweb.management.suites import read_suite

RECORDED = "recorded"
_FORMS = """\
A suite holds one case a line, each a JSON object:
  id               the case's name in the report; its line number where there is none
  path             the file's name, which tells its language ("filename" is read too)
  language         used where the path tells none
  format           what kind of answer it is; the table has a row for each
  original         the file as it was
  chat or snippet  the assistant's answer
  expected         the file that is wanted
  output           what an engine made of it elsewhere, for --engine recorded
  error            true where the engine must refuse or be unsure; expected is then not read
  style            what kind of case it is; rates are told for each
  notes            what its maker says of it, for --leave-out
Rows with several input_files, or with neither expected nor error, are left out and counted.

The columns of the table:
  cases            how many were run
  exact            the wanted file; line ends and white space at the end of lines or of the file do not count
  equivalent       the wanted file but for white space or blank lines
  silent_wrong     said to be certain, and neither exact nor equivalent
  flagged          unsure or refused, whatever came out
  extra_lines      changed lines that nobody wanted
  missing_lines    wanted changes that did not come
Then the rates by format and by style, each with its 95 % interval (Wilson's): right (exact or equivalent) and flagged
of the cases with a wanted file, silent_wrong of all.

With --engine recorded no engine runs: each row's output is judged by the same support and checks as an apply on the
site, and is certain where they find nothing. With --spoil the wanted files themselves are judged: "none" as they are,
where every finding is a false alarm, and each other kind with one fault put in, which is to be found.

Below it: how many results break the syntax, and the time of half (p50) and of 95 % (p95) of the cases; and of the
cases with an error how many were refused, unsure, or certain. Where cases were stopped for taking too long they are
named, and the command ends with 3.
"""


class _Help(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the lines of the epilog."""


class Command(BaseCommand):
    help = "Score an engine on a suite of cases (JSON lines): exact, silently wrong, flagged, extra and missing lines."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog, parser.formatter_class = _FORMS, _Help
        parser.add_argument("suite", help="a .jsonl file of cases, or a folder of such")
        parser.add_argument("--engine", default="embedded", choices=[*registry.names(), RECORDED])
        parser.add_argument("--json", metavar="OUT", help="write the whole report here as JSON")
        parser.add_argument("--limit", type=int, default=0, help="run only the first N cases")
        parser.add_argument(
            "--leave-out",
            type=partial(re.compile, flags=re.I),
            metavar="REGEX",
            help="leave out rows whose notes hold this, such as debatable ones",
        )
        parser.add_argument(
            "--up-to",
            type=int,
            default=0,
            metavar="N",
            help="only cases of at most N characters, file and answer",
        )
        parser.add_argument("--keep-outputs", metavar="OUT", help="write the cases with what came out here, as a suite")
        parser.add_argument("--keep-flagged", metavar="OUT", help="write the cases that were flagged here, as a suite")
        parser.add_argument(
            "--spoil", action="append", choices=["none", "all", *spoil.KINDS], help="measure the judge; repeatable"
        )
        parser.add_argument("--seed", type=int, default=1, help="what --spoil draws its faults from")
        parser.add_argument("--workers", type=int, default=1, help="run N cases at once, each in a process of its own")

    def handle(self, *args: Any, **options: Any) -> None:
        suite, engine = Path(options["suite"]), str(options["engine"])
        cases, lines, left_out = read_suite(suite)
        if options["leave_out"]:
            stays = [options["leave_out"].search(case.notes) is None for case in cases]
            left_out += stays.count(False)
            cases, lines = list(compress(cases, stays)), list(compress(lines, stays))
        if most := options["up_to"]:
            fits = [len(case.original) + len(case.chat) <= most for case in cases]
            cases, lines = list(compress(cases, fits)), list(compress(lines, fits))
        if not cases:
            raise CommandError(f"{suite} holds no case to run" + (f" ({left_out} left out)." if left_out else "."))
        cases = cases[: options["limit"]] if options["limit"] > 0 else cases
        if options["spoil"]:
            self.stdout.write(_spoiled(cases, options))
            return
        if engine == RECORDED and (without := [case.id for case in cases if case.output is None]):
            raise CommandError(f"{suite} tells no output for {len(without)} of its cases, the first is {without[0]}.")
        results = list(
            tqdm(_results(engine, cases, options["workers"]), total=len(cases), unit="case", desc=suite.name)
        )
        report = report_of(suite.name, engine, results, left_out)
        if options["json"]:
            _write(Path(options["json"]), report)
        if options["keep_outputs"]:
            rows = [{**json.loads(line), "output": result.output} for line, result in zip(lines, results, strict=True)]
            text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows if row["output"] is not None)
            _write_text(Path(options["keep_outputs"]), text)
        if options["keep_flagged"]:
            flagged = compress(lines, [result.score.confidence != "certain" for result in results])
            _write_text(Path(options["keep_flagged"]), "".join(f"{line}\n" for line in flagged))
        self.stdout.write(table_of(report, results))
        if stopped := [result.case.id for result in results if result.stopped]:
            message = f"Stopped for taking too long, and counted as refused: {', '.join(stopped)}."
            raise CommandError(message, returncode=3)


def _results(engine: str, cases: list[Case], workers: int) -> Iterator[Result]:
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
    if case.expected is None:
        return Result(case, scoring.score_refusal(confidence), ended.ms, stopped=stopped)
    merged = case.original if ended.text is None else ended.text
    name = languages.guess(case.path, case.language).name
    scored = scoring.score(case.original, case.expected, merged, confidence, name)
    return Result(case, scored, ended.ms, output=ended.text, stopped=stopped)


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


def _spoiled(cases: list[Case], options: dict[str, Any]) -> str:
    """The judge measured: for each kind of fault how many cases, and in how many something was found."""
    wanted = [name for name in options["spoil"] if name != "all"]
    kinds = ["none", *spoil.KINDS] if "all" in options["spoil"] else wanted
    rows: dict[str, list[tuple[str, tuple[str, ...]]]] = {kind: [] for kind in kinds}
    for case in tqdm([case for case in cases if case.expected is not None], unit="case"):
        language = case.language or languages.guess(case.path).name
        for kind in kinds:
            text = case.expected or ""
            made = (
                text if kind == "none" else spoil.spoil(case.original, text, kind, _drawn(case, kind, options["seed"]))
            )
            if made is not None:
                rows[kind].append((case.id, findings(case, made, language)))
    report = {
        kind: {
            "cases": len(found),
            "found": sum(bool(codes) for _, codes in found),
            "codes": dict(Counter(code for _, codes in found for code in codes)),
            "without": [name for name, codes in found if not codes],
            "with": [name for name, codes in found if codes],
        }
        for kind, found in rows.items()
    }
    if options["json"]:
        _write(Path(options["json"]), {"seed": options["seed"], "spoiled": report})
    lines = [f"{'fault':10}  cases  found"]
    lines += [f"{kind:10}  {len(found):5}  {sum(bool(codes) for _, codes in found):5}" for kind, found in rows.items()]
    return "\n".join(lines)


def _drawn(case: Case, kind: str, seed: int) -> Random:
    return Random(f"{seed} {kind} {case.id}")


def _write(out: Path, report: dict[str, object]) -> None:
    _write_text(out, json.dumps(report, ensure_ascii=False, indent=1) + "\n")


def _write_text(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Cannot write {out}: {error.strerror}.") from error
