"""A bundle for a host without internet: packed for real, installed for real, and refused where anything is off."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from applyweb.serving.model_server import bundle
from applyweb.serving.model_server.bundle import BundleError, Plan

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
WEIGHTS = bytes(range(256)) * 1000


def wheel(folder: Path, name: str) -> None:
    """A tiny wheel whose module says its name."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", f"NAME = {name!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where pip finds the only package there is."""
    folder = tmp_path / "index"
    wheel(folder, "tinyserver")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model as a hub's cache holds it: links to files elsewhere."""
    folder, blobs = tmp_path / "weights", tmp_path / "blobs"
    folder.mkdir()
    blobs.mkdir()
    (blobs / "abc").write_bytes(WEIGHTS)
    (folder / "model.safetensors").symlink_to(blobs / "abc")
    (folder / "config.json").write_text("{}")
    return folder


def plan(model: Path, **changed: Any) -> Plan:
    start = ["{target}/venv/bin/python", "-m", "tinyserver", "--model-path", "{target}/model"]
    given: dict[str, Any] = {
        "requirements": ["tinyserver==1.0"],
        "alone": [],
        "root": None,
        "folders": {"model": model},
        "start": start,
        "python": HERE,
        "machine": platform.machine(),
    }
    return Plan(**(given | changed))


def pack(out: Path, made: Plan) -> Path:
    list(bundle.pack(made, out))
    return out


def install(out: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(out / "install"), str(target)], capture_output=True, text=True, timeout=180
    )


def refusal(out: Path, target: Path) -> str:
    """What install says against a bundle; nothing is installed then."""
    done = install(out, target)
    assert done.returncode == 1
    assert not target.exists()
    return done.stdout.splitlines()[-1]


def test_what_was_packed_runs_where_it_was_installed(tmp_path: Path, index: Path, model: Path) -> None:
    out, target = pack(tmp_path / "out", plan(model, part_size=100_000)), tmp_path / "target"
    assert [path.name for path in sorted((out / "model").iterdir())] == [
        "config.json",
        "model.safetensors.part000",
        "model.safetensors.part001",
        "model.safetensors.part002",
    ]
    shutil.rmtree(index)  # the host has nothing but the bundle
    done = install(out, target)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (target / "model" / "model.safetensors").read_bytes() == WEIGHTS
    words = [str(target / "venv" / "bin" / "python"), "-c", "import tinyserver; print(tinyserver.NAME)"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "tinyserver\n"
    start = f"  {target}/venv/bin/python -m tinyserver --model-path {target}/model"
    assert done.stdout.splitlines()[-1] == start
    assert install(out, target).returncode == 0  # again does no harm


def test_an_earlier_bundle_is_replaced_and_a_foreign_folder_is_not(tmp_path: Path, index: Path, model: Path) -> None:
    out = pack(tmp_path / "out", plan(model))
    (model / "config.json").write_text('{"new": 1}')
    pack(out, plan(model, requirements=[]))
    assert not (out / "wheels").exists()
    assert (out / "model" / "config.json").read_text() == '{"new": 1}'
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("mine")
    with pytest.raises(BundleError, match="is not empty and no bundle"):
        pack(foreign, plan(model))
    assert (foreign / "thesis.txt").read_text() == "mine"


def flip(out: Path) -> None:
    path = out / "model" / "model.safetensors"
    path.write_bytes(WEIGHTS[:-1] + b"\x00")


def change(**values: Any) -> Callable[[Path], None]:
    def write(out: Path) -> None:
        path = out / "MANIFEST.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return write


def escape(out: Path) -> None:
    change(files=[{"path": "model/../../etc/passwd", "size": 1, "sha256": "", "parts": []}])(out)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (flip, "model.safetensors is not what was packed"),
        (lambda out: (out / "model" / "config.json").unlink(), "config.json is missing"),
        (lambda out: (out / "wheels" / "evil-1.0-py3-none-any.whl").write_bytes(b""), "evil-1.0.* is not in MANIFEST"),
        (lambda out: (out / "MANIFEST.json").unlink(), "never finished"),
        (lambda out: (out / "MANIFEST.json").write_text("{"), "cannot be read"),
        (escape, "no file of a bundle"),
        (change(format=9), "has format 9"),
        (change(python="2.7"), "is for Python 2.7"),
        (change(machine="pdp11"), "is for pdp11"),
    ],
)
def test_a_spoilt_bundle_is_refused_before_anything_is_written(
    tmp_path: Path, index: Path, model: Path, spoil: Callable[[Path], object], said: str
) -> None:
    out = pack(tmp_path / "out", plan(model))
    spoil(out)
    line = refusal(out, tmp_path / "target")
    assert line.startswith("Not installed: ")
    assert re.search(said, line), line


def test_a_package_that_is_not_there_for_the_host_is_named_and_no_bundle_is_left(
    tmp_path: Path, index: Path, model: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(BundleError, match=r"pip download failed.*nowhere==3"):
        pack(out, plan(model, requirements=["nowhere==3"]))
    assert not (out / "MANIFEST.json").exists()
    pack(out, plan(model))  # the next try is not in its way


def test_a_folder_without_a_model_is_refused(tmp_path: Path, model: Path) -> None:
    (model / "model.safetensors").unlink()
    with pytest.raises(BundleError, match=r"no \*\.safetensors"):
        pack(tmp_path / "out", plan(model))
    (model / "config.json").unlink()
    with pytest.raises(BundleError, match=r"no config\.json"):
        pack(tmp_path / "out", plan(model))


def test_the_servers_version_is_read_from_the_one_place_where_it_is_written(tmp_path: Path) -> None:
    found = bundle.serve_requirements(Path(__file__).parents[2])
    assert any(each.startswith("sglang>=") for each in found)
    with pytest.raises(BundleError, match=r"no pyproject\.toml"):
        bundle.serve_requirements(tmp_path)


def test_packing_never_empties_what_is_a_persons_own(tmp_path: Path, model: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    weights = shutil.move(model, own / "model")
    for out in (own, Path(weights), own / "model" / "deeper", tmp_path):
        with pytest.raises(BundleError):
            pack(out, plan(Path(weights), requirements=[]))
        assert (Path(weights) / "model.safetensors").read_bytes() == WEIGHTS
    (tmp_path / "other" / "model").mkdir(parents=True)
    (tmp_path / "other" / "model" / "mine.txt").write_text("mine")
    with pytest.raises(BundleError, match="no bundle of ours"):
        pack(tmp_path / "other", plan(Path(weights), requirements=[]))
    assert (tmp_path / "other" / "model" / "mine.txt").read_text() == "mine"


def test_install_changes_no_folder_but_its_own(tmp_path: Path, model: Path) -> None:
    out = pack(tmp_path / "bundle", plan(model, requirements=[]))
    home = tmp_path / "home"
    (home / "venv").mkdir(parents=True)
    (home / "venv" / "mine.txt").write_text("mine")
    for target in (home, tmp_path, out):
        done = install(out, target)
        assert (done.returncode, "not empty" in done.stdout.splitlines()[-1]) == (1, True)
    assert (home / "venv" / "mine.txt").read_text() == "mine"
    assert (out / "MANIFEST.json").is_file()
    assert install(out, tmp_path / "new").returncode == 0
