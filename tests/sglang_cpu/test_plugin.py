"""The plugin and the real SGLang's own names: all are there, and one that is gone is told."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from . import place
from .server import environment, write_package_metadata

pytestmark = pytest.mark.sglang

_REGISTER = """
from sglang.srt.speculative.spec_registry import CustomSpecAlgo
from sglang.srt.speculative.ngram_worker import NGRAMWorker
{spoil}
from applyweb.serving.apply_draft.plugin import register
register()
from sglang.srt.speculative.spec_info import SpeculativeAlgorithm
for name in ("APPLY", "APPLY_EAGLE3"):
    print(SpeculativeAlgorithm.from_string(name).factory(None).__name__)
"""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("", ""),
        ("del CustomSpecAlgo.has_draft_kv", "CustomSpecAlgo has no has_draft_kv, which applyweb stands on. Install"),
        ("del NGRAMWorker._prepare_draft_tokens", "NGRAMWorker has no _prepare_draft_tokens, which applyweb stands on"),
    ],
)
def test_a_name_that_is_gone_is_told(tmp_path: Path, spoil: str, said: str) -> None:
    write_package_metadata(tmp_path)
    done = subprocess.run(
        [str(place.python(place.install_folder())), "-c", _REGISTER.format(spoil=spoil)],
        env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if said:
        assert done.returncode == 1
        assert said in done.stderr.splitlines()[-1]
    else:
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-2:] == ["ApplyWorker", "ApplyEagleWorker"]
