"""A model server's processes: their start, health and end.

Must not know: profiles, what a host must have, Django.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from applyweb.engines.children import group_ends_with_us
from applyweb.serving.model_server.log import Log

STOPPED_WITHIN = 20.0  # seconds for an orderly end
_ASKED_WITHIN = 5.0
_KEYS = ("APPLYWEB_SECRET_KEY", "APPLYWEB_SGLANG_API_KEY", "APPLYWEB_OPENAI_API_KEY")
_MEMORY = ("out of memory", "OutOfMemoryError", "Not enough memory")


class ServerFailed(RuntimeError):
    """A server did not start or has ended; `str(error)` says what is known of the reason."""


@dataclass(frozen=True, slots=True)
class Job:
    """One process to start. `environment` is added to this process's own, less the site's keys."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    log: Path


@dataclass(frozen=True, slots=True)
class Running:
    job: Job
    process: subprocess.Popen[bytes]
    log: Log


@contextmanager
def running(jobs: Sequence[Job]) -> Iterator[list[Running]]:
    """The processes, each in a process group of its own, which is ended with the block, and with this process however
    it ends. Errors: ServerFailed."""
    with ExitStack() as stack:
        # What has started before is ended where one cannot start.
        yield [stack.enter_context(_started(job)) for job in jobs]


def wait_until_ready(url: str, started: Sequence[Running], within: float) -> Iterator[tuple[float, str]]:
    """Gives the seconds waited and the last line of a log, once a second, until the server at `url` is healthy. Errors:
    ServerFailed."""
    began = time.monotonic()
    with httpx.Client(base_url=url, timeout=_ASKED_WITHIN, trust_env=False) as client:
        while not _healthy(client):
            check(started)
            waited = time.monotonic() - began
            if waited > within:
                raise ServerFailed(f"The server was not ready within {within:g} seconds. {_told(started[-1].log)}")
            yield waited, started[0].log.last_line()
            time.sleep(1.0)


def check(started: Sequence[Running]) -> None:
    """Errors: ServerFailed where one of them has ended."""
    for each in started:
        code = each.process.poll()
        if code is not None:
            each.log.settle()
            raise ServerFailed(f"The {each.job.name} ended with {code}. {_told(each.log)}")


@contextmanager
def _started(job: Job) -> Iterator[Running]:
    with group_ends_with_us() as follow:
        try:
            process = subprocess.Popen(
                job.words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=_environment() | dict(job.environment),
                start_new_session=True,  # the group's id is the process's own: its end can hit nothing else
            )
        except OSError as error:
            raise ServerFailed(f"{job.words[0]} cannot be run: {error.strerror}.") from error
        with _ended(process):
            follow(process.pid)
            assert process.stdout is not None
            try:
                log = Log(job.log, process.stdout)
            except OSError as error:
                process.stdout.close()
                raise ServerFailed(f"{job.log} cannot be written: {error.strerror}.") from error
            yield Running(job, process, log)
        log.settle()


def _environment() -> dict[str, str]:
    """This process's own without the site's keys, which a model server and what it loads need not know."""
    return {name: word for name, word in os.environ.items() if name not in _KEYS}


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        _end(process)


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


def _told(log: Log) -> str:
    text = log.tail()
    why = "It ran out of GPU memory: choose a smaller model, fp8 or a shorter context. " if _any(_MEMORY, text) else ""
    return f"{why}Its log, {log.path}, ends with:\n{text.strip()}"


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)
