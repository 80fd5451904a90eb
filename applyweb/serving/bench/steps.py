"""The stages of `manage.py bench steps`: what a verify step costs on this GPU, by model shape, draft width and batch.

Weights are random (SGLang's dummy loader): time does not depend on what they say. How many tokens a step accepts is set
(SGLANG_SIMULATE_ACC_LEN), by default to what replays of real answers show at that width. Each stage is a server of its
own; a stage that fails is a row that says why. Must not know: arguments, output.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from applyweb.serving.apply_draft.requests import PARAMETER
from applyweb.serving.bench import floor
from applyweb.serving.model_server import launch, profiles
from applyweb.serving.model_server.profiles import Choice, Profile

# Tokens a step of the apply draft on 34 answers of Qwen2.5-Coder-1.5B, `manage.py bench draft`.
REPLAYED = {16: 15.4, 32: 29.5, 64: 54.3, 128: 95.4, 256: 149.5}
_EAGLE_ACCEPTS = 3.5  # what EAGLE-3 heads are published to accept on code with four tokens a step
_READY_WITHIN = 900.0
_ASKED_WITHIN = 900.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked: `batches` requests at once, each of `prompt` tokens and then `answer` tokens."""

    batches: Sequence[int] = (1, 4, 16)
    prompt: int = 12_000
    answer: int = 4_000


QUICK = Load((1, 2), 64, 48)


@dataclass(frozen=True, slots=True)
class Stage:
    """One server. `accepts` is 0 where acceptance is not set."""

    profile: Profile
    width: int
    accepts: float

    @property
    def name(self) -> str:
        width = f" K={self.width}" if self.width else ""
        return f"{self.profile.name}{width}"


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds. `step_ms` is one verify step, or one token without speculation; `floor_ms` what reading all weights
    once takes at the bandwidth of the GPU's data sheet, None where the GPU is unknown. `failure` "" where it ran."""

    stage: str
    batch: int
    prefill_ms: float = 0.0
    step_ms: float = 0.0
    tokens_per_second: float = 0.0
    spec_accept_length: float = 0.0
    floor_ms: float | None = None
    failure: str = ""


def stages(chosen: Sequence[Profile], widths: Sequence[int]) -> list[Stage]:
    """Each profile once; those that draft from the merge once a width."""
    made = []
    for profile in chosen:
        if profile.drafts_from_merge and not profile.draft_model:
            made += [Stage(profile, width, REPLAYED.get(width, 0.8 * width)) for width in widths]
        else:
            made.append(Stage(profile, 0, _EAGLE_ACCEPTS if profile.speculation else 0.0))
    return made


def run(stage: Stage, load: Load, python: str, gpu: str, port: int, *, simulated: bool = True) -> Iterator[Row]:
    """A row a batch. `simulated` False leaves acceptance to the random weights."""
    with tempfile.TemporaryDirectory(prefix="applyweb-steps-") as scratch:
        folder = Path(scratch)
        (folder / "config.json").write_text(json.dumps({**stage.profile.shape, "max_position_embeddings": 131072}))
        context = load.prompt + load.answer + 4 * max(stage.width, 16)
        profile = replace(stage.profile, context=context, running=max(load.batches))
        words = profiles.command(profile, Choice(scratch, "", stage.width, port=port), python)
        words += ["--load-format", "dummy", "--skip-tokenizer-init"]
        environment = {"HF_HUB_OFFLINE": "1"}
        if simulated and stage.accepts:
            environment["SGLANG_SIMULATE_ACC_LEN"] = f"{stage.accepts:g}"
        url = f"http://127.0.0.1:{port}"
        try:
            with launch.running([launch.Job("model server", words, environment, folder / "server.log")]) as started:
                for _ in launch.wait_until_ready(url, started, _READY_WITHIN):
                    pass
                asyncio.run(_ask(url, 1, load.prompt, 16, 0))  # compiles and warms what the first request would pay for
                for batch in load.batches:
                    yield _row(stage, load, batch, gpu, url)
        except (launch.ServerFailed, httpx.HTTPError) as error:
            yield Row(stage.name, 0, failure=f"{type(error).__name__}: {error}"[-1500:])


def _row(stage: Stage, load: Load, batch: int, gpu: str, url: str) -> Row:
    first = asyncio.run(_ask(url, batch, load.prompt, 1, seed=batch))
    whole = asyncio.run(_ask(url, batch, load.prompt, load.answer, seed=100 + batch))
    decode = max(whole.seconds - first.seconds, 1e-6)
    steps = max(whole.steps, 1)
    return Row(
        stage.name,
        batch,
        prefill_ms=round(first.seconds * 1000, 2),
        step_ms=round(decode * 1000 / steps, 3),
        tokens_per_second=round(whole.tokens / decode, 1),
        spec_accept_length=round(whole.tokens / batch / steps, 2),
        floor_ms=floor.weights_ms(stage.profile, gpu),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """`steps` of the request that took most of them."""

    seconds: float
    tokens: int
    steps: int


async def _ask(url: str, batch: int, prompt: int, answer: int, seed: int) -> _Asked:
    """`batch` different prompts at once, each with a draft of its own. Errors: httpx.HTTPError."""
    rng = random.Random(seed)

    def body() -> dict[str, Any]:
        ids = [rng.randrange(10, 1000) for _ in range(prompt)]
        sampling = {"temperature": 0, "max_new_tokens": answer, "ignore_eos": True, "custom_params": {PARAMETER: ids}}
        return {"input_ids": ids, "sampling_params": sampling}

    bodies = [body() for _ in range(batch)]
    async with httpx.AsyncClient(base_url=url, timeout=_ASKED_WITHIN, trust_env=False) as client:
        began = time.perf_counter()
        replies = await asyncio.gather(*(client.post("/generate", json=each) for each in bodies))
        seconds = time.perf_counter() - began
    for reply in replies:
        reply.raise_for_status()
    told: list[Mapping[str, Any]] = [reply.json()["meta_info"] for reply in replies]
    tokens = [int(each["completion_tokens"]) for each in told]
    return _Asked(
        seconds,
        sum(tokens),
        max(int(each.get("spec_verify_ct") or count) for each, count in zip(told, tokens, strict=True)),
    )


def table(rows: Sequence[Row]) -> str:
    """The report for people."""
    head = f"{'stage':26}{'batch':>6}{'prefill ms':>12}{'step ms':>10}{'floor ms':>10}{'tok/step':>10}{'tok/s':>12}"
    lines = [head, "-" * len(head)]
    for row in rows:
        if row.failure:
            lines.append(f"{row.stage:26}  failed: {' '.join(row.failure.split())[:200]}")
            continue
        least = "-" if row.floor_ms is None else f"{row.floor_ms:.2f}"
        lines.append(
            f"{row.stage:26}{row.batch:6}{row.prefill_ms:12,.0f}{row.step_ms:10.2f}{least:>10}"
            f"{row.spec_accept_length:10.1f}{row.tokens_per_second:12,.0f}"
        )
    return "\n".join(lines)


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]
