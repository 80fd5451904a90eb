"""`manage.py bench web|merge`: how fast the site, or the merge alone, is here, against its goals.

Must not know: how anything is measured.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
from argparse import ArgumentParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Measure the site or the merge against goals. Exit 0: all met, 1: a goal was missed, 2: nothing was measured."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=["web", "merge"], help="the site with its sockets, or the merge alone")
        parser.add_argument(
            "--json", dest="report", type=Path, metavar="OUT", help="also write the figures to this file"
        )
        parser.add_argument(
            "--only",
            metavar="NAME",
            help="one case of the part; a wrong name lists them",
        )
        parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that all runs, measures nothing")

    def handle(self, *args: Any, part: str, report: Path | None, only: str | None, quick: bool, **options: Any) -> None:
        if part == "web" and find_spec("websockets") is None:
            raise CommandError("The package websockets is missing: pip install 'applyweb[test]'", returncode=2)
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
            _write(report, figures.as_json(found, machine))
        sys.exit(figures.exit_code(found))


def _machine() -> dict[str, Any]:
    """What figures depend on. `load` is what already ran at the start: far above 0 it makes every figure too high."""
    load = round(os.getloadavg()[0], 1)
    return {"system": platform.system(), "python": platform.python_version(), "cpus": os.cpu_count(), "load": load}


def _write(path: Path, report: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.", returncode=2) from error
