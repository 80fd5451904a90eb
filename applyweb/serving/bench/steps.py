"""The stages of `manage.py bench steps`: what a verify step costs on this GPU, by model shape, draft width and batch.

Weights are random (SGLang's dummy loader), those of a draft head too: time does not depend on what they say. How many
tokens a step accepts is set (SGLANG_SIMULATE_ACC_LEN) to what replays of real answers show at that width. With a folder
of real weights nothing is set, and what is measured is an apply through the whole site. Each stage is a server of its
own; a stage that fails is a row that says why, and its log is kept. Must not know: arguments, output.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from applyweb.serving.apply_draft.requests import PARAMETER
from applyweb.serving.bench import floor
from applyweb.serving.bench.site import SiteError
from applyweb.serving.model_server import launch, profiles, weights
from applyweb.serving.model_server.profiles import Choice, Profile
from applyweb.serving.model_server.weights import NotWhole

# Tokens a step of the apply draft on 34 answers of Qwen2.5-Coder-1.5B, `manage.py bench draft`.
REPLAYED = {16: 15.4, 32: 29.5, 64: 54.3, 128: 95.4, 256: 149.5}
# … of SGLang's NGRAM as its launch profiles have it, breadth 1 and 12 tokens, on 30 wanted answers that anyone can cut
# (README; `bench draft --ngram`), and what EAGLE-3 heads are published to accept on code with four tokens a step.
_ACCEPTS = {"NGRAM": 2.0, "EAGLE3": 3.5, "APPLY_EAGLE3": REPLAYED[64]}
_FIRSTS = 3  # times that the prompt's own pass is measured alone
_LEAST_MS = 0.01  # the last digit that is told of a step
_READY_WITHIN = 900.0
_ASKED_WITHIN = 900.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked: `batches` requests at once, each of `prompt` tokens and then `answer` tokens; and through the site
    a file of `lines`, where the model's context holds so many."""

    batches: Sequence[int] = (1, 4, 16)
    prompt: int = 12_000
    answer: int = 4_000
    lines: int = 1_000
    times: int = 2  # through the site: the last one counts


QUICK = Load((1, 2), 64, 256, 30)


@dataclass(frozen=True, slots=True)
class Stage:
    """One server. `accepts` is 0 where acceptance is not set. `model` is a folder of real weights, `draft` one of a
    draft head; "" for random ones."""

    profile: Profile
    width: int
    accepts: float
    model: str = ""
    draft: str = ""

    @property
    def name(self) -> str:
        width = f" K={self.width}" if self.width else ""
        return f"{self.profile.name}{width}"

    @property
    def key(self) -> str:
        """Tells it from any other of one run."""
        return f"{self.name}, site" if self.model else self.name

    @property
    def facts(self) -> dict[str, Any]:
        """All that its figures depend on, beside the machine and the load, as JSON has it."""
        facts = {name: fact for name, fact in asdict(self.profile).items() if name != "about"}
        facts |= {"width": self.width, "accepts": self.accepts}
        facts |= {"real weights": _files(self.model), "draft head": _files(self.draft)}
        found: dict[str, Any] = json.loads(json.dumps(facts))
        return found


def _files(folder: str) -> dict[str, Any]:
    """The folder and, as weights are too large to be read for it, each file's size and time of change."""
    files = sorted(path for path in Path(folder).iterdir() if path.is_file()) if folder else []
    return {folder: {path.name: [path.stat().st_size, path.stat().st_mtime_ns] for path in files}} if folder else {}


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds. `step_ms` is one verify step, or one token without speculation; it and `tokens_per_second` are None
    where the answer was too short to tell them from the prompt's own pass. `floor_ms` what reading all weights
    once takes at the bandwidth of the GPU's data sheet, None where the GPU is unknown. `site_ms`: from a tool's request
    to the last byte, 0 where that was not the question. `cached_tokens` of the prompts were not read, as the server had
    them from before: with many, `prefill_ms` and `site_ms` say little. `failure` "" where it ran; else the
    log's end is in it."""

    stage: str
    batch: int
    prefill_ms: float = 0.0
    step_ms: float | None = None
    tokens_per_second: float | None = None
    spec_accept_length: float = 0.0
    floor_ms: float | None = None
    site_ms: float = 0.0
    cached_tokens: int = 0
    failure: str = ""


def stages(chosen: Sequence[Profile], widths: Sequence[int], model: str = "", draft: str = "") -> list[Stage]:
    """Each profile once; those that draft from the merge alone once a width."""
    made = []
    for profile in chosen:
        if profile.drafts_from_merge and not profile.draft_model:
            made += [Stage(profile, width, REPLAYED.get(width, 0.8 * width), model) for width in widths]
        else:
            accepts = next((each for name, each in _ACCEPTS.items() if name in profile.speculation), 0.0)
            made.append(Stage(profile, 0, accepts, model, draft if profile.draft_model else ""))
    return made


def run(
    stage: Stage, load: Load, python: str, gpu: str, port: int, logs: Path, *, simulated: bool = True
) -> Iterator[Row]:
    """A row a batch, or one through the site with real weights; the server's log goes into the folder `logs`.
    `simulated` False leaves acceptance to the random weights."""
    url, log = f"http://127.0.0.1:{port}", logs / f"{stage.name.replace(' ', '-')}{'-site' if stage.model else ''}.log"
    with tempfile.TemporaryDirectory(prefix="applyweb-steps-") as scratch:
        words, environment = _server(stage, load, python, port, Path(scratch), simulated=simulated)
        try:
            with launch.running([launch.Job("model server", words, environment, log)]) as started:
                for _ in launch.wait_until_ready(url, started, _READY_WITHIN):
                    pass
                if stage.model:
                    yield _through(stage, load, url)
                    return
                asyncio.run(_ask(url, 1, load.prompt, 16, 0))  # compiles and warms what the first request would pay for
                for batch in load.batches:
                    seeds = [1000 * (number + 1) + batch for number in range(_FIRSTS + 1)]
                    firsts = [asyncio.run(_ask(url, batch, load.prompt, 1, seed)) for seed in seeds[1:]]
                    whole = asyncio.run(_ask(url, batch, load.prompt, load.answer, seeds[0]))
                    yield row_of(stage, batch, firsts, whole, gpu)
        except (launch.ServerFailed, httpx.HTTPError, SiteError, NotWhole) as error:
            yield Row(stage.name, 0, failure=f"{type(error).__name__}: {error}")


def _server(
    stage: Stage, load: Load, python: str, port: int, scratch: Path, *, simulated: bool
) -> tuple[list[str], dict[str, str]]:
    """The words that start the stage's server, and what its environment needs."""
    environment = {"HF_HUB_OFFLINE": "1"}
    if stage.model:
        longest = weights.read(Path(stage.model)).context or stage.profile.longest
        profile = replace(stage.profile, context=min(stage.profile.context, longest))
        return profiles.command(profile, Choice(stage.model, stage.draft, stage.width, port=port), python), environment
    shape = {**stage.profile.shape, "max_position_embeddings": 131072}
    (scratch / "config.json").write_text(json.dumps(shape))
    context = load.prompt + load.answer + 4 * max(stage.width, 64)
    profile = replace(stage.profile, context=context, running=max(load.batches))
    draft = stage.draft or (_head(shape, scratch / "head") if profile.draft_model else "")
    words = profiles.command(profile, Choice(str(scratch), draft, stage.width, port=port), python)
    if simulated and stage.accepts:
        environment["SGLANG_SIMULATE_ACC_LEN"] = f"{stage.accepts:g}"
    return [*words, "--load-format", "dummy", "--skip-tokenizer-init"], environment


def _head(shape: Mapping[str, Any], folder: Path) -> str:
    """The folder of an EAGLE-3 head for a model of this shape, without weights: one layer as it has them, and its whole
    vocabulary."""
    folder.mkdir()
    own = {"architectures": ["LlamaForCausalLMEagle3"], "model_type": "llama", "num_hidden_layers": 1}
    more = {"draft_vocab_size": shape["vocab_size"], "tie_word_embeddings": False}
    (folder / "config.json").write_text(json.dumps({**shape, **own, **more}))
    return str(folder)


def _through(stage: Stage, load: Load, url: str) -> Row:
    # Only here: it reads a socket, with a package that a model server's host need not have.
    from applyweb.serving.bench.through_site import lines_for, through_site

    served = weights.read(Path(stage.model)).context or stage.profile.longest
    found = asyncio.run(through_site(url, lines_for(min(stage.profile.context, served), load.lines), load.times))
    steps = found.stats.get("spec_verify_ct") or found.stats.get("completion_tokens") or 1
    return Row(
        f"{stage.name}, site, {found.lines:,} lines ({found.ended})",
        1,
        prefill_ms=round(found.first_ms, 2),
        step_ms=_told((found.ms - found.first_ms) / steps),
        tokens_per_second=found.stats.get("tokens_per_second"),
        spec_accept_length=round(found.stats.get("completion_tokens", 0) / steps, 2),
        site_ms=round(found.ms, 1),
        cached_tokens=int(found.stats.get("cached_tokens", 0)),
    )


def row_of(stage: Stage, batch: int, firsts: Sequence[Asked], whole: Asked, gpu: str) -> Row:
    """From the same requests for one token, some times over, which is the prompt's own pass, and for all of the answer.
    How long the steps took is told where they took longer than that pass varies."""
    times = [first.seconds for first in firsts]
    prefill, steps = statistics.median(times), max(whole.steps, 1)
    decode = whole.seconds - prefill
    step = _told(decode * 1000 / steps) if whole.seconds - max(times) > max(times) - min(times) else None
    return Row(
        stage.name,
        batch,
        prefill_ms=round(prefill * 1000, 2),
        step_ms=step,
        tokens_per_second=None if step is None else round(whole.tokens / decode, 1),
        spec_accept_length=round(whole.tokens / batch / steps, 2),
        floor_ms=floor.weights_ms(stage.profile, gpu),
        cached_tokens=whole.cached,
    )


def _told(step_ms: float) -> float | None:
    """None for less than can be told."""
    return round(step_ms, 3) if step_ms >= _LEAST_MS else None


@dataclass(frozen=True, slots=True)
class Asked:
    """`steps` of the request that took most of them."""

    seconds: float
    tokens: int
    steps: int
    cached: int = 0


async def _ask(url: str, batch: int, prompt: int, answer: int, seed: int) -> Asked:
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
    return Asked(
        seconds,
        sum(tokens),
        max(int(each.get("spec_verify_ct") or count) for each, count in zip(told, tokens, strict=True)),
        sum(int(each.get("cached_tokens") or 0) for each in told),
    )


def table(rows: Sequence[Row]) -> str:
    """The report for people; why a stage failed is told whole below."""
    width = max((len(row.stage) for row in rows), default=0) + 2
    head = (
        f"{'stage':{width}}{'batch':>6}{'prefill ms':>12}{'step ms':>10}{'floor ms':>10}{'tok/step':>10}{'tok/s':>12}"
        f"{'site ms':>10}{'cached':>8}"
    )
    lines = [head, "-" * len(head)]
    for row in rows:
        if row.failure:
            lines.append(f"{row.stage:{width}}  failed")
            continue
        least = "-" if row.floor_ms is None else f"{row.floor_ms:.2f}"
        step = "-" if row.step_ms is None else f"{row.step_ms:.2f}"
        rate = "-" if row.tokens_per_second is None else f"{row.tokens_per_second:,.0f}"
        site = f"{row.site_ms:,.0f}" if row.site_ms else "-"
        lines.append(
            f"{row.stage:{width}}{row.batch:6}{row.prefill_ms:12,.0f}{step:>10}{least:>10}"
            f"{row.spec_accept_length:10.1f}{rate:>12}{site:>10}{row.cached_tokens:8,}"
        )
    short = [f"{row.stage}, batch {row.batch}" for row in rows if not row.failure and row.step_ms is None]
    if short:
        lines.append(f"\nToo short to tell a step from the prompt's own pass: {'; '.join(short)}.")
    return "\n".join([*lines, *(f"\n{row.stage} failed. {row.failure}" for row in rows if row.failure)])


def nearest(known: Sequence[Profile], numbers: int) -> list[Profile]:
    """Those for a model of about so many numbers."""
    least = min(abs(profile.parameters - numbers / 1e9) for profile in known)
    return [profile for profile in known if abs(profile.parameters - numbers / 1e9) == least]
