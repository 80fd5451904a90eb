"""Where the test server is looked for, and what is said where it is not there. Needs no server."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from . import place
from .server import ServerFailed, running_server


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("APPLYWEB_TEST_CACHE", str(tmp_path))
    return tmp_path


def test_a_missing_install_fails_and_names_the_command(empty_cache: Path) -> None:
    with pytest.raises(ServerFailed, match=r"not installed.*tests/sglang_cpu/setup"), running_server("ngram"):
        pytest.fail("there is nothing to run")


def test_a_half_install_counts_as_none(empty_cache: Path) -> None:
    place.install_folder().mkdir()
    with pytest.raises(ServerFailed, match="not installed"), running_server("ngram"):
        pytest.fail("there is nothing to run")


def test_the_install_folder_lies_in_the_cache_and_changes_with_what_is_installed(
    empty_cache: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = place.install_folder()
    assert before.parent == empty_cache
    assert place.install_folder() == before
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(place.HERE, other, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(place, "HERE", other)
    assert place.install_folder() == before
    (other / "requirements.txt").write_text("another==1.0\n")
    assert place.install_folder() != before
