"""`manage.py serve_model` as a person types it, on a host that has no model server: what is said, and that nothing is
started. The real server is in tests/sglang_cpu."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def manage(tmp_path: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "APPLYWEB_DATA": str(tmp_path / "data"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("serve_model 7b-apply --port 70000", "argument --port: 70000 is not from 1 to 65535."),
        ("serve_model 7b-apply --port 0", "argument --port: 0 is not from 1 to 65535."),
        ("serve_model 7b-apply --port many", "argument --port: 'many' is no whole number."),
        ("serve_model 7b-apply --gpus 0", "argument --gpus: 0 is not from 1 on."),
        ("serve_model 7b-apply --gpus -1", "argument --gpus: -1 is not from 1 on."),
        ("serve_model 7b-apply --draft-tokens -3", "argument --draft-tokens: -3 is not from 2 on."),
        ("serve_model 7b-apply --ready-within nan", "argument --ready-within: nan is no number of seconds."),
        ("bench steps --widths 0,-5", "argument --widths: 0 is not from 2 to 4096."),
        ("bench steps --widths 16,", "argument --widths: '' is no whole number."),
        ("bench steps --port 70000", "argument --port: 70000 is not from 1 to 65535."),
        ("bench steps --profiles /nope.toml", "The profiles in /nope.toml cannot be read"),
        ("bench draft --limit -1", "argument --limit: -1 is not from 0 on."),
        ("bundle_model_server out --part-size -1", "argument --part-size: -1 is not from 0 on."),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_a_sentence(tmp_path: Path, words: str, said: str) -> None:
    done = manage(tmp_path, *words.split())
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_host_without_a_server_is_told_what_is_missing_and_the_command(tmp_path: Path) -> None:
    done = manage(tmp_path, "serve_model", "7b-apply", "--dry-run", "--draft-tokens", "32")
    assert done.returncode == 1
    assert "nothing was started" in done.stderr
    assert "pip install -e '.[serve]'" in done.stdout
    assert "CUDA_DEVICE_ORDER=PCI_BUS_ID" in done.stdout  # the GPUs that were judged are those that are used
    assert "--speculative-num-draft-tokens 32" in done.stdout


def test_an_address_that_others_reach_is_warned_of_and_a_key_is_passed_on_and_not_shown(tmp_path: Path) -> None:
    open_to_all = ("serve_model", "7b-apply", "--dry-run", "--host", "0.0.0.0")
    warned = "Anyone who reaches 0.0.0.0:30000 can use this server"
    assert warned in manage(tmp_path, *open_to_all, APPLYWEB_SGLANG_API_KEY="").stdout
    done = manage(tmp_path, *open_to_all, APPLYWEB_SGLANG_API_KEY="k 1")
    assert warned not in done.stdout
    assert '--api-key "$APPLYWEB_SGLANG_API_KEY"' in done.stdout
    assert "k 1" not in done.stdout + done.stderr
    assert "Anyone" not in manage(tmp_path, *open_to_all[:-2], APPLYWEB_SGLANG_API_KEY="").stdout
