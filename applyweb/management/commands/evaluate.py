"""`manage.py evaluate SUITE.jsonl`: run engines over a suite, score them, and hold them against gates and a baseline.
Needs no database."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from tqdm import tqdm

from applyweb.core import gates
from applyweb.core.cases import Case
from applyweb.engines import registry
from applyweb.management.comparison import Run, baseline_for, runs_in
from applyweb.management.evaluate_forms import FORMS
from applyweb.management.evaluating import of_gates_and_baseline, plot_of, results_of, told_of
from applyweb.management.rates import VERSION, report_of, table_of
from applyweb.management.run_cases import RECORDED
from applyweb.management.spoiling import KINDS, spoiled, table_of_spoiled
from applyweb.management.suites import read_suite
from applyweb.management.verdicts import Told, junit_of, markdown_of, text_of

_REPORTS = ("markdown", "junit", "plot")


class _Help(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the lines of the epilog."""


def _gate(text: str) -> gates.Gate:
    try:
        return gates.parse(text)
    except gates.GateError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = "Score an engine on a suite of cases (JSON lines): exact, silently wrong, flagged, extra and missing lines."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog, parser.formatter_class = FORMS, _Help
        parser.add_argument("suite", help="a .jsonl file of cases, or a folder of such")
        parser.add_argument(
            "--engine", action="append", choices=[*registry.names(), RECORDED], help="embedded unless named; repeatable"
        )
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
        parser.add_argument("--spoil", action="append", choices=["all", *KINDS], help="measure the judge; repeatable")
        parser.add_argument("--seed", type=int, default=1, help="what --spoil draws its faults from")
        parser.add_argument("--workers", type=int, default=1, help="run N cases at once, each in a process of its own")
        parser.add_argument(
            "--fail-if", action="append", type=_gate, default=[], metavar="GATE", help="see below; repeatable"
        )
        parser.add_argument("--baseline", type=Path, metavar="REPORT", help="compare with this run, kept with --json")
        parser.add_argument("--markdown", metavar="OUT", help="write metrics, gates and comparison here, as Markdown")
        parser.add_argument("--junit", metavar="OUT", help="write gates and cases here, as JUnit XML")
        parser.add_argument("--plot", metavar="OUT", help="write the rates with their intervals here, as SVG")
        parser.add_argument("--journal", type=Path, metavar="FILE", help="keep every case here as it ends")
        parser.add_argument("--resume", action="store_true", help="go on with the journal where it ends")
        parser.add_argument("--retry", action="store_true", help="and run again the cases in which the engine failed")

    def handle(self, *args: Any, **options: Any) -> None:
        engines: list[str] = list(dict.fromkeys(options["engine"] or ["embedded"]))
        _refuse_what_does_not_fit(engines, options)
        runs = runs_in(options["baseline"]) if options["baseline"] else []
        baselines = {engine: baseline_for(engine, runs, options["baseline"]) for engine in engines if runs}
        suite = Path(options["suite"])
        cases, lines, left_out = _chosen(suite, options)
        if options["spoil"]:
            self._measure_the_judge(cases, options)
            return
        if RECORDED in engines and (without := [case.id for case in cases if case.output is None]):
            raise CommandError(f"{suite} tells no output for {len(without)} of its cases, the first is {without[0]}.")
        results = results_of(suite.name, engines, cases, options)
        told = told_of(suite.name, results, baselines, options["fail_if"])
        reports = _reported(told, left_out)
        _write_reports(told, reports, baselines, options)
        if options["keep_outputs"]:
            pairs = zip(lines, results[engines[0]], strict=True)
            rows = [
                {**json.loads(line), "output": result.output} for line, result in pairs if result.output is not None
            ]
            text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
            _write_text(options["keep_outputs"], text)
        if options["keep_flagged"]:
            flagged = compress(lines, [result.score.confidence != "certain" for result in results[engines[0]]])
            _write_text(options["keep_flagged"], "".join(f"{line}\n" for line in flagged))
        for each, report in zip(told, reports, strict=True):
            self.stdout.write("\n\n".join(filter(None, (table_of(report, each.results), text_of(each)))))
        _end(told)

    def _measure_the_judge(self, cases: Sequence[Case], options: Mapping[str, Any]) -> None:
        kinds = KINDS if "all" in options["spoil"] else options["spoil"]
        answered = [case for case in cases if case.expected is not None]
        report = spoiled(tqdm(answered, unit="case"), kinds, options["seed"])
        if options["json"]:
            _write(options["json"], {"seed": options["seed"], "spoiled": report})
        self.stdout.write(table_of_spoiled(report))


def _refuse_what_does_not_fit(engines: Sequence[str], options: Mapping[str, Any]) -> None:
    """Before anything runs. Errors: CommandError, with the exit code 2."""
    changes = [gate.text for gate in options["fail_if"] if gate.against]
    if changes and options["baseline"] is None:
        raise CommandError(f"{changes[0]!r} is about a change: name the run before it (--baseline).", returncode=2)
    if options["spoil"] and any(options[name] for name in ("fail_if", "baseline", *_REPORTS, "journal")):
        message = "--spoil measures the judge: it has no gates, baseline, journal, Markdown, JUnit or plot."
        raise CommandError(message, returncode=2)
    if len(engines) > 1 and (options["keep_outputs"] or options["keep_flagged"]):
        raise CommandError("--keep-outputs and --keep-flagged are for one engine.", returncode=2)
    if (options["resume"] or options["retry"]) and options["journal"] is None:
        raise CommandError("--resume and --retry need the journal to go on with (--journal).", returncode=2)
    if options["retry"] and not options["resume"]:
        raise CommandError("--retry goes on with a journal: say --resume too.", returncode=2)


def _chosen(suite: Path, options: Mapping[str, Any]) -> tuple[list[Case], list[str], int]:
    """The cases to run, the line of each, and how many rows are left out. Errors: CommandError where there is none."""
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
    most = options["limit"] if options["limit"] > 0 else len(cases)
    return cases[:most], lines[:most], left_out


def _reported(told: Sequence[Told], left_out: int) -> list[dict[str, object]]:
    """The report of each engine, in their order."""
    return [report_of(each.suite, each.engine, each.results, left_out) | of_gates_and_baseline(each) for each in told]


def _write_reports(
    told: Sequence[Told],
    reports: Sequence[dict[str, object]],
    baselines: Mapping[str, Run],
    options: Mapping[str, Any],
) -> None:
    if options["json"]:
        _write(options["json"], reports[0] if len(reports) == 1 else {"version": VERSION, "runs": reports})
    if options["markdown"]:
        _write_text(options["markdown"], markdown_of(told))
    if options["junit"]:
        _write_text(options["junit"], junit_of(told))
    if options["plot"]:
        _write_text(options["plot"], plot_of(told, baselines))


def _end(told: Sequence[Told]) -> None:
    """Errors: CommandError, with the exit code 3, where a gate failed or a case was stopped."""
    failed = [f"{each.engine}: {judged.gate.text}" for each in told for judged in each.judged if judged.failed]
    stopped = [result.case.id for each in told for result in each.results if result.stopped]
    messages = [f"Stopped for taking too long, and counted as refused: {', '.join(stopped)}."] if stopped else []
    if failed:
        messages.append(f"Gates that failed: {'; '.join(failed)}.")
    if messages:
        raise CommandError(" ".join(messages), returncode=3)


def _write(out: str, report: Mapping[str, object]) -> None:
    _write_text(out, json.dumps(report, ensure_ascii=False, indent=1) + "\n")


def _write_text(out: str, text: str) -> None:
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Cannot write {out}: {error.strerror}.") from error
