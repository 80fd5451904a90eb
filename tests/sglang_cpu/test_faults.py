"""What becomes of applies when the real server is hard pressed, dies in the middle, and comes back."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from applyweb.engines.auto import AutoEngine
from applyweb.engines.base import ApplyRequest, Delta, EngineError, Finished, Restart
from applyweb.engines.settings import EngineSettings
from applyweb.engines.sglang import SGLangEngine
from tests.core.test_merge_regions import CERTAIN, GUESSED, ORIGINAL
from tests.engines.events import collect, joined

from .server import free_port, started_server, wait_for_running

pytestmark = pytest.mark.sglang

AT_ONCE = 40
RUNNING = 4  # the test server's own limit
WIDTH = 4  # what a step calculates grows with it
LONG = ApplyRequest("long", "".join(f"value_{n} = {n}\n" for n in range(20)), "```python\nvalue_3 = 33\n```\n", "v.py")
UNSURE = ApplyRequest("unsure", ORIGINAL, CERTAIN + GUESSED, "shop.py")


def small(number: int) -> ApplyRequest:
    return ApplyRequest(f"crowd-{number}", f"a = {number}\n", f"```python\na = {number + 1}\n```\n", "a.py")


async def forty_at_once(url: str) -> None:
    """Each gets its answer; the queue is seen meanwhile; nothing is left behind."""
    # On two busy cores the last of the queue waits for minutes, and is to wait.
    patient = {"status_timeout": 30.0, "first_token_timeout": 900.0, "stall_timeout": 300.0}
    engine = SGLangEngine(EngineSettings(sglang_url=url, max_tokens_margin=0.0, retries=0, **patient))
    asked = [asyncio.create_task(collect(engine, small(number))) for number in range(AT_ONCE)]
    seen: list[tuple[float, float]] = []
    while not all(task.done() for task in asked):
        figures = (await engine.status()).figures
        seen.append((figures.get("running", 0), figures.get("queued", 0)))
        await asyncio.sleep(0.2)
    for task in asked:
        end = task.result()[-1]
        assert isinstance(end, Finished)
        assert end.reason in ("stop", "length")
        assert joined(task.result()) == end.text
    assert max(running for running, _ in seen) <= RUNNING
    assert max(queued for _, queued in seen) >= AT_ONCE / 2
    await asyncio.to_thread(wait_for_running, url, 0)


async def test_forty_at_once_a_crash_in_mid_stream_and_a_restart() -> None:
    port = free_port()
    with started_server("apply", port, WIDTH) as started:
        await forty_at_once(started.url)
        settings = EngineSettings(sglang_url=started.url, retries=0, status_timeout=30.0)
        async with aclosing(SGLangEngine(settings).stream(LONG)) as events:
            assert isinstance(await anext(events), Delta)
            started.kill()
            with pytest.raises(EngineError) as caught:
                async for _ in events:
                    pass
        assert (caught.value.code, caught.value.retryable) == ("interrupted", False)

        status = await SGLangEngine(settings).status()
        assert (status.state, dict(status.figures)) == ("down", {})
        told = await collect(AutoEngine(settings), UNSURE)  # nothing is lost: the merge's guess, and why
        end = told[-1]
        assert isinstance(end, Finished)
        assert (end.engine, end.confidence, end.notes[0].code) == ("embedded", "unsure", "model_failed")
        assert "cannot be reached" in end.notes[0].message
        assert [event.engine for event in told if isinstance(event, Restart)] == ["sglang", "embedded"]
    with started_server("apply", port, WIDTH) as again:
        end = (await collect(SGLangEngine(EngineSettings(sglang_url=again.url, max_tokens_margin=0.0)), small(1)))[-1]
        assert isinstance(end, Finished)
