"""The least time that a verify step can take on a GPU, computed from its data sheet: nothing here is measured.

A step reads all weights and the cache of what was said so far once, and does two operations for each weight and drafted
token; it cannot be faster than the slower of the two. Real steps also pay for launches, sampling and the scheduler.
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


@dataclass(frozen=True, slots=True)
class Floor:
    """Milliseconds of one step of one request; the last two are what follows at `accepts` tokens a step."""

    stage: str
    accepts: float
    read_ms: float
    compute_ms: float
    step_ms: float
    tokens_per_second: float
    answer_ms: float


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
    compute = 2 * profile.parameters * 1e9 * max(width, 1) / rate * 1000
    step, accepts = max(read, compute), accepts or 1.0
    name = f"{profile.name} K={width}" if width else profile.name
    return Floor(name, accepts, read, compute, step, accepts / step * 1000, answer / accepts * step)


def table(rows: Sequence[Floor], gpu: str, said: int, answer: int) -> str:
    """The report for people."""
    head = f"{'stage':22}{'tok/step':>10}{'read ms':>10}{'compute ms':>12}{'step ms':>10}{'tok/s':>10}{'answer ms':>12}"
    lines = [
        f"COMPUTED from the data sheet of {gpu}, not measured: no real step is as fast.",
        "",
        head,
        "-" * len(head),
    ]
    lines += [
        f"{row.stage:22}{row.accepts:10.1f}{row.read_ms:10.2f}{row.compute_ms:12.2f}{row.step_ms:10.2f}"
        f"{row.tokens_per_second:10,.0f}{row.answer_ms:12,.0f}"
        for row in rows
    ]
    return "\n".join([*lines, "", f"One request, {said:,} tokens before the step, an answer of {answer:,} tokens."])


def as_json(rows: Sequence[Floor], gpu: str) -> dict[str, Any]:
    found = [{field: getattr(row, field) for field in Floor.__slots__} for row in rows]
    return {"computed": True, "gpu": gpu, "rows": found}
