"""The apply draft with overlapped scheduling, held against SGLang's own worker. Needs its packages and no server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from . import place
from .server import environment

pytestmark = pytest.mark.sglang


def test_tokens_that_come_a_step_late_are_taken_as_sglangs_own_worker_takes_them(tmp_path: Path) -> None:
    words = [str(place.python(place.install_folder())), str(place.HERE / "late_tokens.py")]
    done = subprocess.run(words, env=environment(tmp_path), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["batches"] == 200
    assert told["late"] > 200
