"""Real SGLang servers on the CPU for tests: `with running_server("ngram") as url`.

Must not know: engines, the site. What the server is made of is `setup`'s affair; here it is started, waited for
and ended.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from applyweb.serving.model_server import profiles
from applyweb.serving.model_server.profiles import Choice

from . import place

Kind = Literal["plain", "ngram", "eagle3", "apply", "apply_eagle3"]
CONTEXT_LENGTH = 1024
APPLY_WIDTH = 16
CPU = (
    *("--attention-backend", "intel_amx", "--disable-cuda-graph", "--grammar-backend", "none"),
    *("--sampling-backend", "pytorch", "--mem-fraction-static", "0.5"),
)
READY_WITHIN = 400.0  # seconds; 30 to 60 are usual on two idle cores, and idle they are not always
STOPPED_WITHIN = 10.0


class ServerFailed(RuntimeError):
    """The server is not installed, did not start, or did not become ready; `str(error)` says what to do or why."""


@contextmanager
def running_server(kind: Kind) -> Iterator[str]:
    """The address of a fresh server ("http://127.0.0.1:PORT"), warm and idle. Errors: ServerFailed."""
    with started_server(kind, free_port()) as started:
        yield started.url


@dataclass(frozen=True)
class Started:
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """All of it at once, as a crash or the kernel would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def started_server(kind: Kind, port: int, width: int = APPLY_WIDTH, context: int = CONTEXT_LENGTH) -> Iterator[Started]:
    """A fresh server at the port, warm and idle; `width` is of drafts from the merge. Its whole process group is
    ended when the block is left. Errors: ServerFailed, with the end of the server's log."""
    folder = place.install_folder()
    if not place.finished_marker(folder).exists():
        raise ServerFailed(f"The CPU test server is not installed. Run {place.HERE / 'setup'} (minutes, once).")
    with tempfile.TemporaryDirectory(prefix="applyweb-sglang-") as scratch:
        log = Path(scratch) / "server.log"
        write_package_metadata(Path(scratch))
        with log.open("wb") as sink:
            process = subprocess.Popen(
                command(kind, folder, port, width, context),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=scratch,
                env=environment(Path(scratch)),
                start_new_session=True,  # the group's id is the process's own: nothing else can be hit by its end
            )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(url, process, log)
            yield Started(url, process)
        finally:
            end(process)


def running_requests(url: str) -> int:
    """How many requests the server at `url` works on now."""
    with urllib.request.urlopen(f"{url}/v1/loads", timeout=20) as reply:
        return sum(int(load["num_running_reqs"]) for load in json.load(reply)["loads"])


def wait_for_running(url: str, count: int, within: float = 60.0) -> None:
    """Return as soon as the server works on `count` requests. Errors: TimeoutError."""
    deadline = time.monotonic() + within
    while (found := running_requests(url)) != count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{url} works on {found} requests and not on {count} after {within:.0f} s")
        time.sleep(0.1)


def command(kind: Kind, folder: Path, port: int, width: int, context: int) -> list[str]:
    """The product's own command, so that what tests see is what `serve_model` starts."""
    profile = profiles.load([place.HERE / "profiles.toml"])[kind]
    profile = replace(profile, launch=(str(place.HERE / "launch.py"),), context=context, arguments=CPU)
    width = width if profile.drafts_from_merge else 0
    choice = Choice(str(place.model(folder)), str(place.draft_head(folder)), width, port=port)
    words = profiles.command(profile, choice, str(place.python(folder)))
    return [*words, "--served-model-name", "smollm2-135m-instruct", "--max-total-tokens", str(4 * context)]


def write_package_metadata(folder: Path) -> None:
    """What `pip install` would write: SGLang finds plugins by the entry points of installed packages."""
    project = tomllib.loads((place.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = folder / f"{project['name']}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    lines = [
        line
        for group, entries in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in entries.items()))
    ]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")


def environment(metadata: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}  # pip compiled it all
    return ours | {
        "APPLYWEB_TEST_FORK": "1",
        "APPLYWEB_TEST_PROCESS": str(os.getpid()),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",  # more threads than free cores make this many times slower
        "PYTHONDONTWRITEBYTECODE": "1",  # the shim lies in the repository, where nothing may be written
        "PYTHONPATH": os.pathsep.join(map(str, (place.SHIM, metadata, place.ROOT))),
        "SGLANG_USE_CPU_ENGINE": "1",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFailed(f"The server ended with {process.returncode} while starting.\n{tail(log)}")
        if answers(f"{url}/health"):
            return
        time.sleep(0.5)
    raise ServerFailed(f"The server was not ready within {READY_WITHIN:.0f} s.\n{tail(log)}")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=20) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False  # not listening yet, or 503 while it warms up


def tail(log: Path) -> str:
    return log.read_text(errors="replace")[-4000:]


def end(process: subprocess.Popen[bytes]) -> None:
    """End the process group that this module started: politely, then for good."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
