"""The merge that goes with a request to SGLang: sent as the server tells tokens, waited for as long as that pays."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from applyweb.engines import embedded
from applyweb.engines.base import ApplyRequest, EngineError, Finished
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang_draft import patience
from tests.engines.test_sglang import PATIENCE, REQUEST, WRITTEN, engine, routes

from .events import collect
from .wire import Reply, Wire, captured, http, wire

EDIT = ApplyRequest("apply-8", "a = 1\nb = 2\n", "```python\na = 5\nb = 2\n```\n", "a.py")


def drafts(talk: Wire) -> list[object]:
    return [request.body["sampling_params"].get("custom_params") for request in talk.asked("/generate")]


async def test_the_merge_is_sent_as_the_servers_own_token_ids() -> None:
    async with wire(routes(captured("ngram_stop")) | {"/tokenize": http(200, {"tokens": [4, 5, 6]})}) as talk:
        end = (await collect(engine(talk.url), EDIT))[-1]
    assert isinstance(end, Finished)
    assert drafts(talk) == [{"applyweb_draft": [4, 5, 6]}]
    asked = [request.body for request in talk.asked("/tokenize") if "prompt" in request.body]
    assert [(body["prompt"], body["add_special_tokens"]) for body in asked] == [
        ("a = 5\nb = 2\n</updated-code>", False)
    ]
    assert (end.stats["spec_merge"], end.stats["spec_merge_tokens"]) == ("as tokens", 3)


async def test_the_merge_is_sent_as_text_where_the_server_does_not_tell_tokens() -> None:
    async with wire(routes(captured("ngram_stop")) | {"/tokenize": http(404, {"detail": "Not Found"})}) as talk:
        end = (await collect(engine(talk.url), EDIT))[-1]
    assert isinstance(end, Finished)
    assert drafts(talk) == [{"applyweb_draft_text": "a = 5\nb = 2\n</updated-code>"}]
    assert end.stats["spec_merge"] == "as text"
    assert "spec_merge_tokens" not in end.stats


async def test_without_a_merge_nothing_is_sent_and_nothing_fails() -> None:
    for request in (REQUEST, replace(EDIT, draft="")):
        async with wire(routes(captured("plain_stop"))) as talk:
            assert isinstance((await collect(engine(talk.url), request))[-1], Finished)
        assert drafts(talk) == [None]


async def test_a_draft_that_is_given_is_sent_as_it_is() -> None:
    async with wire(routes(captured("plain_stop")) | {"/tokenize": http(404, {})}) as talk:
        await collect(engine(talk.url), replace(EDIT, draft="z = 9\n"))
    assert drafts(talk) == [{"applyweb_draft_text": "z = 9\n</updated-code>"}]


async def test_a_late_merge_is_not_waited_for_and_is_let_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process would end with it, and the next merge would wait for another one."""
    go, ended, how = asyncio.Event(), asyncio.Event(), list[str]()

    async def slow(request: ApplyRequest, settings: EngineSettings) -> None:
        try:
            await go.wait()
        finally:
            how.append("in peace" if go.is_set() else "cut off")
            ended.set()
        raise EngineError("no_code", "nothing")

    monkeypatch.setattr(embedded, "merged", slow)
    async with wire(routes(captured("ngram_stop"))) as talk:
        end = (await collect(engine(talk.url, draft_wait=0.0), EDIT))[-1]
    assert isinstance(end, Finished)
    assert (drafts(talk), end.stats["spec_merge"], how) == ([None], "late", [])
    go.set()
    async with asyncio.timeout(PATIENCE):
        await ended.wait()
    assert how == ["in peace"]


async def test_a_merge_that_is_there_when_the_request_is_planned_costs_no_wait() -> None:
    tokens = [http(200, {"tokens": [4, 5, 6]})]
    slow = Reply(captured("models").raw, cut=40, pause=0.02)
    async with wire(routes(captured("ngram_stop")) | {"/v1/models": slow, "/tokenize": tokens}) as talk:
        await collect(engine(talk.url, draft_wait=0.0, draft_timeout=PATIENCE), replace(EDIT, draft="z = 9\n"))
    assert drafts(talk) == [{"applyweb_draft": [4, 5, 6]}]


def test_a_draft_may_keep_a_large_file_waiting_longer_and_never_too_long() -> None:
    settings = EngineSettings(draft_wait=0.05, draft_timeout=2.0)
    waits = [patience(replace(EDIT, original="x" * length), settings) for length in (0, 30_000, 4_000_000)]
    assert waits == [0.05, pytest.approx(0.26), 2.0]


@pytest.mark.parametrize(
    "reply",
    [
        http(500, {"error": {"message": "out of memory"}}),
        http(503),
        http(429),
        http(413),
        http(401),
        http(404),
        http(200, b"<html></html>", "text/html"),
        http(200, {"tokens": "none"}),
        Reply(b"", then="reset"),
        Reply(b"", then="stall"),
    ],
)
async def test_a_draft_whose_tokens_cannot_be_had_goes_out_as_text_and_fails_nothing(
    reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        wire(routes(captured("ngram_stop")) | {"/tokenize prompt": reply}) as talk,
    ):
        end = (await collect(engine(talk.url, draft_timeout=0.5, retries=0), replace(EDIT, draft="z = 9\n")))[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.reason, end.stats["spec_merge"]) == (WRITTEN, "stop", "as text")
    assert drafts(talk) == [{"applyweb_draft_text": "z = 9\n</updated-code>"}]
    assert not [record for record in caplog.records if record.getMessage().rstrip().endswith(":")]
    (asked,) = talk.asked("/generate")
    assert "input_ids" in asked.body  # of the prompt, which the server did tell


async def test_a_merge_that_fails_inside_is_logged_and_the_model_is_asked_without_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(request: ApplyRequest, settings: EngineSettings) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(embedded, "merged", broken)
    async with wire(routes(captured("ngram_stop"))) as talk:
        end = (await collect(engine(talk.url), EDIT))[-1]
    assert isinstance(end, Finished)
    assert (drafts(talk), end.stats["spec_merge"]) == ([None], "none")
    assert "a defect" in caplog.text
