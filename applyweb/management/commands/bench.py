"""`manage.py bench web|browser|merge|draft|engine|steps`: how fast the site, the review page, the merge, drafts or
engines are here.

Must not know: how anything is measured.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
from argparse import ArgumentParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from applyweb.management import numbers
from applyweb.management.report_files import write_json


class Command(BaseCommand):
    help = (
        "Measure the site, the review page in a browser or the merge against goals, or drafts or engines side by side. "
        "Exit 0: all met, 1: a goal was missed or another tool is ahead, 2: nothing was measured, "
        "3: the browser's part was cut short."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "part",
            choices=["web", "browser", "merge", "draft", "engine", "steps"],
            help="the site with its sockets; the review page in a slowed-down Chromium beside other diff views from "
            "npm, on the same texts; the merge alone; tokens a verify step by where drafts come from, replayed "
            "without a model; engines side by side on the same cases; the time of a verify step on this GPU",
        )
        parser.add_argument(
            "--json", dest="report", type=Path, metavar="OUT", help="also write the figures to this file"
        )
        parser.add_argument(
            "--only",
            metavar="NAME",
            help="web, browser, merge: one case of the part; a wrong name lists them",
        )
        parser.add_argument(
            "--quick",
            action="store_true",
            help="all but draft and engine: tiny sizes (browser: and 3 loads): shows that all runs, measures nothing",
        )
        cases = parser.add_argument_group("draft and engine")
        cases.add_argument("--suite", type=Path, help="draft, engine: a .jsonl file of cases, as for evaluate")
        cases.add_argument("--limit", type=numbers.whole(0), default=0, help="draft, engine: only the first N cases")
        cases.add_argument("--tokenizer", type=Path, help="draft: a model's folder or its tokenizer.json")
        cases.add_argument(
            "--record",
            metavar="ENGINE[@URL]",
            help="draft: first have this model write the answers, into --replays; what is there is not asked again",
        )
        cases.add_argument("--replays", type=Path, metavar="OUT", help="draft: the suite with the recorded answers")
        cases.add_argument(
            "--ngram", metavar="PYTHON", help="draft: a Python that has SGLang, for a row of its own NGRAM"
        )
        cases.add_argument(
            "--engines",
            default="embedded,sglang",
            help="engine: [NAME=]ENGINE[@URL], apart by commas, such as plain=sglang@http://gpu:30001 (%(default)s)",
        )
        cases.add_argument("--plot", type=Path, metavar="OUT", help="engine, browser: also write a plot (SVG)")
        browser = parser.add_argument_group("browser")
        browser.add_argument(
            "--peers",
            default="diff2html,codemirror,monaco",
            metavar="NAMES",
            help="what to measure beside, apart by commas, or none (%(default)s)",
        )
        steps = parser.add_argument_group("steps")
        steps.add_argument("--profile", action="append", help="a launch profile; repeatable (nine of the built-in)")
        steps.add_argument("--profiles", action="append", default=[], metavar="FILE", help="more profiles")
        steps.add_argument(
            "--widths", type=numbers.widths, default="16,32,64,128,256", help="draft widths (%(default)s)"
        )
        steps.add_argument("--python", default=sys.executable, help="the Python that has SGLang (this one)")
        steps.add_argument(
            "--model",
            metavar="FOLDER",
            help="real weights: applies through the site are measured too, with the built-in profiles for its size or "
            "with those of --profile",
        )
        steps.add_argument("--site-only", action="store_true", help="with --model: nothing but those applies")
        steps.add_argument("--draft", metavar="FOLDER", help="an EAGLE draft head (one with random weights)")
        steps.add_argument(
            "--computed",
            metavar="GPU",
            help="measure nothing, compute the least that a step can take on this GPU, such as H200",
        )
        steps.add_argument("--port", type=numbers.port, default=30900, help="the servers' port (%(default)s)")

    def handle(self, *args: Any, part: str, report: Path | None, only: str | None, quick: bool, **options: Any) -> None:
        if part == "steps":
            from applyweb.management import bench_models

            if options["computed"]:
                self.stdout.write(bench_models.computed_steps(options, options["computed"], report))
            else:
                self.stdout.write(bench_models.bench_steps(options, report, _machine(), quick=quick))
            return
        if part in ("draft", "engine"):
            self._side_by_side(part, report, options)
            return
        if part == "browser":
            self._browser(report, only, options, quick=quick)
        if part == "web":
            _need_websockets()
        from applyweb.serving.bench import figures, merges, sizes

        failures: tuple[type[Exception], ...] = (merges.WrongMerge,)
        names: tuple[str, ...] = merges.NAMES
        run_cases = merges.run_cases
        if part == "web":
            from applyweb.serving.bench import web
            from applyweb.serving.bench.reader import ReaderError
            from applyweb.serving.bench.site import SiteError

            failures = (ReaderError, SiteError)
            names, run_cases = web.NAMES, web.run_cases
        if only is not None and only not in names:
            raise CommandError(f"There is no case {only!r}. Choose one of: {', '.join(names)}.", returncode=2)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an orderly end: the measured site ends too
        machine = _machine()
        found: list[figures.Figure] = []
        try:
            for name, rows in run_cases((only,) if only else names, sizes.QUICK if quick else sizes.FULL):
                found += rows
                self.stderr.write(f"{name}: {'done' if rows else 'measuring'}")
        except failures as error:
            raise CommandError(f"The measurement broke off. {error}", returncode=2) from error
        self.stdout.write(figures.table(found))
        self.stdout.write("\n" + ", ".join(f"{fact} {value}" for fact, value in machine.items()))
        if report is not None:
            write_json(report, figures.as_json(found, machine))
        sys.exit(figures.exit_code(found))

    def _browser(self, report: Path | None, only: str | None, options: dict[str, Any], *, quick: bool) -> NoReturn:
        _need_websockets()
        from applyweb.management.bench_browser import bench_browser

        signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was measured by then is told
        machine = _machine()
        text, code = bench_browser(
            machine, report=report, plot=options["plot"], only=only, rivals=options["peers"], quick=quick
        )
        self.stdout.write(text)
        self.stdout.write("\n" + ", ".join(f"{fact} {value}" for fact, value in machine.items()))
        sys.exit(code)

    def _side_by_side(self, part: str, report: Path | None, options: dict[str, Any]) -> None:
        from applyweb.management import bench_models

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an orderly end: what was started here ends too
        if part == "draft":
            text, found = bench_models.bench_draft(options)
        else:
            suite, limit = options["suite"], options["limit"]
            text, found = bench_models.bench_engines(suite, options["engines"], limit, options["plot"])
        self.stdout.write(text)
        if report is not None:
            write_json(report, {"machine": _machine(), **found})


def _need_websockets() -> None:
    if find_spec("websockets") is None:
        raise CommandError("The package websockets is missing: pip install 'applyweb[test]'", returncode=2)


def _machine() -> dict[str, Any]:
    """What figures depend on. `load` is what already ran at the start: far above 0 it makes every figure too high."""
    load = round(os.getloadavg()[0], 1)
    return {"system": platform.system(), "python": platform.python_version(), "cpus": os.cpu_count(), "load": load}
