"""Shared fixtures: a person, and the real site as a process of its own."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds until what should have come is taken to hang, on a machine that may be busy
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def end_with_us() -> None:
    """For a process that is about to be another program: it is killed when this one ends, however that ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Site:
    """A running `manage.py up`. `kill` and `start` again keep the data folder and the port.

    An empty data folder is filled before the start as a first start leaves it (`begun`), unless the start is to be the
    first: `fresh`.
    """

    data: Path
    env: dict[str, str] = field(default_factory=dict)
    fresh: bool = False
    base: str = ""
    sign_in: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> None:
        port = self.base.rpartition(":")[2] or "0"
        if not self.fresh and not any(self.data.iterdir()):
            shutil.copytree(begun(self.data.parent), self.data, dirs_exist_ok=True)
        with (self.data / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", port, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=end_with_us,
            )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"applyweb is on (\S+)", line):
                self.base = found[1]
            if found := re.search(r"Sign in: (\S+)", line):
                self.sign_in = found[1]
                break
        else:
            raise AssertionError(f"the site did not start:\n{self.log}")
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                httpx.get(self.base + "/sign-in/", timeout=5)
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the site does not answer:\n{self.log}")

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "APPLYWEB_DATA": str(self.data), "PYTHONUNBUFFERED": "1", **self.env}

    @property
    def log(self) -> str:
        return (self.data / "log").read_text()

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(20)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def manage(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        ).stdout

    @property
    def token(self) -> str:
        """A tool's, made by `begun`."""
        return (self.data / "token").read_text()

    def client(self) -> httpx.Client:
        """A tool's client, with a bearer token."""
        return httpx.Client(base_url=self.base, headers={"Authorization": f"Bearer {self.token}"}, timeout=30)


def begun(folder: Path) -> Path:
    """What a first start leaves in its data folder: tables, the owner, and samples that have ended; and a tool's token
    in the file "token". Made once below `folder`, which holds all that one process of tests writes."""
    done = folder / "begun"
    if not done.exists():
        data = Path(tempfile.mkdtemp(prefix="beginning-", dir=folder))
        site = Site(data, fresh=True)
        try:
            site.start()
            _wait_for_samples(data)
            token = site.manage("token", "test").splitlines()[-1]
        finally:
            site.kill(signal.SIGTERM)
        (data / "log").unlink()
        (data / "token").write_text(token)
        data.rename(done)
    return done


def _wait_for_samples(data: Path) -> None:
    with closing(sqlite3.connect(f"file:{data / 'applyweb.sqlite3'}?mode=ro", uri=True)) as database:
        for _ in range(1200):
            states = {status for (status,) in database.execute("SELECT status FROM applyweb_apply")}
            if states and not states & {"queued", "running"}:
                return
            time.sleep(0.05)
    raise AssertionError("the samples did not end")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadgroup` is for the tests of model servers."""
    if config.getoption("dist") != "loadgroup":
        return None
    from tests.sglang_cpu.sharing import SharedServers

    return SharedServers(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what starts the site: the inner loop leaves it out."""
    for item in items:
        if {"live_site", "own_site", "site"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("site")


@pytest.fixture(scope="module")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real site, started by the real command, on a free port with data of its own; one a test module."""
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.start()
        yield site
    finally:
        site.kill(signal.SIGTERM)


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """As `live_site`, for a test that kills it or needs an environment of its own; the test starts it."""
    site = Site(tmp_path)
    try:
        yield site
    finally:
        site.kill()
