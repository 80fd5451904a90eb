"""`manage.py serve_model PROFILE`: SGLang on this machine's own GPUs, checked, started, and known to the site."""

from __future__ import annotations

import ipaddress
import os
import shlex
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applyweb.jobs.model_server import Registered, register, registered, unregister
from applyweb.management import numbers
from applyweb.serving.model_server import host, launch, profiles
from applyweb.serving.model_server.profiles import Choice, Profile

_TELL_EVERY = 5.0  # seconds between two lines while the model loads
_LOOK_EVERY = 1.0
_KEY = "APPLYWEB_SGLANG_API_KEY"


class Command(BaseCommand):
    help = "Start SGLang with a launch profile and let the site use it. Without a profile: list them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("profile", nargs="?", help="such as 7b-apply; without one they are listed")
        parser.add_argument("--dry-run", action="store_true", help="only check this host and print the command")
        parser.add_argument("--model", default="", metavar="PATH", help="a folder with the model (a tuned one, say)")
        parser.add_argument("--draft", default="", metavar="PATH", help="a folder with an EAGLE draft head")
        parser.add_argument(
            "--draft-tokens", type=numbers.whole(2), default=0, metavar="K", help="tokens that a step verifies"
        )
        parser.add_argument(
            "--gpus", type=numbers.whole(1), default=1, help="a copy of the model a GPU, behind one address"
        )
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
        parser.add_argument("--port", type=numbers.port, default=30000, help="the port (%(default)s)")
        parser.add_argument("--python", default=sys.executable, help="the Python that has SGLang (this one)")
        parser.add_argument("--profiles", action="append", default=[], metavar="FILE", help="more profiles (TOML)")
        parser.add_argument("--download", action="store_true", help="let SGLang fetch weights from a model hub")
        parser.add_argument(
            "--ready-within", type=numbers.seconds, default=1800.0, metavar="S", help="seconds (%(default)g)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = profiles.load(Path(file) for file in options["profiles"])
            if not options["profile"]:
                self.stdout.write(_listed(list(known.values())))
                return
            profile = profiles.named(options["profile"], known)
        except profiles.ProfileError as error:
            raise CommandError(str(error)) from error
        choice = _choice(options)
        missing = self._look(profile, choice, options)
        job = _job(profile, choice, options)
        environment = (f"{key}={value}" for key, value in job.environment.items())
        words = shlex.join([*environment, *_without_key(job.words)]).replace(f"'${_KEY}'", f'"${_KEY}"')
        self.stdout.write(f"\nThe command:\n  {words}")
        if not _only_here(choice.host) and not choice.api_key:
            self.stdout.write(
                f"\nAnyone who reaches {choice.host}:{choice.port} can use this server: it asks for no key. Set {_KEY} "
                "for it and for the site, or leave out --host."
            )
        if missing:
            raise CommandError(
                f"{missing} of the above {'is' if missing == 1 else 'are'} missing; nothing was started."
            )
        if not options["dry_run"]:
            self._serve(profile, choice, job, options["ready_within"])

    def _look(self, profile: Profile, choice: Choice, options: dict[str, Any]) -> int:
        """Prints each finding; how many are not good."""
        missing = 0
        found = host.look(profile, choice, options["python"], download=options["download"])
        for finding in found:
            missing += not finding.good
            self.stdout.write(f"{'ok     ' if finding.good else 'MISSING'}  {finding.what}: {finding.says}")
        return missing

    def _serve(self, profile: Profile, choice: Choice, job: launch.Job, within: float) -> None:
        # As exceptions, so that the servers end with this process.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        url = f"http://{_in_url(choice.host)}:{choice.port}"
        server = Registered(url, profile.name, choice.model or profile.model)
        try:
            with launch.running([job]) as started:
                self._wait(url, started, within)
                before = registered()
                register(server)
                try:
                    if before is not None and before.url != url:
                        self.stdout.write(f"\nThe site used {before.url} until now, and does again once this one ends.")
                    self.stdout.write(f"\nReady at {url}. The site in {settings.DATA_DIR} uses it now. Ctrl+C ends it.")
                    self.stdout.flush()
                    while True:
                        launch.check(started)
                        time.sleep(_LOOK_EVERY)
                finally:
                    unregister(server)
        except launch.ServerFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nEnded.")

    def _wait(self, url: str, started: Sequence[launch.Running], within: float) -> None:
        told = 0.0
        self.stdout.write(f"\nWaiting for {url}. The log: {started[0].log.path}")
        for waited, line in launch.wait_until_ready(url, started, within):
            if waited - told >= _TELL_EVERY:
                told = waited
                self.stdout.write(f"  {waited:4.0f} s  {line[:100]}")
                self.stdout.flush()


def _choice(options: dict[str, Any]) -> Choice:
    model, draft = (str(Path(path).expanduser()) if path else "" for path in (options["model"], options["draft"]))
    key = os.environ.get(_KEY, "").strip()
    return Choice(model, draft, options["draft_tokens"], options["host"], options["port"], options["gpus"], key)


def _job(profile: Profile, choice: Choice, options: dict[str, Any]) -> launch.Job:
    environment = {} if options["download"] else {"HF_HUB_OFFLINE": "1"}
    if profile.device == "cuda":
        environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"  # nvidia-smi's, so that the GPUs are those that were judged
    words = profiles.command(profile, choice, options["python"])
    return launch.Job("model server", words, environment, Path(settings.DATA_DIR) / f"model_server-{choice.port}.log")


def _without_key(words: Sequence[str]) -> list[str]:
    """The words as they may be shown."""
    return [f"${_KEY}" if before == "--api-key" else word for before, word in zip(("", *words), words, strict=False)]


def _listed(known: Sequence[Profile]) -> str:
    width = max(len(profile.name) for profile in known)
    rows = [
        f"{profile.name.ljust(width)}  {profile.model}, {profile.precision}, {profile.context} tokens, "
        f"{f'about {profile.memory:.0f} GiB' if profile.device == 'cuda' else 'no GPU'}: {profile.about}"
        for profile in known
    ]
    return "\n".join(rows)


def _only_here(address: str) -> bool:
    """Whether nobody on another machine reaches what listens there."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _in_url(address: str) -> str:
    if address in ("0.0.0.0", "::"):
        return "127.0.0.1" if address == "0.0.0.0" else "[::1]"
    return f"[{address}]" if ":" in address else address
