"""The OpenAI-compatible engine against what a real chat completions route sent, replayed over a real socket."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from applyweb.engines.base import ApplyRequest, EngineError, Event, Finished
from applyweb.engines.openai_compatible import OpenAIEngine
from applyweb.engines.settings import EngineSettings

from .events import collect, joined, read_until_error
from .test_sglang import WRITTEN
from .wire import Reply, Wire, captured, closed_port, dripping, http, sse, wire

PATIENCE = 20.0  # seconds, after which a time limit is held not to work; the engines' usual ones are longer
REQUEST = ApplyRequest("apply-7", "def greet(name):\n    return name\n", "Say good day.", "greet.py")
CHAT = "/v1/chat/completions"


def routes(*chat: Reply) -> dict[str, Reply | list[Reply]]:
    return {"/v1/models": captured("models"), CHAT: list(chat)}


def engine(url: str, **changed: Any) -> OpenAIEngine:
    return OpenAIEngine(EngineSettings(openai_url=f"{url}/v1", **({"retry_delay": 0.0} | changed)))


def chunk(text: str | None, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


async def run(reply: Reply, **changed: Any) -> tuple[Finished, Wire]:
    async with wire(routes(reply)) as talk:
        events = await collect(engine(talk.url, **changed), REQUEST)
    end = events[-1]
    assert isinstance(end, Finished)
    assert joined(events) == end.text
    return end, talk


async def failure(*replies: Reply, **changed: Any) -> tuple[EngineError, list[Event], Wire]:
    async with wire(routes(*replies)) as talk:
        error, events = await read_until_error(engine(talk.url, **changed), REQUEST)
    return error, events, talk


@pytest.mark.parametrize("cut", [0, 3, 1000])
async def test_stream_gives_the_file_that_the_model_wrote_however_the_bytes_are_cut(cut: int) -> None:
    end, _ = await run(captured("chat_stop", cut=cut))
    assert (end.text, end.reason, end.engine, end.confidence) == (WRITTEN, "stop", "openai", "certain")


async def test_stream_keeps_the_usage_whose_chunk_has_no_choices() -> None:
    end, _ = await run(captured("chat_stop"))
    assert end.stats["completion_tokens"] > 0
    assert end.stats["prompt_tokens"] > 0
    assert end.stats["model"] == "smollm2-135m-instruct"
    assert end.stats["tokens_per_second"] > 0


async def test_request_names_the_first_listed_model_or_the_one_that_is_set() -> None:
    _, talk = await run(captured("chat_stop"))
    (asked,) = talk.asked(CHAT)
    assert asked.body["model"] == "smollm2-135m-instruct"
    assert (asked.body["temperature"], asked.body["stream_options"]) == (0, {"include_usage": True})
    assert [turn["role"] for turn in asked.body["messages"]] == ["system", "user"]
    _, talk = await run(captured("chat_stop"), openai_model="other")
    assert talk.asked(CHAT)[0].body["model"] == "other"
    assert talk.asked("/v1/models") == []


SPECULATED = {
    **{"spec_accept_rate": 0.4, "spec_accept_length": 7.0, "spec_verify_ct": 5, "spec_cap_length": 0.0},
    **{"spec_num_correct_drafts": 30, "spec_num_proposed_drafts": 75, "spec_correct_drafts_histogram": [0, 5]},
}


def speculated(details: object) -> Reply:
    """As SGLang 0.5.23 answers: its extension in a chunk of its own, between the end and the usage."""
    figures = {"prompt_tokens": 9, "completion_tokens": 35, "total_tokens": 44}
    extended = {**chunk(None), "choices": [], "sglext": {"spec_tokens_details": details}}
    return sse([chunk(f"<updated-code>\n{WRITTEN}</updated-code>"), chunk("", "stop"), extended, usage(figures)])


def usage(figures: dict[str, int]) -> dict[str, Any]:
    return {**chunk(None), "choices": [], "usage": figures}


async def test_of_a_server_that_says_it_is_sglang_the_acceptance_is_asked() -> None:
    end, talk = await run(speculated(SPECULATED))
    assert talk.asked(CHAT)[0].body["return_spec_tokens_details"] is True
    told = {name: value for name, value in end.stats.items() if name.startswith("spec_")}
    assert told == {name: SPECULATED[name] for name in told}
    assert (told["spec_accept_length"], told["spec_verify_ct"], len(told)) == (7.0, 5, 5)
    assert end.stats["completion_tokens"] == 35


@pytest.mark.parametrize("details", [None, "none", {}, {**SPECULATED, "spec_verify_ct": 0}])
async def test_what_is_no_acceptance_is_not_told(details: object) -> None:
    end, _ = await run(speculated(details))
    assert not any(name.startswith("spec_") for name in end.stats)


async def test_of_any_other_server_nothing_is_asked_that_it_may_not_know() -> None:
    for listed in ({"id": "m", "object": "model", "owned_by": "vllm"}, {"id": "m", "object": "model"}):
        models = http(200, {"object": "list", "data": [listed]})
        async with wire(routes(captured("chat_stop")) | {"/v1/models": models}) as talk:
            await collect(engine(talk.url), REQUEST)
        assert "return_spec_tokens_details" not in talk.asked(CHAT)[0].body
    _, talk = await run(captured("chat_stop"), openai_model="other")
    assert "return_spec_tokens_details" not in talk.asked(CHAT)[0].body


async def test_request_never_sends_a_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "meant-for-another-server")
    _, talk = await run(captured("chat_stop"))
    assert not any("meant-for-another-server" in str(request.headers) for request in talk.requests)
    _, talk = await run(captured("chat_stop"), openai_api_key="k-2")
    assert {request.headers["authorization"] for request in talk.requests} == {"Bearer k-2"}


async def test_a_length_stop_is_never_a_whole_file() -> None:
    opened = chunk("<updated-code>\na = 1\nb")
    end, _ = await run(sse([opened, chunk(None, "length")]))
    assert (end.text, end.reason, end.confidence) == ("a = 1\nb", "length", "unsure")
    assert [note.code for note in end.notes] == ["incomplete"]
    end, _ = await run(captured("chat_length"))
    assert (end.text, end.reason) == ("", "length")


async def test_a_filtered_answer_is_not_whole() -> None:
    end, _ = await run(sse([chunk("<updated-code>\na"), chunk(None, "content_filter")]))
    assert (end.reason, [note.code for note in end.notes]) == ("abort", ["aborted"])


async def test_text_after_the_answer_is_left_out_and_ends_the_reading() -> None:
    rambling = captured("chat_rambling", until=b'"content":" hope"', then="stall")
    async with wire(routes(rambling)) as talk:
        async with asyncio.timeout(PATIENCE):
            events = await collect(engine(talk.url), REQUEST)
            await talk.client_left.wait()
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.reason, end.confidence) == (WRITTEN, "stop", "unsure")
    assert [note.code for note in end.notes] == ["text_after_answer"]


async def test_a_model_that_turns_in_circles_is_stopped() -> None:
    endless = [chunk("<updated-code>\n"), *[chunk("x = 1\n" * 50)] * 100]
    async with wire(routes(sse(endless, done=False, then="stall"))) as talk:
        end = (await collect(engine(talk.url), REQUEST))[-1]
        await asyncio.wait_for(talk.client_left.wait(), 10)
    assert isinstance(end, Finished)
    assert (end.reason, [note.code for note in end.notes]) == ("length", ["incomplete"])


async def test_an_answer_without_tags_is_a_bad_reply() -> None:
    error, events, _ = await failure(captured("chat_without_tags"))
    assert (error.code, events) == ("bad_reply", [])


async def test_a_prompt_that_is_too_long_is_said_so() -> None:
    error, _, talk = await failure(captured("chat_too_long"))
    assert (error.code, error.retryable, len(talk.asked(CHAT))) == ("too_long", False, 1)
    assert "2079 tokens" in str(error)


@pytest.mark.parametrize(
    ("reply", "code", "shown"),
    [
        (captured("chat_stop", until=b'"content":" politely"', then="reset"), "interrupted", True),
        (sse([chunk("<updated-code>\na = 1\nb")], done=False), "interrupted", True),
        (sse([chunk("<updated-code>\na = 1\nb"), "not json"]), "bad_reply", True),
        (sse([chunk("<updated-code>\na = 1\nb"), "5"]), "bad_reply", True),
        (sse([{"error": {"message": "out of memory", "code": 500}}]), "server_error", False),
        (
            sse([{"error": {"message": "The input is longer than the model's context length", "code": 400}}]),
            "too_long",
            False,
        ),
    ],
)
async def test_a_broken_stream_ends_in_its_own_error(reply: Reply, code: str, shown: bool) -> None:
    error, events, _ = await failure(reply)
    assert (error.code, bool(events)) == (code, shown)


@pytest.mark.parametrize("path", ["/v1/models", CHAT])
async def test_a_server_that_drips_times_out_like_a_silent_one(path: str) -> None:
    limits = {"first_token_timeout": 0.5, "stall_timeout": 0.5, "status_timeout": 0.3, "connect_timeout": 0.3}
    async with asyncio.timeout(PATIENCE), wire(routes(captured("chat_stop")) | {path: dripping(http(200, {}))}) as talk:
        error, events = await read_until_error(engine(talk.url, **limits), REQUEST)
        assert (error.code, error.retryable, events) == ("timeout", False, [])
        if path == "/v1/models":
            found = await engine(talk.url, **limits).status()
            assert (found.state, "did not begin to answer in time" in found.message) == ("down", True)


async def test_a_stall_times_out_before_and_after_the_first_text() -> None:
    begun = sse([chunk("<updated-code>\na = 1\nb")], done=False, then="stall")
    async with asyncio.timeout(PATIENCE):
        error, events, _ = await failure(begun, stall_timeout=0.2)
    assert (error.code, joined(events)) == ("timeout", "a = 1\nb")
    async with asyncio.timeout(PATIENCE):
        error, events, _ = await failure(sse([], done=False, then="stall"), first_token_timeout=0.2)
    assert (error.code, events) == ("timeout", [])


@pytest.mark.parametrize(
    ("status", "code", "tries"),
    [
        (401, "rejected", 1),
        (404, "rejected", 1),
        (429, "not_ready", 3),
        (500, "server_error", 3),
        (503, "not_ready", 3),
    ],
)
async def test_a_refusal_has_its_code_and_is_tried_again_only_where_that_may_help(
    status: int, code: str, tries: int
) -> None:
    error, _, talk = await failure(http(status, {"error": {"message": "the reason"}}), retries=2)
    assert (error.code, len(talk.asked(CHAT))) == (code, tries)


async def test_a_connection_that_breaks_before_anything_came_is_tried_again() -> None:
    async with wire(routes(Reply(b"", then="reset"), captured("chat_stop"))) as talk:
        assert joined(await collect(engine(talk.url), REQUEST)) == WRITTEN


async def test_a_server_that_is_not_there_or_not_set_or_lists_no_model() -> None:
    with pytest.raises(EngineError) as caught:
        await collect(engine(f"http://127.0.0.1:{closed_port()}"), REQUEST)
    assert caught.value.code == "unreachable"
    with pytest.raises(EngineError) as caught:
        await collect(OpenAIEngine(EngineSettings()), REQUEST)
    assert caught.value.code == "not_configured"
    async with wire({"/v1/models": http(200, {"object": "list", "data": []})}) as talk:
        with pytest.raises(EngineError, match="APPLYWEB_OPENAI_MODEL") as caught:
            await collect(engine(talk.url), REQUEST)
    assert caught.value.code == "not_configured"


async def test_closing_the_stream_early_hangs_up() -> None:
    begun = captured("chat_stop", until=b'"content":" politely"', then="stall")
    async with wire(routes(begun)) as talk:
        async with aclosing(engine(talk.url).stream(REQUEST)) as events:
            async for _ in events:
                break
        await asyncio.wait_for(talk.client_left.wait(), 10)


async def test_status_tells_ready_from_starting_down_and_off() -> None:
    async with wire({"/v1/models": captured("models")}) as talk:
        found = await engine(talk.url).status()
        assert (found.state, found.facts[0]) == ("ready", ("Model", "smollm2-135m-instruct"))
    async with wire({"/v1/models": http(503)}) as talk:
        assert (await engine(talk.url).status()).state == "starting"
    assert (await engine(f"http://127.0.0.1:{closed_port()}").status()).state == "down"
    assert (await OpenAIEngine(EngineSettings()).status()).state == "off"


async def test_an_answer_in_a_fence_instead_of_the_tags_is_read_and_said_so() -> None:
    end, _ = await run(sse([chunk("```python\ndef greet(name):\n"), chunk("    return 1\n```"), chunk(None, "stop")]))
    assert (end.text, end.reason) == ("def greet(name):\n    return 1\n", "stop")
    assert [(note.code, note.severity) for note in end.notes] == [("fence_for_tags", "info")]
