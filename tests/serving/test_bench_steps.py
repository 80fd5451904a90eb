"""The stages of `bench steps`: which there are, what a row says, and what is kept where a stage fails. No server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from applyweb.serving.bench import steps
from applyweb.serving.bench.steps import Asked, Load, Row, Stage, row_of, stages, table
from applyweb.serving.bench.through_site import lines_for
from applyweb.serving.model_server import profiles
from tests.serving.weights import write_weights

KNOWN = profiles.load()
_BROKEN = """
[models.none]
path = "none"
parameters = 1
kv_bytes = 1
context = 2048

[models.none.shape]
vocab_size = 8

[profiles.broken]
model = "none"
speculation = "plain"
precision = "bf16"
context = 1024
running = 1
launch = ["-c", "print('a word ' * 100, flush=True); raise SystemExit('no server today')"]
"""


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    own = tmp_path / "own.toml"
    own.write_text(_BROKEN)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    return ["steps", "--quick", "--profiles", str(own), "--profile", "broken"]


def test_a_step_is_the_time_behind_the_prompts_own_pass() -> None:
    stage = Stage(KNOWN["7b-apply"], 64, 54.3)
    row = row_of(stage, 2, Asked(3.0, 2, 1), Asked(5.0, 800, 40), "NVIDIA H200")
    assert (row.prefill_ms, row.step_ms, row.tokens_per_second) == (3000.0, 50.0, 400.0)
    assert (row.stage, row.batch, row.spec_accept_length) == ("7b-apply K=64", 2, 10.0)
    assert row.floor_ms == pytest.approx(3.18, abs=0.01)


def test_each_way_of_speculating_is_a_stage_with_what_it_was_seen_to_accept() -> None:
    names = [f"7b-{way}" for way in ("plain", "eagle3", "ngram", "apply", "apply-eagle3")]
    found = stages([KNOWN[name] for name in names], [16, 64], draft="/head")
    assert [(each.name, each.accepts, each.draft) for each in found] == [
        ("7b-plain", 0.0, ""),
        ("7b-eagle3", 3.5, "/head"),
        ("7b-ngram", 2.2, ""),
        ("7b-apply K=16", 15.4, ""),
        ("7b-apply K=64", 54.3, ""),
        ("7b-apply-eagle3", 54.3, "/head"),
    ]


def test_a_stage_without_a_head_makes_one_that_fits_the_model(tmp_path: Path) -> None:
    stage = Stage(KNOWN["7b-eagle3"], 0, 3.5)
    words, environment = steps._server(stage, Load(), "python", 1, tmp_path, simulated=True)
    head = Path(words[words.index("--speculative-draft-model-path") + 1])
    config = json.loads((head / "config.json").read_text())
    assert (config["architectures"], config["hidden_size"], config["draft_vocab_size"]) == (
        ["LlamaForCausalLMEagle3"], 3584, 152064,
    )  # fmt: skip
    assert environment["SGLANG_SIMULATE_ACC_LEN"] == "3.5"
    given, _ = steps._server(replace(stage, draft="/head"), Load(), "python", 1, tmp_path, simulated=True)
    assert given[given.index("--speculative-draft-model-path") + 1] == "/head"


def test_real_weights_are_served_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"max_position_embeddings": 8192}')
    write_weights(tmp_path / "model.safetensors")
    stage = Stage(KNOWN["1.5b-apply"], 32, 29.5, str(tmp_path))
    words, environment = steps._server(stage, Load(), "python", 1, tmp_path, simulated=True)
    said = " ".join(words)
    assert f"--model-path {tmp_path} " in said
    assert "--context-length 8192" in said
    assert "dummy" not in said
    assert "--skip-tokenizer-init" not in said
    assert "SGLANG_SIMULATE_ACC_LEN" not in environment


@pytest.mark.parametrize(("context", "lines"), [(32768, 1000), (8192, 273), (512, 30)])
def test_the_file_for_the_site_is_one_that_the_model_can_write(context: int, lines: int) -> None:
    assert lines_for(context, 1000) == lines


def test_where_nothing_could_be_measured_the_exit_is_2_and_the_log_is_kept(broken: list[str], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nothing was measured(?s:.*)no server today") as caught:
        call_command("bench", *broken)
    assert caught.value.returncode == 2
    (kept,) = (tmp_path / "data" / "bench").glob("steps-*.json")
    (row,) = json.loads(kept.read_text())["rows"]
    assert row["failure"].endswith("no server today")
    assert (row["failure"].count("a word "), str(kept) in str(caught.value)) == (100, True)
    log = kept.with_name(f"{kept.stem}-logs") / "broken.log"
    assert "no server today" in log.read_text()
    with pytest.raises(CommandError, match="Nothing was measured"):
        call_command("bench", *broken, "--json", str(tmp_path / "out.json"))
    assert (tmp_path / "out-logs" / "broken.log").exists()


def test_weights_that_are_not_whole_are_refused(broken: list[str], tmp_path: Path) -> None:
    for option in ("--model", "--draft"):
        with pytest.raises(CommandError, match=r"has no config\.json"):
            call_command("bench", *broken, option, str(tmp_path))


def test_the_table_tells_why_a_stage_failed_whole_and_below() -> None:
    why = "word " * 100 + "the end"
    said = table([Row("one", 0, failure=why), Row("two", 1, step_ms=2.5, site_ms=812.4)])
    assert said.endswith(f"one failed. {why}")
    assert "812" in said
