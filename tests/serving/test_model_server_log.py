"""What a model server's processes leave behind: a log that does not grow without end, no key, and no process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from applyweb.serving.model_server import launch, log
from applyweb.serving.model_server.launch import Job, ServerFailed, running
from tests.conftest import PATIENCE, ROOT, end_with_us


def job(path: Path, code: str) -> Job:
    return Job("model server", [sys.executable, "-c", code], {}, path)


def said(path: Path, code: str) -> str:
    """The log's tail when a server that runs this code has ended."""
    with running([job(path, code)]) as (started,):
        started.process.wait(PATIENCE)
        started.log.settle()
        return started.log.tail()


def test_a_second_server_appends_and_shows_its_own_words_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "server.log"
    assert said(path, "print('out of memory')") == "out of memory\n"
    assert said(path, "print('second')") == "second\n"
    kept = [line for line in path.read_text().splitlines() if not line.startswith("--- ")]
    assert kept == ["out of memory", "second"]
    with running([job(path, "raise SystemExit(3)")]) as started:
        started[0].process.wait(PATIENCE)
        with pytest.raises(ServerFailed) as caught:
            launch.check(started)
    assert "ended with 3" in str(caught.value)
    assert "GPU memory" not in str(caught.value)  # an earlier one's trouble


def test_a_log_that_gets_too_large_begins_anew_and_the_one_before_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "_MOST", 100_000)
    path = tmp_path / "server.log"
    path.write_bytes(b"x" * 100_001)
    lines = 30_000
    tail = said(path, f"for number in range({lines}): print('Decode batch', number)")
    assert tail.endswith(f"Decode batch {lines - 1}\n")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["server.log", "server.log.1"]
    assert all(0 < each.stat().st_size <= 100_000 for each in tmp_path.iterdir())
    both = (tmp_path / "server.log.1").read_text() + path.read_text()
    numbers = [int(line.split()[-1]) for line in both.splitlines()[1:]]
    assert numbers == list(range(numbers[0], lines))  # nothing is lost at the edge


def test_a_server_whose_log_cannot_be_written_any_more_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(log, "_MOST", 1000)
    (tmp_path / "server.log.1").mkdir()  # where the larger one should go
    with running([job(tmp_path / "server.log", "print('x' * 1_000_000); raise SystemExit(4)")]) as (started,):
        assert started.process.wait(PATIENCE) == 4  # not held up by a pipe that nobody reads
        started.log.settle()
    assert caplog.text.count("server.log cannot be written") == 1


def test_a_server_whose_log_cannot_be_written_at_all_is_not_started(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.symlink_to("/dev/full")
    with pytest.raises(ServerFailed, match="cannot be written"), running([job(path, "print('a')")]):
        pytest.fail("it has no log")


def test_a_server_knows_no_key_of_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("APPLYWEB_SECRET_KEY", "APPLYWEB_OPENAI_API_KEY", "APPLYWEB_SGLANG_API_KEY"):
        monkeypatch.setenv(name, "k-secret")
    monkeypatch.setenv("APPLYWEB_EAGLE_STEPS", "3")
    tail = said(tmp_path / "log", "import os; print({key: os.environ[key] for key in os.environ if 'APPLYWEB' in key})")
    assert "k-secret" not in tail
    assert "'APPLYWEB_EAGLE_STEPS': '3'" in tail


_SERVE = """
import signal, sys, time
from pathlib import Path
from applyweb.serving.model_server.launch import Job, running
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
code = "import os, subprocess, sys; print(os.getpid(), flush=True); subprocess.run(['sleep', '600'])"
with running([Job("server", [sys.executable, "-c", code], {}, Path(sys.argv[1]))]) as (started,):
    while not started.log.tail().endswith("\\n"):
        time.sleep(0.05)
    print(started.process.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_the_servers_whole_group_ends_with_its_parent_however_that_ends(tmp_path: Path, sign: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(tmp_path / "log")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=end_with_us,
    ) as parent:
        assert parent.stdout is not None
        group = int(parent.stdout.readline())
        assert members(group)
        parent.send_signal(sign)
        parent.wait(PATIENCE)
    end = time.monotonic() + PATIENCE
    while members(group) and time.monotonic() < end:
        time.sleep(0.05)
    assert members(group) == []


def members(group: int) -> list[int]:
    """The processes of a group that still run."""
    found = []
    for each in Path("/proc").iterdir():
        try:
            if each.name.isdigit() and os.getpgid(int(each.name)) == group:
                state = (each / "stat").read_text().rpartition(")")[2].split()[0]
                found += [int(each.name)] * (state != "Z")
        except (OSError, ProcessLookupError):
            continue
    return found
