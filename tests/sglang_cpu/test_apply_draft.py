"""The apply draft in a real SGLang server: it changes the speed, and never one token."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from httpx_sse import aconnect_sse

from applyweb.engines.base import ApplyRequest, Finished
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang import SGLangEngine
from applyweb.serving.apply_draft.requests import PARAMETER, TEXT
from tests.engines.events import collect

from . import place
from .server import APPLY_WIDTH, running_requests, running_server, wait_for_running

pytestmark = pytest.mark.sglang

TOKENS = 24
PROMPTS = 20
AT_ONCE = 4
LEAVES_BEFORE = 600  # tokens: minutes of work, which nobody waits for


@dataclass(frozen=True)
class Prompt:
    """`wanted`: what the plain server wrote."""

    ids: list[int]
    wanted: list[int]


def texts() -> list[str]:
    """Twenty beginnings of files, of the project's own code, to be continued."""
    files = sorted((place.ROOT / "applyweb").rglob("*.py"))
    sources = [file.read_text(encoding="utf-8") for file in files]
    return [source[:400] for source in sources if len(source) > 1500][:PROMPTS]


async def generate(client: httpx.AsyncClient, ids: list[int], draft: object = None, **more: Any) -> dict[str, Any]:
    sampling: dict[str, Any] = {"temperature": 0, "max_new_tokens": TOKENS, "ignore_eos": True}
    if draft is not None:
        sampling["custom_params"] = {PARAMETER: draft}
    reply = await client.post("/generate", json={"input_ids": ids, "sampling_params": sampling, **more})
    reply.raise_for_status()
    body: dict[str, Any] = reply.json()
    return body


class Stream:
    """A request under way: `ids` are its tokens so far, `reason` why it ended, "" before that."""

    def __init__(self, client: httpx.AsyncClient, ids: list[int], tokens: int, draft: object) -> None:
        self.ids: list[int] = []
        self.reason = ""
        self._client, self._rid = client, f"stream-{token_hex(4)}"
        self._first = asyncio.Event()
        sampling: dict[str, Any] = {"temperature": 0, "max_new_tokens": tokens, "ignore_eos": True}
        if draft is not None:
            sampling["custom_params"] = {PARAMETER: draft}
        body = {"input_ids": ids, "sampling_params": sampling, "rid": self._rid, "stream": True}
        self._reading = asyncio.create_task(self._read(body))

    async def begun(self) -> None:
        """Returns when the first tokens are there."""
        async with asyncio.timeout(120):
            await self._first.wait()

    async def finished(self) -> list[int]:
        await self._reading
        assert self.reason == "length"
        return self.ids

    async def abort(self) -> None:
        """By its id; the stream ends with the server's word."""
        (await self._client.post("/abort_request", json={"rid": self._rid})).raise_for_status()
        await self._reading

    async def drop(self) -> None:
        """As a client that goes without a word."""
        self._reading.cancel()
        await asyncio.wait([self._reading])

    async def _read(self, body: dict[str, Any]) -> None:
        async with aconnect_sse(self._client, "POST", "/generate", json=body) as source:
            async for event in source.aiter_sse():
                if event.data == "[DONE]":
                    return
                told = json.loads(event.data)
                self.ids = told["output_ids"]
                self.reason = (told["meta_info"]["finish_reason"] or {"type": ""})["type"]
                self._first.set()


def client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=300.0, trust_env=False)


@pytest.fixture(scope="module")
def prompts() -> list[Prompt]:
    """What the same server writes without any draft, by itself and before the other server starts."""

    async def ask(url: str) -> list[Prompt]:
        async with client(url) as asking:
            found = []
            for text in texts():
                ids = (await asking.post("/tokenize", json={"prompt": text})).json()["tokens"]
                found.append(Prompt(ids, (await generate(asking, ids))["output_ids"]))
            return found

    with running_server("plain") as url:
        found = asyncio.run(ask(url))
    assert len(found) == PROMPTS
    assert all(len(prompt.wanted) == TOKENS for prompt in found)
    return found


@dataclass(frozen=True)
class Drafted:
    """A server with the plugin, which notes its steps in a file."""

    url: str
    noted: Path

    def steps(self) -> list[tuple[int, int]]:
        """Of each step so far: requests in the batch, and requests of which the plugin keeps something."""
        return [(int(batch), int(kept)) for batch, kept in map(str.split, self.noted.read_text().splitlines())]


@pytest.fixture(scope="module", params=["apply", "apply_eagle3"])
def drafted(
    request: pytest.FixtureRequest, prompts: list[Prompt], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Drafted]:
    """With the random draft head nearly all that it writes is wrong, and none of it may be seen."""
    noted = tmp_path_factory.mktemp("drafts") / "steps"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("APPLYWEB_TEST_DRAFTS", str(noted))
        with running_server(request.param) as url:
            yield Drafted(url, noted)


@pytest.fixture
def url(drafted: Drafted) -> str:
    return drafted.url


def drafts(kind: int, number: int, prompts: list[Prompt]) -> object:
    """A draft for a prompt, of one of five kinds: right, right in part, another prompt's, none, or no draft at all."""
    wanted = prompts[number].wanted
    return [
        wanted,
        [*wanted[:9], 5, *wanted[10:20], *wanted[25:]],
        prompts[number - 1].wanted,
        None,
        [10**9, -1],
    ][kind % 5]


async def test_one_at_a_time_the_tokens_are_the_plain_servers(url: str, prompts: list[Prompt]) -> None:
    async with client(url) as asking:
        for number, prompt in enumerate(prompts):
            reply = await generate(asking, prompt.ids, drafts(number, number, prompts))
            assert reply["output_ids"] == prompt.wanted, number
            if number % 5 == 0:  # the first token comes with the prompt's own pass
                assert reply["meta_info"]["spec_verify_ct"] <= -(-TOKENS // APPLY_WIDTH) + 1


async def test_four_at_once_and_some_leave_in_mid_generation_the_others_tokens_are_the_plain_servers(
    drafted: Drafted, prompts: list[Prompt]
) -> None:
    """In each round there are some whose tokens count, and as many others as make four, who leave while those are
    written: aborted in one round, without a word in the next."""
    left = []
    async with client(drafted.url) as asking:
        for first in range(0, PROMPTS, 3):
            numbers = range(first, min(first + 3, PROMPTS))
            staying = [Stream(asking, prompts[n].ids, TOKENS, drafts(n + 1, n, prompts)) for n in numbers]
            others = [prompts[n - 1] for n in range(first, first + AT_ONCE - len(staying))]
            leaving = [Stream(asking, each.ids, LEAVES_BEFORE, prompts[first].wanted) for each in others]
            for stream in (*leaving, *staying):
                await stream.begun()
            for stream, prompt in zip(leaving, others, strict=True):
                await (stream.drop() if first % 2 else stream.abort())
                assert 0 < len(stream.ids) < LEAVES_BEFORE
                assert stream.ids[:TOKENS] == prompt.wanted[: len(stream.ids)]
                left.append(stream.reason)
            assert any(len(stream.ids) < TOKENS for stream in staying), "none was left in the middle"
            assert [await stream.finished() for stream in staying] == [prompts[n].wanted for n in numbers]
            await asyncio.to_thread(wait_for_running, drafted.url, 0)
        assert (await generate(asking, prompts[0].ids))["output_ids"] == prompts[0].wanted
    assert sorted(left) == [""] * 3 + ["abort"] * 5
    steps = drafted.steps()
    assert max(batch for batch, _ in steps) == AT_ONCE
    assert [kept for _, kept in steps] == [batch for batch, _ in steps]  # who is gone is forgotten with the next step
    assert steps[-1] == (1, 1)


async def test_the_site_sends_its_merge_and_says_how_long_it_was(url: str) -> None:
    request = ApplyRequest("drafted", "a = 1\nb = 2\n", "```python\na = 5\nb = 2\n```\n", "a.py")
    patient = EngineSettings(sglang_url=url, draft_wait=60.0, draft_timeout=60.0)
    end = (await collect(SGLangEngine(patient), request))[-1]
    assert isinstance(end, Finished)
    assert int(end.stats["spec_merge_tokens"]) > 10
    status = await SGLangEngine(EngineSettings(sglang_url=url, status_timeout=30.0)).status()
    assert dict(status.facts)["Speculation"].startswith("APPLY")
    assert running_requests(url) == 0


async def test_a_draft_sent_as_text_saves_steps_and_changes_nothing(url: str, prompts: list[Prompt]) -> None:
    async with client(url) as asking:
        prompt = max(prompts, key=lambda each: len(set(each.wanted)))
        text = (await generate(asking, prompt.ids))["text"]
        sampling = {"temperature": 0, "max_new_tokens": TOKENS, "ignore_eos": True, "custom_params": {TEXT: text}}
        reply = (await asking.post("/generate", json={"input_ids": prompt.ids, "sampling_params": sampling})).json()
    assert reply["output_ids"] == prompt.wanted
    assert reply["meta_info"]["spec_verify_ct"] <= TOKENS // 3


async def test_requests_that_are_taken_out_and_put_back_go_on_with_the_plain_servers_tokens(
    prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SGLang does for want of memory, and by its own switch for tests every third step."""
    monkeypatch.setenv("SGLANG_TEST_RETRACT", "1")
    with running_server("apply") as url:
        async with client(url) as asking:
            asked = [generate(asking, prompts[n].ids, drafts(n + 1, n, prompts)) for n in range(4)]
            found = await asyncio.gather(*asked)
            metrics = (await asking.get("/metrics")).text
    assert [reply["output_ids"] for reply in found] == [prompt.wanted for prompt in prompts[:4]]
    (taken_out,) = re.findall(r"^sglang:num_retracted_requests_total\{.*\} (\S+)", metrics, re.MULTILINE)
    assert float(taken_out) > 1
