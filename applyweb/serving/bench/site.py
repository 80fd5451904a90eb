"""The real site as a process of its own, on a free port, with data of its own that goes with it.

Must not know: what is measured. Errors: SiteError.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

import applyweb

ROOT = Path(applyweb.__file__).resolve().parent.parent


class SiteError(RuntimeError):
    """The site did not start; `str(error)` ends with what it wrote."""


@dataclass(frozen=True, slots=True)
class BenchSite:
    """A running site: its address, a bearer token, its environment."""

    base: str
    token: str
    environment: Mapping[str, str] = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def socket_url(self, events: str) -> str:
        """The address of the socket whose path the API gave."""
        return self.base.replace("http", "ws", 1) + events

    def sign_in_link(self) -> str:
        """A new link that signs a browser in, once. Errors: SiteError."""
        return _manage(self.environment, "sign_in_link", "--base", self.base)


@contextmanager
def running_site(further: Mapping[str, str]) -> Iterator[BenchSite]:
    """A site with `further` in its environment; ended when the block ends."""
    with tempfile.TemporaryDirectory(prefix="applyweb-bench-") as folder:
        environment = {**os.environ, "APPLYWEB_DATA": folder, "PYTHONUNBUFFERED": "1", **further}
        log = Path(folder) / "log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", "0"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        try:
            base = _address(process, log)
            httpx.get(base + "/sign-in/", timeout=60, trust_env=False)  # the first request loads every route
            yield BenchSite(base, _manage(environment, "token", "bench"), environment)
        finally:
            _end(process)


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"applyweb is on (\S+)", line):
            return found[1]
    raise SiteError(f"The site did not start:\n{log.read_text()}")


def _manage(environment: Mapping[str, str], *words: str) -> str:
    """The last line that a command of the site prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SiteError(f"manage.py {words[0]} failed:\n{done.stderr}")
    return done.stdout.splitlines()[-1]


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(15)
    if process.stdout is not None:
        process.stdout.close()
