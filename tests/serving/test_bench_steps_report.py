"""The report that `bench steps` goes on with: it mixes nothing that was measured otherwise. No server."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from applyweb.management.steps_report import StepsReport
from applyweb.serving.bench import steps
from applyweb.serving.bench.steps import Row, Stage
from tests.serving.weights import write_weights

_HEADED = """
[models.none]
path = "none"
parameters = 1
kv_bytes = 1
context = 2048

[models.none.shape]
vocab_size = 8

[profiles.headed]
model = "none"
speculation = "eagle3"
precision = "bf16"
context = 1024
running = 1
"""


def test_a_run_goes_on_with_nothing_that_was_measured_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another head, model, SGLang or machine, or a profile that says something else now."""
    own, out = tmp_path / "own.toml", tmp_path / "out.json"
    own.write_text(_HEADED)
    heads = [tmp_path / name for name in ("one", "two")]
    for folder in heads:
        folder.mkdir()
        (folder / "config.json").write_text('{"max_position_embeddings": 8192}')
        write_weights(folder / "model.safetensors")
    measured: list[str] = []

    def run(stage: Stage, *_: object, **__: object) -> list[Row]:
        measured.append(stage.key)
        return [Row(stage.name, 1)]

    monkeypatch.setattr(steps, "run", run)
    words = ["bench", "steps", "--profiles", str(own), "--json", str(out), "--profile", "headed", "--draft"]

    def refused(why: str, *given: str) -> None:
        before = out.read_text()
        with pytest.raises(CommandError, match=rf"has other figures{why}.* Name another file\.") as caught:
            call_command(*given)
        assert (caught.value.returncode, out.read_text(), measured) == (2, before, ["headed"])

    call_command(*words, str(heads[0]))
    call_command(*words, str(heads[0]))
    assert measured == ["headed"]
    refused(" for headed: draft head was .*one.* and is .*two", *words, str(heads[1]))
    refused(" for headed: draft head was .*one.* and is {}", *words[:-1])
    own.write_text(_HEADED.replace("running = 1", "running = 2"))
    refused(" for headed: running was 1 and is 2", *words, str(heads[0]))
    own.write_text(_HEADED)
    os.utime(heads[0] / "model.safetensors", ns=(0, 0))  # trained anew
    refused(" for headed: draft head was ", *words, str(heads[0]))
    told = json.loads(out.read_text())
    told["stages"] = {}
    told["done"] = []
    for name, why in (("sglang", ": packages was .*'sglang': '0.1'"), ("python", ": python was 0.1 and is ")):
        other = json.loads(json.dumps(told))
        (other["what"]["packages"] if name == "sglang" else other["machine"])[name] = "0.1"
        out.write_text(json.dumps(other))
        refused(why, *words, str(heads[0]))


def test_the_load_that_is_told_is_the_worst_that_was_measured_under(tmp_path: Path) -> None:
    out, row = tmp_path / "out.json", Row("one", 1)
    for load in (7.5, 0.2):
        report = StepsReport(out, {"gpu": "none"}, {"cpus": 2, "load": load}, {"one": {"width": 1}})
        report.add("one", row)
        report.end("one")
    assert json.loads(out.read_text())["machine"] == {"cpus": 2, "load": 7.5}
