"""The batcher: nothing lost, nothing reordered, few events."""

from __future__ import annotations

import asyncio

from applyweb.jobs.batcher import PIECE, Batcher


async def test_the_first_piece_goes_at_once_and_the_rest_together() -> None:
    out: list[str] = []
    batcher = Batcher(out.append, interval=0.05)
    for piece in "abcdef":
        batcher.add(piece)
    assert out == ["a"]
    await asyncio.sleep(0.2)
    assert out == ["a", "bcdef"]


async def test_flush_hands_on_the_rest_and_long_text_is_cut() -> None:
    out: list[str] = []
    batcher = Batcher(out.append, interval=60)
    batcher.add("a")
    batcher.add("b" * (2 * PIECE + 1))
    batcher.flush()
    assert [len(piece) for piece in out] == [1, PIECE, PIECE, 1]
    batcher.flush()
    assert len(out) == 4


async def test_discarded_text_is_never_emitted() -> None:
    out: list[str] = []
    batcher = Batcher(out.append, interval=0.01)
    batcher.add("a")
    batcher.add("b")
    batcher.discard()
    await asyncio.sleep(0.05)
    batcher.flush()
    assert out == ["a"]
