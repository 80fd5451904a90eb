"""`manage.py bundle_model_server` as a person runs it: the weights alone, which need no network."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.serving.weights import safetensors


def run(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "bundle_model_server", *words],
        cwd=ROOT,
        env={**os.environ, "APPLYWEB_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_weights_alone_are_packed_with_the_profiles_start_line(tmp_path: Path) -> None:
    model = tmp_path / "weights"
    model.mkdir()
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(safetensors(b"weights!"))
    done = run(tmp_path, str(tmp_path / "out"), "--no-wheels", "--model", str(model), "--profile", "1.5b-apply")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "out" / "MANIFEST.json").read_text())
    assert [file["path"] for file in manifest["files"]] == ["model/config.json", "model/model.safetensors"]
    start = " ".join(manifest["start"])
    assert start.startswith("python3 -m sglang.launch_server --model-path {target}/model ")
    assert "--speculative-algorithm APPLY" in start
    assert os.access(tmp_path / "out" / "install", os.X_OK)
    assert "packing model/model.safetensors\n" in done.stdout


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, str(tmp_path / "out"), "--model", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "has no config.json" in done.stderr
    assert "There is no profile 'none'" in run(tmp_path, str(tmp_path / "out"), "--profile", "none").stderr


def test_a_disk_that_does_not_take_it_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    model, out = tmp_path / "weights", tmp_path / "out"
    model.mkdir()
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(safetensors(b"w" * 5_000_000))
    words = [sys.executable, "manage.py", "bundle_model_server", str(out), "--no-wheels", "--model", str(model)]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, "APPLYWEB_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 21, 1 << 21)),
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "File too large. Nothing was left in" in done.stderr
    assert list(out.iterdir()) == []
