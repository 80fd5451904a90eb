"""The embedded engine: the merge as events, its refusals as errors."""

from __future__ import annotations

import asyncio

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
    assert set(end.stats) == {"ms"}


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
