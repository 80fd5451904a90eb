"""A model server's processes: their start, health and end.

Must not know: profiles, what a host must have, Django.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

STOPPED_WITHIN = 20.0  # seconds for an orderly end
_ASKED_WITHIN = 5.0
_TAIL = 3000  # characters of a log that a failure shows
_MEMORY = ("out of memory", "OutOfMemoryError", "Not enough memory")


class ServerFailed(RuntimeError):
    """A server did not start or has ended; `str(error)` says what is known of the reason."""


@dataclass(frozen=True, slots=True)
class Job:
    """One process to start. `environment` is added to this process's own."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    log: Path


@dataclass(frozen=True, slots=True)
class Running:
    job: Job
    process: subprocess.Popen[bytes]


@contextmanager
def running(jobs: Sequence[Job]) -> Iterator[list[Running]]:
    """The processes, each in a process group of its own, which is ended with the block. Errors: ServerFailed."""
    started: list[Running] = []
    try:
        for job in jobs:
            process = _start(job)  # what has started before is ended where this one cannot start
            started.append(process)
        yield started
    finally:
        for each in reversed(started):
            _end(each.process)


def wait_until_ready(url: str, started: Sequence[Running], within: float) -> Iterator[tuple[float, str]]:
    """Gives the seconds waited and the last line of a log, once a second, until the server at `url` is healthy. Errors:
    ServerFailed."""
    began = time.monotonic()
    with httpx.Client(base_url=url, timeout=_ASKED_WITHIN, trust_env=False) as client:
        while not _healthy(client):
            check(started)
            waited = time.monotonic() - began
            if waited > within:
                raise ServerFailed(f"The server was not ready within {within:g} seconds. {_told(started[-1].job.log)}")
            yield waited, last_line(started[0].job.log)
            time.sleep(1.0)


def check(started: Sequence[Running]) -> None:
    """Errors: ServerFailed where one of them has ended."""
    for each in started:
        code = each.process.poll()
        if code is not None:
            raise ServerFailed(f"The {each.job.name} ended with {code}. {_told(each.job.log)}")


def last_line(log: Path) -> str:
    """The last line of a log that says something."""
    lines = [line.strip() for line in _end_of(log).splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _start(job: Job) -> Running:
    job.log.parent.mkdir(parents=True, exist_ok=True)
    with job.log.open("wb") as sink:
        try:
            process = subprocess.Popen(
                job.words,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=os.environ | job.environment,
                start_new_session=True,  # the group's id is the process's own: its end can hit nothing else
            )
        except OSError as error:
            raise ServerFailed(f"{job.words[0]} cannot be run: {error.strerror}.") from error
    return Running(job, process)


def _end(process: subprocess.Popen[bytes]) -> None:
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


def _healthy(client: httpx.Client) -> bool:
    try:
        return client.get("/health").status_code == 200
    except httpx.HTTPError:
        return False


def _told(log: Path) -> str:
    text = _end_of(log)
    why = "It ran out of GPU memory: choose a smaller model, fp8 or a shorter context. " if _any(_MEMORY, text) else ""
    return f"{why}Its log, {log}, ends with:\n{text.strip()}"


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)


def _end_of(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
