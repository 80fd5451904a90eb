"""The event log: numbers, replays, waking, attempts."""

from __future__ import annotations

import asyncio
import threading

from hypothesis import given
from hypothesis import strategies as st

from applyweb.jobs.event_log import ATTEMPT_STRIDE, MemoryEventLog

bodies = st.lists(st.dictionaries(st.sampled_from(["type", "text"]), st.text(max_size=5)), max_size=60)


def read_all(log: MemoryEventLog, after: int, limit: int) -> list[dict[str, object]]:
    events: list[dict[str, object]] = []
    while batch := log.read("a", after, limit):
        events += batch
        after = batch[-1]["seq"]
    return events


@given(bodies=bodies, attempt=st.integers(1, 3), limit=st.integers(1, 9), data=st.data())
def test_a_replay_from_any_number_equals_the_whole(
    bodies: list[dict[str, str]], attempt: int, limit: int, data: st.DataObject
) -> None:
    log = MemoryEventLog()
    log.begin("a", attempt)
    seqs = [log.append("a", body) for body in bodies]
    first = (attempt - 1) * ATTEMPT_STRIDE + 1
    assert seqs == list(range(first, first + len(bodies)))
    whole = [{"seq": seq, **body} for seq, body in zip(seqs, bodies, strict=True)]
    assert list(log.all("a")) == whole
    after = data.draw(st.integers(0, first + len(bodies) + 3))
    assert read_all(log, after, limit) == [event for event in whole if event["seq"] > after]


def test_a_new_attempt_drops_the_old_events_and_numbers_on() -> None:
    log = MemoryEventLog()
    log.begin("a", 1)
    last = log.append("a", {"type": "delta"})
    log.begin("a", 2)
    assert log.read("a", last, 10) is None
    assert log.append("a", {"type": "started"}) > last
    assert [event["type"] for event in log.read("a", last, 10) or []] == ["started"]


async def test_a_reader_in_another_loop_is_woken_for_every_append() -> None:
    log = MemoryEventLog()

    def write() -> None:
        for number in range(500):
            log.append("a", {"n": number})

    writer = threading.Thread(target=write)
    seen: list[int] = []
    after = 0
    with log.waking("a") as woken:
        writer.start()
        while len(seen) < 500:
            woken.clear()
            batch = log.read("a", after, 7)
            if not batch:
                await asyncio.wait_for(woken.wait(), 10)
                continue
            seen += [event["n"] for event in batch]
            after = batch[-1]["seq"]
    writer.join()
    assert seen == list(range(500))


def test_a_dropped_log_is_not_held() -> None:
    log = MemoryEventLog()
    log.append("a", {})
    log.drop("a")
    assert log.read("a", 0, 10) is None
    assert log.all("a") == []


async def test_a_reader_that_leaves_an_empty_log_leaves_nothing_behind() -> None:
    log = MemoryEventLog()
    with log.waking("a"):
        pass
    assert log._logs == {}
