"""`manage.py apply` with several files, as a person or a script runs it: one patch, or nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import many_files

ROOT = Path(__file__).resolve().parents[1]
NEW = "### src/new.py\n\n```python\nn = 1\n```\n"


def run(folder: Path, chat: str, *files: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), "apply", *files, "--chat", "-"]
    return subprocess.run(command, cwd=folder, input=chat, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    for path, text in many_files(2)[0]:
        (tmp_path / path).write_text(text)
    (tmp_path / "rest.py").write_text("r = 1\n")
    return tmp_path


def test_several_files_give_one_patch_that_git_takes(folder: Path) -> None:
    done = run(folder, many_files(2)[1] + NEW, "src/part_0.py", "src/part_1.py", "rest.py")
    assert (done.returncode, done.stderr) == (0, "rest.py is not touched\n")
    subprocess.run(["git", "apply", "-"], cwd=folder, input=done.stdout, text=True, check=True)
    assert (folder / "src/new.py").read_text() == "n = 1\n"
    for number in range(2):
        assert (folder / f"src/part_{number}.py").read_text().count("a = 2\n") == 1


def test_one_file_can_be_had_as_a_patch(folder: Path) -> None:
    done = run(folder, "```python\nr = 2\n```\n", "rest.py", "--patch")
    assert done.returncode == 0
    assert done.stdout.startswith("diff --git a/rest.py b/rest.py\n")


def test_a_question_leaves_stdout_empty_and_exits_1(folder: Path) -> None:
    done = run(folder, many_files(1)[1] + "## And\n\n```python\nz = 1\n```\n", "src/part_0.py", "rest.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert "this code may be for src/part_0.py, rest.py" in done.stderr


def test_a_file_that_fails_leaves_stdout_empty_and_exits_1(folder: Path) -> None:
    chat = many_files(1)[1] + "### rest.py\n\n```diff\n@@ -1 +1 @@\n-nothing like it\n+r = 2\n```\n"
    done = run(folder, chat, "src/part_0.py", "rest.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert "rest.py: " in done.stderr


def test_what_cannot_be_made_is_told(folder: Path) -> None:
    chat = many_files(1)[1] + "*** Begin Patch\n*** Update File: gone.py\n-x\n+y\n*** End Patch\n"
    done = run(folder, chat, "src/part_0.py", "rest.py")
    assert done.returncode == 0
    assert "gone.py is not given, and the answer changes what it holds" in done.stderr


@pytest.mark.parametrize("more", [["../x.py"], ["rest.py", "--json"]])
def test_a_wrong_call_exits_1(folder: Path, more: list[str]) -> None:
    (folder.parent / "x.py").write_text("x = 1\n")
    done = run(folder, many_files(1)[1], "src/part_0.py", *more)
    assert (done.returncode, done.stdout) == (1, "")
