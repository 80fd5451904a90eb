"""The least time that a verify step can take on a GPU, computed from its data sheet: nothing here is measured.

A step reads all weights and the cache of what was said so far once, and does two operations for each weight and drafted
token; it cannot be faster than the slower of the two. The prompt's own pass is one such step, as wide as the prompt
(its attention is left out). Real steps also pay for launches, sampling and the scheduler.
Must not know: servers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applyweb.serving.model_server.profiles import Profile


@dataclass(frozen=True, slots=True)
class Gpu:
    """Bytes a second, and dense operations a second by precision: the makers' data sheets."""

    bandwidth: float
    operations: Mapping[str, float]


GPUS = {
    "H200": Gpu(4.8e12, {"bf16": 989e12, "fp8": 1979e12}),
    "H100": Gpu(3.35e12, {"bf16": 989e12, "fp8": 1979e12}),
    "A100": Gpu(2.0e12, {"bf16": 312e12, "fp8": 312e12}),
    "B200": Gpu(8.0e12, {"bf16": 2250e12, "fp8": 4500e12}),
}


# Goals for one H200: for models of at most so many billions of parameters, tokens a second, and milliseconds from the
# request to the last byte of a file of 1,000 lines, about 10,000 tokens.
_GOALS = ((2.0, 40_000.0, 400.0), (8.0, 20_000.0, 800.0))


@dataclass(frozen=True, slots=True)
class Floor:
    """Milliseconds of one step of one request, and what follows at `accepts` tokens a step: `file_ms` is the prompt's
    own pass and the answer. The goals are None for a model of another size."""

    stage: str
    accepts: float
    read_ms: float
    compute_ms: float
    step_ms: float
    tokens_per_second: float
    answer_ms: float
    prefill_ms: float
    file_ms: float
    goal_tokens_per_second: float | None
    goal_file_ms: float | None


def known(gpu: str) -> Gpu | None:
    """The GPU that this name contains."""
    return next((each for name, each in GPUS.items() if name in gpu.upper()), None)


def weights_ms(profile: Profile, gpu: str) -> float | None:
    """Milliseconds to read all weights once; None for a GPU that is not known here."""
    found = known(gpu)
    return None if found is None else round(profile.weight_bytes / found.bandwidth * 1000, 3)


def floor(profile: Profile, gpu: Gpu, width: int, accepts: float, said: int, answer: int) -> Floor:
    """Of a step that verifies `width` tokens (1 without speculation) behind `said` tokens, and of an answer of
    `answer` tokens."""
    read = (profile.weight_bytes + said * profile.kv_bytes) / gpu.bandwidth * 1000
    rate = gpu.operations.get(profile.precision, gpu.operations["bf16"])
    a_token = 2 * profile.parameters * 1e9 / rate * 1000
    compute = a_token * max(width, 1)
    step, accepts = max(read, compute), accepts or 1.0
    name = f"{profile.name} K={width}" if width else profile.name
    prefill = max(profile.weight_bytes / gpu.bandwidth * 1000, a_token * said)
    whole = answer / accepts * step
    goals = next((goals for most, *goals in _GOALS if profile.parameters <= most), (None, None))
    return Floor(
        name, accepts, read, compute, step, accepts / step * 1000, whole, prefill, prefill + whole, goals[0], goals[1]
    )


def table(rows: Sequence[Floor], gpu: str, said: int, answer: int) -> str:
    """The report for people."""
    head = (
        f"{'stage':22}{'tok/step':>10}{'read ms':>10}{'compute ms':>12}{'step ms':>10}{'tok/s':>10}{'of goal':>9}"
        f"{'prefill ms':>12}{'answer ms':>11}{'file ms':>9}{'room ms':>9}"
    )
    lines = [
        f"COMPUTED from the data sheet of {gpu}, not measured: no real step is as fast.",
        "",
        head,
        "-" * len(head),
    ]
    lines += [
        f"{row.stage:22}{row.accepts:10.1f}{row.read_ms:10.2f}{row.compute_ms:12.2f}{row.step_ms:10.2f}"
        f"{row.tokens_per_second:10,.0f}{_of_goal(row):>9}{row.prefill_ms:12,.0f}{row.answer_ms:11,.0f}"
        f"{row.file_ms:9,.0f}{_room(row):>9}"
        for row in rows
    ]
    told = (
        f"One request, {said:,} tokens before the step, an answer of {answer:,} tokens; file: prefill and answer.\n"
        "Goals, on one H200: tokens a second, reached from 100% on; and for the file, with the room that is left for\n"
        "all that is not computed here (below 0: it cannot be met)."
    )
    return "\n".join([*lines, "", told])


def _of_goal(row: Floor) -> str:
    goal = row.goal_tokens_per_second
    return "-" if goal is None else f"{row.tokens_per_second / goal:.0%}"


def _room(row: Floor) -> str:
    return "-" if row.goal_file_ms is None else f"{row.goal_file_ms - row.file_ms:,.0f}"


def as_json(rows: Sequence[Floor], gpu: str) -> dict[str, Any]:
    found = [{field: getattr(row, field) for field in Floor.__slots__} for row in rows]
    return {"computed": True, "gpu": gpu, "rows": found}
