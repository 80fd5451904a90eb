"""`manage.py bundle_model_server OUT`: what a GPU host without internet needs, packed and hashed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from applyweb.management import numbers
from applyweb.serving.model_server import bundle, profiles, wheels
from applyweb.serving.model_server.profiles import Choice

_MIB = 1 << 20


class Command(BaseCommand):
    help = "Pack the model server for a host without internet: wheels, weights, and an install that checks every hash."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", type=Path, help="the folder of the bundle: new, empty, or an earlier bundle")
        parser.add_argument("--model", type=Path, metavar="FOLDER", help="the weights to pack")
        parser.add_argument("--draft", type=Path, metavar="FOLDER", help="an EAGLE draft head to pack")
        parser.add_argument("--profile", default="7b-apply", help="the launch profile of the start line (%(default)s)")
        parser.add_argument("--python", default="3.12", help="the host's Python (%(default)s)")
        parser.add_argument(
            "--platform", action="append", help=f"the newest that the host takes ({wheels.PLATFORMS[0]})"
        )
        parser.add_argument("--requirement", action="append", help="in place of applyweb[serve]; repeatable")
        parser.add_argument(
            "--part-size", type=numbers.whole(0), default=0, metavar="MIB", help="cut larger files into parts"
        )
        parser.add_argument("--no-wheels", action="store_true", help="pack the weights only")

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        try:
            profile = profiles.named(options["profile"], profiles.load())
        except profiles.ProfileError as error:
            raise CommandError(str(error)) from error
        folders = {name: options[name] for name in ("model", "draft") if options[name] is not None}
        model, draft = (f"{{target}}/{name}" if name in folders else "" for name in ("model", "draft"))
        choice = Choice(model, draft)
        packed = not options["no_wheels"]
        root = Path(settings.BASE_DIR)
        host = wheels.Host(options["python"], options["platform"] or wheels.PLATFORMS)
        try:
            plan = bundle.Plan(
                requirements=(options["requirement"] or wheels.serve_requirements(root)) if packed else (),
                alone=("applyweb",),
                root=root if packed else None,
                folders=folders,
                # Without wheels install makes no venv: whoever has SGLang there names its Python.
                start=profiles.command(profile, choice, "{target}/venv/bin/python" if packed else "python3"),
                host=host,
                part_size=options["part_size"] * _MIB,
            )
            with tqdm(unit="B", unit_scale=True, desc="packing", disable=None) as bar:
                for step in bundle.pack(plan, out):
                    if step.words:
                        with tqdm.external_write_mode():
                            self.stdout.write(step.words)
                    bar.total = step.total or bar.total
                    bar.update(step.done)
        except (bundle.BundleError, wheels.WheelError) as error:
            raise CommandError(str(error)) from error
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        self.stdout.write(f"\nPacked {size / _MIB:,.0f} MiB. On the host: {out.name}/install TARGET")
