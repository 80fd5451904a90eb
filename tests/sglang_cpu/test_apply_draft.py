"""The apply draft in a real SGLang server: it changes the speed, and never one token."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

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


@pytest.fixture(scope="module", params=["apply", "apply_eagle3"])
def url(request: pytest.FixtureRequest, prompts: list[Prompt]) -> Iterator[str]:
    """With the random draft head nearly all that it writes is wrong, and none of it may be seen."""
    with running_server(request.param) as url:
        yield url


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


async def test_four_at_once_with_aborts_the_tokens_are_the_plain_servers(url: str, prompts: list[Prompt]) -> None:
    gate = asyncio.Semaphore(4)

    async def ask(asking: httpx.AsyncClient, number: int) -> list[int]:
        async with gate:
            prompt = prompts[number]
            return list((await generate(asking, prompt.ids, drafts(number + 1, number, prompts)))["output_ids"])

    async def ask_and_leave(asking: httpx.AsyncClient, number: int) -> None:
        async with gate:
            name = f"leaves-{number}"
            begun = asyncio.create_task(generate(asking, prompts[number].ids, prompts[number - 1].wanted, rid=name))
            await asyncio.sleep(0.5)
            await asking.post("/abort_request", json={"rid": name})
            await begun

    async with client(url) as asking, asyncio.TaskGroup() as group:
        asked = []
        for number in range(PROMPTS):
            asked.append(group.create_task(ask(asking, number)))
            if number % 4 == 0:
                group.create_task(ask_and_leave(asking, number))
    assert [task.result() for task in asked] == [prompt.wanted for prompt in prompts]
    await asyncio.to_thread(wait_for_running, url, 0)


async def test_the_site_sends_its_merge_and_says_how_long_it_was(url: str) -> None:
    request = ApplyRequest("drafted", "a = 1\nb = 2\n", "```python\na = 5\nb = 2\n```\n", "a.py")
    end = (await collect(SGLangEngine(EngineSettings(sglang_url=url)), request))[-1]
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
