"""The embedded engine: the merge as events, its refusals as errors."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import active_children
from multiprocessing.connection import wait
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.merge import merge
from applyweb.engines.base import ApplyRequest, Delta, EngineError, Finished
from applyweb.engines.embedded import PIECE, EmbeddedEngine, pieces
from applyweb.engines.settings import EngineSettings

from .events import collect, joined

ORIGINAL = "def price(n):\n    return n * 2\n\n\ndef name():\n    return 'x'\n"
CHAT = "Triple it:\n\n```python\ndef price(n):\n    return n * 3\n```\n"


def engine() -> EmbeddedEngine:
    return EmbeddedEngine(EngineSettings())


def engine_in_process(seconds: float = 60.0) -> EmbeddedEngine:
    return EmbeddedEngine(EngineSettings(merge_in_process=True, merge_timeout=seconds))


@dataclass(frozen=True)
class HostileRequest(ApplyRequest):
    """Does something else than be a request when the merge's process reads it."""

    trap: tuple[Callable[..., Any], tuple[Any, ...]] = (time.sleep, (600,))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.trap


async def test_stream_gives_the_merge_then_says_how_sure_it_is() -> None:
    events = await collect(engine(), ApplyRequest("1", ORIGINAL, CHAT, "shop.py"))
    expected = merge(ORIGINAL, CHAT, path="shop.py")
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.reason, end.engine, end.confidence) == (
        expected.text,
        "stop",
        "embedded",
        expected.confidence,
    )
    assert end.text == ORIGINAL.replace("* 2", "* 3")
    assert joined(events) == end.text
    assert set(end.stats) == {"ms", "probability"}


async def test_stream_carries_the_notes_of_the_merge() -> None:
    chat = "```python\ndef price(n):\n    return n * 3\n```\n\n```python\ndef nowhere_to_be_found(:\n```\n"
    expected = merge(ORIGINAL, chat, path="shop.py")
    end = (await collect(engine(), ApplyRequest("1", ORIGINAL, chat, "shop.py")))[-1]
    assert isinstance(end, Finished)
    assert expected.notes
    assert [(n.code, n.message, n.severity, n.chat_line) for n in end.notes] == [
        (n.code, n.message, n.severity, n.chat_line) for n in expected.notes
    ]


async def test_stream_fails_with_the_code_of_the_refusal() -> None:
    with pytest.raises(EngineError) as caught:
        await collect(engine(), ApplyRequest("1", ORIGINAL, "I would not change anything here.", "shop.py"))
    assert caught.value.code == "no_code"
    assert not caught.value.retryable


async def test_stream_leaves_the_loop_free_while_it_merges() -> None:
    lines = "".join(f"value_{n} = {n}\n" for n in range(20_000))
    chat = "```python\nvalue_1 = 2\n```\n"
    turns = 0

    async def spin() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    spinning = asyncio.create_task(spin())
    await collect(engine(), ApplyRequest("1", lines, chat, "values.py"))
    spinning.cancel()
    assert turns > 10


async def test_stream_in_a_process_gives_what_the_thread_gives() -> None:
    request = ApplyRequest("1", ORIGINAL, CHAT, "shop.py")
    ends = [(await collect(each, request))[-1] for each in (engine(), engine_in_process())]
    assert all(isinstance(end, Finished) for end in ends)
    assert [(e.text, e.confidence, e.notes) for e in ends if isinstance(e, Finished)] == [
        (merge(ORIGINAL, CHAT, path="shop.py").text, "certain", ())
    ] * 2


async def test_stream_in_a_process_refuses_with_code_message_and_notes() -> None:
    chat = "```python\ndef nowhere_to_be_found(:\n    ...\n```\n\n```diff\n-gone = 1\n+gone = 2\n```\n"
    request = ApplyRequest("1", ORIGINAL, chat, "shop.py")
    told = []
    for each in (engine(), engine_in_process()):
        with pytest.raises(EngineError) as caught:
            await collect(each, request)
        told.append((caught.value.code, str(caught.value), caught.value.notes))
    assert told[0] == told[1]
    assert told[0][0] == "cannot_place"
    assert told[0][2]


async def test_stream_in_a_process_ends_the_process_when_it_is_cancelled() -> None:
    await collect(engine_in_process(), ApplyRequest("1", ORIGINAL, CHAT))
    lives = [child.sentinel for child in active_children()]
    task = asyncio.create_task(collect(engine_in_process(), HostileRequest("2", ORIGINAL, CHAT)))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(await asyncio.to_thread(wait, lives, 30)) == 1


async def test_stream_in_a_process_stops_a_merge_that_takes_too_long() -> None:
    with pytest.raises(EngineError, match=r"more than 0\.2 seconds") as caught:
        await collect(engine_in_process(0.2), HostileRequest("1", ORIGINAL, CHAT))
    assert caught.value.code == "timeout"


async def test_stream_says_that_the_merge_process_ended() -> None:
    with pytest.raises(EngineError) as caught:
        await collect(engine_in_process(), HostileRequest("1", ORIGINAL, CHAT, trap=(os._exit, (1,))))
    assert caught.value.code == "server_error"


async def test_status_is_always_ready() -> None:
    assert (await engine().status()).state == "ready"


@given(st.lists(st.sampled_from(["a\n", "\r\n", "é" * 700, "x" * 5000 + "\n"]), max_size=40).map("".join))
def test_pieces_join_to_the_text_and_stay_bounded(text: str) -> None:
    cut = list(pieces(text))
    assert "".join(cut) == text
    assert all(0 < len(piece) <= PIECE for piece in cut)


def test_pieces_end_at_line_ends_where_they_can() -> None:
    line = "x" * 99 + "\n"
    assert all(piece.endswith("\n") for piece in pieces(line * 1000))
    assert [len(piece) for piece in pieces("y" * (PIECE + 1))] == [PIECE, 1]


async def test_stream_gives_a_large_file_in_several_pieces() -> None:
    original = "".join(f"line_{n} = {n}\n" for n in range(3000))
    chat = "```python\nline_5 = 55\n```\n"
    events = await collect(engine(), ApplyRequest("1", original, chat, "lines.py"))
    assert len([event for event in events if isinstance(event, Delta)]) > 2
    assert joined(events) == original.replace("line_5 = 5\n", "line_5 = 55\n", 1)
