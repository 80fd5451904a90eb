"""The plugin and the real SGLang's own names: all are there, and one that is gone is told."""

from __future__ import annotations

import json
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


_COMPARE = """
import json
from inspect import signature
from applyweb.serving.apply_draft.plugin import register
register()
from sglang.srt.speculative.spec_info import SpeculativeAlgorithm
def flags(algorithm):
    kinds = ("is_", "has_", "supports_", "carries_")
    calls = {name: getattr(algorithm, name) for name in dir(SpeculativeAlgorithm.EAGLE3) if name.startswith(kinds)}
    return {name: call() for name, call in calls.items() if not signature(call).parameters}
found = {}
for ours, own in (("APPLY", SpeculativeAlgorithm.NGRAM), ("APPLY_EAGLE3", SpeculativeAlgorithm.EAGLE3)):
    mine, theirs = flags(SpeculativeAlgorithm.from_string(ours)), flags(own)
    assert len(theirs) > 10
    found[ours] = {name: [mine[name], theirs[name]] for name in theirs if mine[name] != theirs[name]}
print(json.dumps(found))
"""


def run(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    """By the server's Python, as in one of its processes."""
    write_package_metadata(tmp_path)
    return subprocess.run(
        [str(place.python(place.install_folder())), "-c", code],
        env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_to_sglang_ours_are_its_own_but_for_what_needs_overlap_or_mixed_steps(tmp_path: Path) -> None:
    done = run(tmp_path, _COMPARE)
    assert done.returncode == 0, done.stderr
    refused = {"supports_grammar_overlap": [False, True], "supports_mixed_chunk": [False, True]}
    assert json.loads(done.stdout.splitlines()[-1]) == {"APPLY": {}, "APPLY_EAGLE3": refused}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("", ""),
        ("del CustomSpecAlgo.has_draft_kv", "CustomSpecAlgo has no has_draft_kv, which applyweb stands on. Install"),
        ("del NGRAMWorker._prepare_draft_tokens", "NGRAMWorker has no _prepare_draft_tokens, which applyweb stands on"),
    ],
)
def test_a_name_that_is_gone_is_told(tmp_path: Path, spoil: str, said: str) -> None:
    done = run(tmp_path, _REGISTER.format(spoil=spoil))
    if said:
        assert done.returncode == 1
        assert said in done.stderr.splitlines()[-1]
    else:
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-2:] == ["ApplyWorker", "ApplyEagleWorker"]
