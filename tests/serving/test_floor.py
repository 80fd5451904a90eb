"""The computed floor of a verify step: by hand on round numbers, and as a person asks for it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from applyweb.serving.bench import floor
from applyweb.serving.model_server import profiles

PROFILE = replace(profiles.load()["7b-plain"], parameters=10.0, kv_bytes=100_000)
GPU = floor.Gpu(2e12, {"bf16": 1e15, "fp8": 2e15})


def test_a_narrow_step_waits_for_memory_and_a_wide_one_for_arithmetic() -> None:
    narrow = floor.floor(PROFILE, GPU, 16, 15.0, said=0, answer=1500)
    assert (narrow.read_ms, narrow.compute_ms, narrow.step_ms) == pytest.approx((10.0, 0.32, 10.0))
    assert (narrow.tokens_per_second, narrow.answer_ms) == pytest.approx((1500.0, 1000.0))
    wide = floor.floor(PROFILE, GPU, 1000, 500.0, said=0, answer=500)
    assert (wide.read_ms, wide.compute_ms, wide.step_ms) == pytest.approx((10.0, 20.0, 20.0))


def test_the_cache_is_read_too_and_fp8_halves_weights_and_arithmetic() -> None:
    assert floor.floor(PROFILE, GPU, 0, 0.0, said=20_000, answer=1).read_ms == pytest.approx(11.0)
    fp8 = floor.floor(replace(PROFILE, precision="fp8"), GPU, 1000, 500.0, said=0, answer=500)
    assert (fp8.read_ms, fp8.compute_ms) == pytest.approx((5.0, 10.0))


def test_a_file_pays_for_its_prompt_too_and_is_held_against_the_goal() -> None:
    known = profiles.load()
    found = floor.floor(PROFILE, GPU, 16, 15.0, said=10_000, answer=1500)
    assert (found.prefill_ms, found.file_ms) == pytest.approx((200.0, 200.0 + 100 * 10.5))
    assert found.goal_file_ms is None  # 10 billions
    h200 = floor.GPUS["H200"]
    narrow, wide = (
        floor.floor(known["7b-apply"], h200, width, accepts, 12_000, 10_000)
        for width, accepts in ((64, 54.3), (128, 95.4))
    )
    assert narrow.tokens_per_second < narrow.goal_tokens_per_second == 20_000 < wide.tokens_per_second
    assert (narrow.file_ms, wide.file_ms) == pytest.approx((796, 533), abs=2)
    said = floor.table([narrow, wide], "H200", 12_000, 10_000).splitlines()
    assert [line.split()[-1] for line in said[4:6]] == ["4", "267"]
    assert floor.floor(known["1.5b-apply"], h200, 64, 54.3, 12_000, 10_000).goal_file_ms == 400


def test_it_is_told_as_computed_and_an_unknown_gpu_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "floor.json"
    call_command("bench", "steps", "--computed", "H200", "--profile", "7b-apply", "--widths", "64", "--json", str(out))
    assert "COMPUTED from the data sheet of H200, not measured" in capsys.readouterr().out
    told = json.loads(out.read_text())
    assert (told["computed"], [row["stage"] for row in told["rows"]]) == (True, ["7b-apply K=64"])
    with pytest.raises(CommandError, match="H200, H100, A100, B200"):
        call_command("bench", "steps", "--computed", "Abacus")
