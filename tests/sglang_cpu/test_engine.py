"""The engines on a real SGLang server with speculative decoding: streaming, counting and ending, told honestly.

What the small model writes is of no interest. The replays in `tests/engines` cover what a healthy server never does.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from applyweb.engines.auto import AutoEngine
from applyweb.engines.base import ApplyRequest, Delta, EngineError, Finished, Restart
from applyweb.engines.openai_compatible import OpenAIEngine
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang import SGLangEngine
from tests.core.test_merge_regions import CERTAIN, GUESSED, ORIGINAL
from tests.engines.events import collect, joined

from .conftest import RealServer
from .server import CONTEXT_LENGTH, running_requests, wait_for_running

pytestmark = pytest.mark.sglang

SMALL = ApplyRequest("small", "a = 1\nb = 2\n", "```python\na = 5\nb = 2\n```\n", "a.py")
# Long enough that the answer cannot be over before a test has looked. Several tests send it: a request id that was
# aborted a moment ago must not trouble the next one.
LONG = ApplyRequest("long", "".join(f"value_{n} = {n}\n" for n in range(20)), "```python\nvalue_3 = 33\n```\n", "v.py")


async def test_stream_counts_what_it_gave(sglang: RealServer) -> None:
    url = sglang.url
    events = await collect(SGLangEngine(EngineSettings(sglang_url=url)), SMALL)
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.reason in ("stop", "length")
    assert joined(events) == end.text != ""
    stats = end.stats
    tokens = sum(event.tokens for event in events if isinstance(event, Delta))
    assert 0 < tokens <= int(stats["completion_tokens"])
    assert int(stats["spec_verify_ct"]) > 0
    assert float(stats["spec_accept_length"]) == pytest.approx(
        int(stats["completion_tokens"]) / int(stats["spec_verify_ct"])
    )
    assert 0 < float(stats["first_token_ms"]) < float(stats["ms"])
    if end.reason == "length":
        assert (end.confidence, [note.code for note in end.notes]) == ("unsure", ["incomplete"])


async def test_the_openai_route_tells_the_acceptance_too(sglang: RealServer) -> None:
    request = ApplyRequest("greet", "def greet(name):\n    return name\n", "Say good day.", "greet.py")
    end = (await collect(OpenAIEngine(EngineSettings(openai_url=f"{sglang.url}/v1")), request))[-1]
    assert isinstance(end, Finished)
    steps = int(end.stats["spec_verify_ct"])
    assert steps > 0
    assert float(end.stats["spec_accept_length"]) == pytest.approx(int(end.stats["completion_tokens"]) / steps)


async def test_auto_keeps_all_that_is_sure_whatever_the_model_writes_of_the_rest(sglang: RealServer) -> None:
    request = ApplyRequest("auto", ORIGINAL, CERTAIN + GUESSED, "shop.py")
    events = await collect(AutoEngine(EngineSettings(sglang_url=sglang.url)), request)
    end = events[-1]
    assert isinstance(end, Finished)
    assert joined(events) == end.text
    assert "math.floor(total, 1)" in end.text  # the edit that is sure
    asked = next(event for event in events if isinstance(event, Restart))
    assert (asked.engine, asked.note.code) == ("sglang", "model_asked")
    assert end.notes[0].code in ("model_wrote", "model_agrees", "model_not_taken", "model_failed")


async def test_status_shows_the_model_and_how_it_speculates(sglang: RealServer) -> None:
    url = sglang.url
    status = await SGLangEngine(EngineSettings(sglang_url=url, status_timeout=30.0)).status()
    facts = dict(status.facts)
    assert status.state == "ready"
    assert facts["Speculation"] == sglang.kind.upper()
    assert facts["Context length"] == str(CONTEXT_LENGTH)
    assert (status.figures["running"], status.figures["queued"]) == (0, 0)


async def test_closing_a_stream_midway_ends_the_work_at_the_server(sglang: RealServer) -> None:
    url = sglang.url
    async with aclosing(SGLangEngine(EngineSettings(sglang_url=url)).stream(LONG)) as events:
        assert isinstance(await anext(events), Delta)
        await asyncio.to_thread(wait_for_running, url, 1)
    await asyncio.to_thread(wait_for_running, url, 0)


async def test_cancelling_a_reader_before_the_first_text_ends_the_work_too(sglang: RealServer) -> None:
    """Through the OpenAI route, where hanging up is all that a client can do."""
    url = sglang.url
    engine = OpenAIEngine(EngineSettings(openai_url=f"{url}/v1"))
    reading = asyncio.create_task(collect(engine, LONG))
    await asyncio.to_thread(wait_for_running, url, 1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.to_thread(wait_for_running, url, 0)


async def test_a_length_stop_is_not_a_whole_file(sglang: RealServer) -> None:
    url = sglang.url
    settings = EngineSettings(sglang_url=url, max_tokens_margin=0.0)  # leaves less room than the file needs
    events = await collect(SGLangEngine(settings), LONG)
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.reason, end.confidence, joined(events)) == ("length", "unsure", end.text)


async def test_a_file_that_does_not_fit_is_refused_with_the_numbers(sglang: RealServer) -> None:
    url = sglang.url
    request = ApplyRequest("huge", "value = 1\n" * 300, "```python\nvalue = 2\n```", "v.py")
    with pytest.raises(EngineError, match=f"holds {CONTEXT_LENGTH}") as caught:
        await collect(SGLangEngine(EngineSettings(sglang_url=url)), request)
    assert caught.value.code == "too_long"
    assert running_requests(url) == 0


async def test_the_openai_route_refuses_a_prompt_that_does_not_fit(sglang: RealServer) -> None:
    url = sglang.url
    request = ApplyRequest("huge", "value = 1\n" * 500, "```python\nvalue = 2\n```", "v.py")
    with pytest.raises(EngineError) as caught:
        await collect(OpenAIEngine(EngineSettings(openai_url=f"{url}/v1")), request)
    assert caught.value.code == "too_long"
