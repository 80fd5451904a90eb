"""A package index, a project and a model for bundles, all tiny and real."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving.bundles import WEIGHTS, wheel


@pytest.fixture(autouse=True)
def no_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is installed into a folder that goes with the test leaves nothing compiled in the cache of `tests/run`."""
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where pip finds the only packages there are."""
    folder = tmp_path / "index"
    wheel(folder, "tinyserver")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a build of its own, which needs no network; "tinyplugin" is its package."""
    root = tmp_path / "project"
    wheel(root, "tinyplugin", "nowhere==3")
    root.joinpath("pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "make"\nbackend-path = ["."]\n'
        '[project]\nname = "tinyplugin"\nversion = "1.0"\n'
        '[project.optional-dependencies]\nserve = ["tinyserver==1.0"]\n'
    )
    root.joinpath("make.py").write_text(
        "import shutil\n"
        "def build_wheel(folder, config=None, metadata=None):\n"
        "    open('build.log', 'w').close()\n"
        "    shutil.copy('tinyplugin-1.0-py3-none-any.whl', folder)\n"
        "    return 'tinyplugin-1.0-py3-none-any.whl'\n"
    )
    return root


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model as a hub's cache holds it: links to files and folders elsewhere."""
    folder, blobs = tmp_path / "weights", tmp_path / "blobs"
    folder.mkdir()
    (blobs / "more").mkdir(parents=True)
    (blobs / "abc").write_bytes(WEIGHTS)
    (blobs / "more" / "words.txt").write_text("words")
    (folder / "model.safetensors").symlink_to(blobs / "abc")
    (folder / "tokenizer").symlink_to(blobs / "more")
    (folder / "config.json").write_text("{}")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("git's own")
    return folder
