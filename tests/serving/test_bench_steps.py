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
from tests.serving.weights import free_port, write_weights

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
    firsts = [Asked(seconds, 2, 1) for seconds in (2.9, 3.8, 3.0)]
    row = row_of(stage, 2, firsts, Asked(5.0, 800, 40), "NVIDIA H200")
    assert (row.prefill_ms, row.step_ms, row.tokens_per_second) == (3000.0, 50.0, 400.0)
    assert (row.stage, row.batch, row.spec_accept_length) == ("7b-apply K=64", 2, 10.0)
    assert row.floor_ms == pytest.approx(3.18, abs=0.01)


@pytest.mark.parametrize(("seconds", "steps"), [(2.9, 40), (3.0, 40), (4.6, 40), (4.8, 10**6)])
def test_a_step_that_is_lost_in_how_the_prompts_own_pass_varies_is_not_told(seconds: float, steps: int) -> None:
    stage = Stage(KNOWN["7b-apply"], 64, 54.3)
    firsts = [Asked(each, 2, 1) for each in (2.9, 3.8, 3.0)]
    row = row_of(stage, 2, firsts, Asked(seconds, 800, steps), "NVIDIA H200")
    assert (row.prefill_ms, row.step_ms, row.tokens_per_second) == (3000.0, None, None)
    said = table([row, Row("two", 1, step_ms=2.5, tokens_per_second=80.0)])
    assert said.endswith("\nToo short to tell a step from the prompt's own pass: 7b-apply K=64, batch 2.")
    assert said.splitlines()[2].split()[3:5] == ["3,000", "-"]


def test_each_way_of_speculating_is_a_stage_with_what_it_was_seen_to_accept() -> None:
    names = [f"7b-{way}" for way in ("plain", "eagle3", "ngram", "apply", "apply-eagle3")]
    found = stages([KNOWN[name] for name in names], [16, 64], draft="/head")
    assert [(each.name, each.accepts, each.draft) for each in found] == [
        ("7b-plain", 0.0, ""),
        ("7b-eagle3", 3.5, "/head"),
        ("7b-ngram", 2.0, ""),
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


_SERVER = """
import http.server, json, sys

class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        count = asked["sampling_params"]["max_new_tokens"]
        self.answer(json.dumps({"meta_info": {"completion_tokens": count, "spec_verify_ct": 1 + count // 8}}).encode())

    def answer(self, body):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

print("began", flush=True)
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.ThreadingHTTPServer(("127.0.0.1", port), Answers).serve_forever()
"""
_TWO = """
[profiles.quick]
model = "none"
speculation = "plain"
precision = "bf16"
context = 1024
running = 1
launch = ["-c", {server}]
"""


def test_a_run_that_was_cut_short_goes_on_where_it_ended(tmp_path: Path) -> None:
    own, out = tmp_path / "own.toml", tmp_path / "out.json"
    own.write_text(_BROKEN + _TWO.format(server=json.dumps(_SERVER)))
    words = ["steps", "--quick", "--profiles", str(own), "--profile", "quick", "--json", str(out)]

    def rows() -> list[tuple[str, int, bool]]:
        call_command("bench", *words, "--port", str(free_port()))
        return [(row["stage"], row["batch"], not row["failure"]) for row in json.loads(out.read_text())["rows"]]

    whole = [("quick", 1, True), ("quick", 2, True)]
    assert rows() == whole
    log = tmp_path / "out-logs" / "quick.log"
    began = log.stat().st_mtime_ns
    words += ["--profile", "broken"]
    assert rows() == [*whole, ("broken", 0, False)]
    assert rows() == [*whole, ("broken", 0, False)]  # what failed is tried again, and is there once
    assert log.stat().st_mtime_ns == began  # no server was started for what was measured
    told = json.loads(out.read_text())
    assert told["done"] == ["quick"]
    half = {**told, "done": [], "rows": told["rows"][:1]}
    out.write_text(json.dumps(half))
    assert rows() == [*whole, ("broken", 0, False)]  # a stage that was cut off is measured anew, whole


@pytest.mark.parametrize("other", ["{}", "none", '{"what": {"gpu": "another"}, "done": [], "rows": []}'])
def test_a_file_of_something_else_is_not_gone_on_with_or_written_over(
    broken: list[str], tmp_path: Path, other: str
) -> None:
    out = tmp_path / "out.json"
    out.write_text(other)
    with pytest.raises(CommandError, match="Name another file") as caught:
        call_command("bench", *broken, "--json", str(out))
    assert (caught.value.returncode, out.read_text()) == (2, other)


def test_with_real_weights_the_shapes_come_first_and_then_the_site_with_the_profiles_for_that_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text('{"max_position_embeddings": 8192}')
    write_weights(tmp_path / "model.safetensors", numbers=10**9)
    measured: list[tuple[str, bool]] = []

    def run(stage: Stage, *_: object, **__: object) -> list[Row]:
        measured.append((stage.name, bool(stage.model)))
        return [Row(stage.name, 1)]

    monkeypatch.setattr(steps, "run", run)
    words = ["bench", "steps", "--widths", "64", "--model", str(tmp_path), "--json"]
    call_command(*words, str(tmp_path / "all.json"))
    large, small = (
        [f"{size}-{way}" for way in ("plain", "eagle3", "ngram", "apply K=64", *more)]
        for size, more in (("7b", ("apply-fp8 K=64",)), ("1.5b", ()))
    )
    assert measured == [(name, False) for name in (*small, *large)] + [(name, True) for name in small]
    measured.clear()
    call_command(*words, str(tmp_path / "site.json"), "--site-only", "--profile", "7b-apply")
    assert measured == [("7b-apply K=64", True)]
    with pytest.raises(CommandError, match="--site-only needs --model"):
        call_command("bench", "steps", "--site-only")
