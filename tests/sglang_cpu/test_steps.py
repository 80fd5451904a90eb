"""`manage.py bench steps` with the real server and a tiny shape: every stage runs, and a stage that cannot says why."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from . import place
from .server import environment, free_port, write_package_metadata

pytestmark = pytest.mark.sglang

_PROFILES = """
[models.tiny]
path = "none"
parameters = 0.001
kv_bytes = 512
context = 2048

[models.tiny.shape]
architectures = ["LlamaForCausalLM"]
model_type = "llama"
hidden_size = 64
intermediate_size = 128
num_hidden_layers = 2
num_attention_heads = 2
num_key_value_heads = 1
head_dim = 32
vocab_size = 1024
tie_word_embeddings = false
hidden_act = "silu"
rms_norm_eps = 1e-6
torch_dtype = "float32"

[profiles.tiny-apply]
model = "tiny"
speculation = "apply"
precision = "float32"
device = "cpu"
context = 2048
running = 2
launch = [{launch}]
arguments = [
  "--attention-backend", "intel_amx", "--disable-cuda-graph", "--grammar-backend", "none", "--sampling-backend",
  "pytorch", "--max-total-tokens", "4096", "--mem-fraction-static", "0.5",
]

[profiles.tiny-eagle3]
model = "tiny"
speculation = "eagle3"
precision = "float32"
device = "cpu"
context = 1024
running = 2
launch = [{launch}]
arguments = [
  "--attention-backend", "intel_amx", "--disable-cuda-graph", "--grammar-backend", "none", "--sampling-backend",
  "pytorch", "--max-total-tokens", "4096", "--mem-fraction-static", "0.5",
]

[profiles.tiny-broken]
model = "tiny"
speculation = "plain"
precision = "float32"
device = "cpu"
context = 1024
running = 2
launch = ["-c", "raise SystemExit('no server today')"]
"""


def bench(tmp_path: Path, *more: str) -> tuple[list[dict[str, Any]], str]:
    """The rows and what was printed."""
    write_package_metadata(tmp_path)
    own, out = tmp_path / "own.toml", tmp_path / "out.json"
    own.write_text(_PROFILES.format(launch=json.dumps(str(place.HERE / "launch.py"))))
    words = [sys.executable, "manage.py", "bench", "steps", "--quick", "--profiles", str(own), "--widths", "8", *more]
    words += ["--json", str(out), "--port", str(free_port()), "--python", str(place.python(place.install_folder()))]
    done = subprocess.run(
        words, cwd=place.ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=1500
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rows: list[dict[str, Any]] = json.loads(out.read_text())["rows"]
    return rows, done.stdout


def test_steps_are_measured_stage_by_stage_and_a_failure_is_a_row(tmp_path: Path) -> None:
    profiles = ("tiny-broken", "tiny-apply", "tiny-eagle3")
    (broken, *rows), said = bench(tmp_path, *(word for name in profiles for word in ("--profile", name)))
    assert (broken["stage"], "no server today" in broken["failure"]) == ("tiny-broken", True)
    assert [(row["stage"], row["batch"], row["failure"]) for row in rows] == [
        ("tiny-apply K=8", 1, ""),
        ("tiny-apply K=8", 2, ""),
        ("tiny-eagle3", 1, ""),
        ("tiny-eagle3", 2, ""),
    ]
    for row in rows:
        assert row["prefill_ms"] > 0
        assert 1 <= row["spec_accept_length"] <= 8
        if row["step_ms"] is None:  # a busy machine swallowed it, and that is said
            assert f"{row['stage']}, batch {row['batch']}" in said.partition("Too short to tell a step")[2]
        else:
            assert (row["step_ms"] >= 0.01, row["tokens_per_second"] > 0) == (True, True)
    assert "tiny-apply K=8" in said


def test_real_weights_are_measured_through_the_whole_site(tmp_path: Path) -> None:
    model = str(place.model(place.install_folder()))
    (row,), said = bench(tmp_path, "--profile", "tiny-apply", "--model", model, "--site-only")
    assert row["failure"] == ""
    assert row["stage"].startswith("tiny-apply K=8, site, 30 lines (")
    assert row["site_ms"] > row["prefill_ms"] > 0
    assert row["tokens_per_second"] > 0
    assert row["cached_tokens"] == 0  # the apply before it was of the same file
    assert "site ms" in said
