"""`manage.py apply`, as a person or a script runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ORIGINAL = "def f():\r\n    return 1\r\n\r\n\r\ndef g():\r\n    return 1"


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", "apply", *arguments]
    return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, timeout=120, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.py"
    path.write_bytes(ORIGINAL.encode())
    return path


def test_certain_gives_exact_bytes_and_exit_0(file: Path) -> None:
    done = run(str(file), "--chat", "-", stdin="```python\ndef f():\n    return 'é'\n```".encode())
    assert done.returncode == 0
    assert done.stdout == ORIGINAL.replace("return 1", "return 'é'", 1).encode()
    assert done.stderr == b""


def test_a_model_that_did_more_than_was_asked_is_unsure_and_exit_2(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLYWEB_ENGINES", "careless=tests.paced.CarelessEngine")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = run(str(file), "--engine", "careless", "--chat", "-", stdin=b"```python\ndef f():\n    return 2\n```")
    assert done.returncode == 2
    assert b"UNASKED = True" in done.stdout
    assert b"nobody asked for" in done.stderr


def test_unsure_gives_the_best_guess_reasons_and_exit_2(file: Path, tmp_path: Path) -> None:
    chat = tmp_path / "chat.md"
    chat.write_text("<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE\n")
    done = run(str(file), "--chat", str(chat))
    assert done.returncode == 2
    assert done.stdout == ORIGINAL.replace("return 1", "return 2", 1).encode()
    assert b"chat line 1" in done.stderr
    assert b"[place_unsure]" in done.stderr


@pytest.mark.parametrize("chat", [b"", b"Looks fine to me, nothing has to change here.", b"caf\xe9"])
def test_failure_leaves_stdout_empty_and_exits_1(file: Path, chat: bytes) -> None:
    done = run(str(file), "--chat", "-", stdin=chat)
    assert (done.returncode, done.stdout) == (1, b"")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_merge_that_takes_too_long_is_stopped_and_exits_1(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLYWEB_MERGE_TIMEOUT", "0")
    done = run(str(file), "--chat", "-", stdin=b"```python\ndef f():\n    return 2\n```")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"The merge took more than 0 seconds and was stopped." in done.stderr


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    done = run(str(tmp_path / "none.py"), "--chat", "-")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().count("\n") == 1
    assert "Cannot read" in done.stderr.decode()


def test_json_report(file: Path) -> None:
    done = run(str(file), "--chat", "-", "--json", stdin=b"```python\ndef g():\n    return 3\n```")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["confidence"] == "certain"
    assert report["merged"].endswith("def g():\r\n    return 3")
    failed = run(str(file), "--chat", "-", "--json")
    assert failed.returncode == 1
    assert json.loads(failed.stdout)["error"]["code"] == "no_code"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.py"], "the following arguments are required: --chat"),
        (["a.py", "--chat", "-", "--engine", "magic"], "invalid choice: 'magic'"),
        (["a.py", "--chat", "-", "--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_a_wrong_call_exits_1_for_2_means_unsure(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, b"")
    said = done.stderr.decode()
    assert said.startswith("usage: manage.py apply ")
    assert words in said
    assert "Traceback" not in said
