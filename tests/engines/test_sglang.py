"""The SGLang engine against what real servers sent, replayed over a real socket: whole, cut anywhere, broken off."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import aclosing
from typing import Any

import pytest

from applyweb.engines import sglang
from applyweb.engines.base import ApplyRequest, Delta, EngineError, Event, Finished
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang import SGLangEngine
from applyweb.engines.tls import tls

from .events import collect, joined, read_until_error
from .wire import Reply, Wire, captured, closed_port, dripping, http, sse, wire

PATIENCE = 20.0  # seconds, after which a time limit is held not to work; the engines' usual ones are longer
REQUEST = ApplyRequest("apply-7", "def greet(name):\n    return name\n", "Say good day.", "greet.py")
# What the small model wrote in the captures, with the last line end that belongs to the file.
WRITTEN = 'def greet(name):\n    """Say hello – politely."""\n    return f"Good day, {name}!"\n'
META = {"finish_reason": None, "completion_tokens": 1}


def routes(*generate: Reply) -> dict[str, Reply | list[Reply]]:
    return {
        "/v1/models": captured("models"),
        "/tokenize": captured("tokenize"),
        "/generate": list(generate),
        "/abort_request": http(200),
    }


def engine(url: str, **changed: Any) -> SGLangEngine:
    patient = {"retry_delay": 0.0, "draft_wait": PATIENCE, "draft_timeout": PATIENCE}
    return SGLangEngine(EngineSettings(sglang_url=url, **(patient | changed)))


async def run(reply: Reply, **changed: Any) -> tuple[list[Event], Finished, Wire]:
    async with wire(routes(reply)) as talk:
        events = await collect(engine(talk.url, **changed), REQUEST)
    end = events[-1]
    assert isinstance(end, Finished)
    assert joined(events) == end.text
    return events, end, talk


def sent(talk: Wire) -> list[str]:
    return [request.body["rid"] for request in talk.asked("/generate")]


def aborted(talk: Wire) -> list[str]:
    return [request.body["rid"] for request in talk.asked("/abort_request")]


async def failure(*replies: Reply, **changed: Any) -> tuple[EngineError, list[Event], Wire]:
    async with wire(routes(*replies)) as talk:
        error, events = await read_until_error(engine(talk.url, **changed), REQUEST)
    return error, events, talk


@pytest.mark.parametrize(
    ("kind", "cut"), [("plain", 0), ("ngram", 0), ("ngram", 1), ("ngram", 1000), ("eagle3", 0), ("eagle3", 7)]
)
async def test_stream_gives_the_file_that_the_model_wrote_however_the_bytes_are_cut(kind: str, cut: int) -> None:
    events, end, talk = await run(captured(f"{kind}_stop", cut=cut))
    assert (end.text, end.reason, end.engine, end.confidence) == (WRITTEN, "stop", "sglang", "certain")
    assert talk.asked("/abort_request") == []
    tokens = sum(event.tokens for event in events if isinstance(event, Delta))
    assert 0 < tokens <= end.stats["completion_tokens"]  # the closing tag's own tokens carry no text


async def test_stream_keeps_the_figures_of_the_last_event() -> None:
    _, end, _ = await run(captured("ngram_stop"))
    assert end.stats["completion_tokens"] > end.stats["spec_verify_ct"] > 0
    assert end.stats["spec_accept_length"] == pytest.approx(
        end.stats["completion_tokens"] / end.stats["spec_verify_ct"]
    )
    assert end.stats["model"] == "smollm2-135m-instruct"
    assert end.stats["first_token_ms"] <= end.stats["ms"]
    assert {"prompt_tokens", "decode_throughput", "spec_accept_rate", "tokens_per_second"} <= set(end.stats)


async def test_stream_of_a_server_without_speculation_reports_no_speculative_figures() -> None:
    _, end, _ = await run(captured("plain_stop"))
    assert [name for name in end.stats if name.startswith("spec_")] == []


async def test_request_carries_the_servers_own_tokens_and_stops_at_the_closing_tag() -> None:
    _, _, talk = await run(captured("plain_stop"))
    (asked,) = talk.asked("/generate")
    assert asked.body["rid"].startswith("apply-7-")
    assert asked.body["input_ids"][:3] == [1, 9690, 198]  # of the captured /tokenize
    assert asked.body["stream"] is True
    assert asked.body["sampling_params"]["temperature"] == 0
    assert asked.body["sampling_params"]["stop"] == ["</updated-code>"]
    (rendered,) = talk.asked("/tokenize")
    assert rendered.body["messages"][-1] == {"role": "assistant", "content": "<updated-code>\n"}
    assert rendered.body["continue_final_message"] is True


async def test_request_goes_out_as_chatml_text_where_the_server_cannot_render_messages() -> None:
    async with wire({"/generate": captured("plain_stop")}) as talk:
        events = await collect(engine(talk.url), REQUEST)
    assert joined(events) == WRITTEN
    (asked,) = talk.asked("/generate")
    assert "input_ids" not in asked.body
    assert asked.body["text"].startswith("<|im_start|>system\n")
    assert asked.body["text"].endswith("<|im_start|>assistant\n<updated-code>\n")


async def test_request_carries_the_api_key() -> None:
    async with wire(routes(captured("plain_stop"))) as talk:
        await collect(engine(talk.url, sglang_api_key="k-1"), REQUEST)
    assert {request.headers["authorization"] for request in talk.requests} == {"Bearer k-1"}


async def test_a_length_stop_is_never_a_whole_file() -> None:
    _, end, _ = await run(captured("length"))
    assert (end.text, end.reason, end.confidence) == ('def greet(name):\n    """Say', "length", "unsure")
    assert [(note.code, note.severity) for note in end.notes] == [("incomplete", "error")]


async def test_an_abort_by_the_server_is_said_so() -> None:
    _, end, _ = await run(captured("aborted"))
    assert (end.reason, end.confidence, [note.code for note in end.notes]) == ("abort", "unsure", ["aborted"])


async def test_an_answer_that_ends_without_its_closing_tag_is_unsure() -> None:
    stop = META | {"finish_reason": {"type": "stop", "matched": 2}}
    _, end, _ = await run(sse([{"text": "a = 1", "meta_info": stop}]))
    assert (end.text, end.reason, end.confidence) == ("a = 1\n", "stop", "unsure")
    assert [note.code for note in end.notes] == ["answer_not_closed"]


async def test_an_error_event_after_200_is_an_error() -> None:
    error, events, talk = await failure(captured("too_long"))
    assert (error.code, error.retryable, events) == ("too_long", False, [])
    assert "2050 tokens" in str(error)
    assert len(talk.asked("/generate")) == 1
    assert talk.asked("/abort_request") == []  # the server is done with it


async def test_an_error_event_in_mid_stream_is_an_error_and_not_tried_again() -> None:
    begun = {"text": "a = 1\nb", "meta_info": META}
    overloaded = {"error": {"message": "the request timed out in the queue", "code": 503}}
    error, events, talk = await failure(sse([begun, overloaded]))
    assert (error.code, error.retryable, joined(events)) == ("not_ready", False, "a = 1\nb")
    assert len(talk.asked("/generate")) == 1


async def test_a_file_that_cannot_fit_is_refused_with_the_numbers_before_it_is_sent() -> None:
    tokens = http(200, {"tokens": list(range(900)), "count": 900})
    async with wire(routes() | {"/tokenize": tokens}) as talk:
        with pytest.raises(EngineError, match=r"900 tokens.*holds 1024") as caught:
            await collect(engine(talk.url), ApplyRequest("1", "value = 1\n" * 400, "Set it to 2."))
    assert caught.value.code == "too_long"
    assert talk.asked("/generate") == []


async def test_a_reset_in_mid_stream_is_interrupted_and_not_tried_again() -> None:
    error, events, talk = await failure(captured("ngram_stop", until=b'"text":"def greet(name', then="reset"))
    assert events  # "def", at least, had been shown
    assert (error.code, error.retryable) == ("interrupted", False)
    assert len(talk.asked("/generate")) == 1
    assert aborted(talk) == sent(talk) != []


async def test_a_stream_that_just_stops_is_interrupted() -> None:
    event = {"text": "a = 1\nb", "meta_info": META}
    error, events, _ = await failure(sse([event], done=False))
    assert error.code == "interrupted"
    assert joined(events) == "a = 1\nb"


async def test_a_stall_in_mid_stream_times_out_and_aborts() -> None:
    started = {"text": "a = 1\nb", "meta_info": META}
    async with asyncio.timeout(PATIENCE):
        error, events, talk = await failure(sse([started], done=False, then="stall"), stall_timeout=0.2)
    assert (error.code, error.retryable, joined(events)) == ("timeout", False, "a = 1\nb")
    assert aborted(talk) == sent(talk) != []


async def test_a_server_that_never_begins_times_out() -> None:
    async with asyncio.timeout(PATIENCE):
        error, events, talk = await failure(sse([], done=False, then="stall"), first_token_timeout=0.2)
    assert (error.code, events) == ("timeout", [])
    assert len(talk.asked("/generate")) == 1


@pytest.mark.parametrize("path", ["/v1/models", "/tokenize", "/generate"])
async def test_a_server_that_drips_times_out_like_a_silent_one(path: str) -> None:
    drip = dripping(http(200, {}))
    async with asyncio.timeout(PATIENCE), wire(routes(captured("plain_stop")) | {path: drip}) as talk:
        error, events = await read_until_error(
            engine(talk.url, first_token_timeout=0.5, stall_timeout=0.5, draft_timeout=0.1), REQUEST
        )
        assert (error.code, error.retryable, events) == ("timeout", False, [])
        assert "did not begin to answer in time" in str(error)
        assert len(talk.asked(path)) >= 1


async def test_a_refusal_that_drips_times_out() -> None:
    async with asyncio.timeout(PATIENCE):
        error, _, _ = await failure(dripping(http(400, {"error": "x" * 400})), first_token_timeout=0.5)
    assert error.code == "timeout"


async def test_events_without_a_token_put_no_timeout_off() -> None:
    begun = {"text": "a = 1\nb", "meta_info": META}
    waiting = {"text": "", "meta_info": META | {"completion_tokens": 0}}
    for events, shown in (([waiting] * 2000, ""), ([begun] * 2000, "a = 1\nb")):
        raw = sse(events, done=False).raw
        async with asyncio.timeout(PATIENCE):
            error, seen, _ = await failure(Reply(raw, 60, 0.02), first_token_timeout=1.0, stall_timeout=0.5)
        assert (error.code, joined(seen)) == ("timeout", shown)


async def test_an_abort_whose_answer_drips_is_given_up_and_the_log_says_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sglang, "_ABORT_WITHIN", 0.3)
    begun = captured("ngram_stop", until=b'"text":"def greet(name):', then="stall")
    async with (
        asyncio.timeout(PATIENCE),
        wire(routes(begun) | {"/abort_request": dripping(http(200))}) as talk,
        aclosing(engine(talk.url).stream(REQUEST)) as events,
    ):
        async for _ in events:
            break
    assert re.search(r"did not take the abort of apply-7\S*: TimeoutError", caplog.text)


@pytest.mark.parametrize(
    "bad",
    [
        "no json at all",
        "[1, 2]",
        {"text": "abc"},
        {"text": 5, "meta_info": META},
        {"text": "abc", "meta_info": META | {"finish_reason": {"type": "weather"}}},
        {"text": "not a = 1", "meta_info": META},
    ],
)
async def test_an_event_that_is_not_the_protocol_is_a_bad_reply(bad: object) -> None:
    begun = {"text": "a = 1", "meta_info": META}
    ended = {"text": "a = 1\n</updated-code>", "meta_info": META | {"finish_reason": {"type": "stop"}}}
    error, _, _ = await failure(sse([begun, bad, ended]))
    assert (error.code, error.retryable) == ("bad_reply", False)


async def test_an_answer_without_a_finish_reason_is_a_bad_reply() -> None:
    error, _, _ = await failure(sse([{"text": "a = 1", "meta_info": META}]))
    assert error.code == "bad_reply"


async def test_a_reply_that_is_no_event_stream_is_a_bad_reply() -> None:
    error, _, _ = await failure(http(200, b"<html>a proxy's page</html>", "text/html"))
    assert error.code == "bad_reply"


@pytest.mark.parametrize(
    ("status", "code", "tries"),
    [(400, "rejected", 1), (401, "rejected", 1), (404, "rejected", 1), (500, "server_error", 3), (503, "not_ready", 3)],
)
async def test_a_refusal_has_its_code_and_is_tried_again_only_where_that_may_help(
    status: int, code: str, tries: int
) -> None:
    error, _, talk = await failure(http(status, {"error": {"message": "the reason"}}), retries=2)
    assert (error.code, len(talk.asked("/generate"))) == (code, tries)
    assert "the reason" in str(error)


async def test_a_refusal_for_length_has_its_own_code() -> None:
    message = "Requested token count exceeds the model's maximum context length of 1024 tokens."
    error, _, _ = await failure(http(400, {"error": {"message": message}}))
    assert error.code == "too_long"


async def test_a_server_that_is_ready_at_the_second_try_gives_the_file() -> None:
    async with wire(routes(http(503), captured("plain_stop"))) as talk:
        events = await collect(engine(talk.url), REQUEST)
    assert joined(events) == WRITTEN
    first, second = (request.body["rid"] for request in talk.asked("/generate"))
    assert first != second


async def test_a_connection_that_breaks_before_anything_came_is_tried_again() -> None:
    async with wire(routes(Reply(b"", then="reset"), captured("plain_stop"))) as talk:
        assert joined(await collect(engine(talk.url), REQUEST)) == WRITTEN


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(EngineError, match="cannot be reached") as caught:
        await collect(engine(f"http://127.0.0.1:{closed_port()}", retries=1), REQUEST)
    assert (caught.value.code, caught.value.retryable) == ("unreachable", True)


async def test_an_address_that_is_none_is_not_configured() -> None:
    for url in ("", "ftp://server"):
        with pytest.raises(EngineError) as caught:
            await collect(engine(url), REQUEST)
        assert caught.value.code == "not_configured"


async def test_closing_the_stream_early_aborts_at_the_server() -> None:
    begun = captured("ngram_stop", until=b'"text":"def greet(name):', then="stall")
    async with wire(routes(begun)) as talk:
        async with aclosing(engine(talk.url).stream(REQUEST)) as events:
            async for _ in events:
                break
        assert aborted(talk) == sent(talk) != []
        await asyncio.wait_for(talk.client_left.wait(), 10)


async def test_cancelling_the_reader_aborts_at_the_server() -> None:
    begun = captured("ngram_stop", until=b'"text":"def greet(name):', then="stall")
    first = asyncio.Event()

    async def read(target: SGLangEngine) -> None:
        async with aclosing(target.stream(REQUEST)) as events:
            async for _ in events:
                first.set()

    async with wire(routes(begun)) as talk:
        reading = asyncio.create_task(read(engine(talk.url)))
        await first.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert aborted(talk) == sent(talk) != []


async def test_an_abort_that_the_server_does_not_take_is_logged_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    begun = captured("ngram_stop", until=b'"text":"def greet(name):', then="stall")
    async with (
        wire(routes(begun) | {"/abort_request": http(500)}) as talk,
        aclosing(engine(talk.url).stream(REQUEST)) as events,
    ):
        async for _ in events:
            break
    assert "did not take the abort of apply-7" in caplog.text


async def test_another_model_than_the_expected_one_is_said_before_anything_is_sent() -> None:
    async with wire(routes(captured("plain_stop"))) as talk:
        with pytest.raises(EngineError, match=r"'smollm2-135m-instruct', and 'coder-7b' is expected") as caught:
            await collect(engine(talk.url, sglang_model="coder-7b"), REQUEST)
        assert (caught.value.code, caught.value.retryable) == ("wrong_model", False)
        assert talk.asked("/generate") == []
        end = (await collect(engine(talk.url, sglang_model="smollm2-135m-instruct"), REQUEST))[-1]
    assert isinstance(end, Finished)


async def test_an_attempt_costs_no_tls_context_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would take 10 ms to load the certificates."""
    tls()
    made: list[object] = []
    real = ssl.SSLContext.load_verify_locations
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *these: (made.append(these), real(*these)))
    await run(captured("plain_stop"))
    assert made == []
