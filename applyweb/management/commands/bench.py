"""`manage.py bench web`: how fast the site is here, against its goals. Must not know: how anything is measured."""

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
    help = "Measure the site against its speed goals. Exit 0: all met, 1: a goal was missed, 2: nothing was measured."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=["web"], help="what to measure")
        parser.add_argument(
            "--json", dest="report", type=Path, metavar="OUT", help="also write the figures to this file"
        )
        parser.add_argument("--only", metavar="NAME", help="one case: merge, post, page, delay or stream")
        parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that all runs, measures nothing")

    def handle(self, *args: Any, report: Path | None, only: str | None, quick: bool, **options: Any) -> None:
        if find_spec("websockets") is None:
            raise CommandError("The package websockets is missing: pip install 'applyweb[test]'", returncode=2)
        from applyweb.serving.bench import figures, sizes, web
        from applyweb.serving.bench.reader import ReaderError
        from applyweb.serving.bench.site import SiteError

        if only is not None and only not in web.NAMES:
            raise CommandError(f"There is no case {only!r}. Choose one of: {', '.join(web.NAMES)}.", returncode=2)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an orderly end: the measured site ends too
        machine = _machine()
        found: list[figures.Figure] = []
        try:
            for name, rows in web.run_cases((only,) if only else web.NAMES, sizes.QUICK if quick else sizes.FULL):
                found += rows
                self.stderr.write(f"{name}: {'done' if rows else 'measuring'}")
        except (ReaderError, SiteError) as error:
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
