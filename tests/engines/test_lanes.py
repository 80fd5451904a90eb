"""Lanes: stoppable work, each piece alone in a process. Real processes throughout."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from applyweb.engines.lanes import LaneEnded, Lanes, WorkFailed

LONG = 600.0  # seconds that no test can wait for


def tell_pid_then_sleep(file: str) -> None:
    path = Path(file)
    part = path.with_suffix(".part")
    part.write_text(str(os.getpid()))
    part.rename(path)
    time.sleep(LONG)


def die_until(file: str, tries: int) -> int:
    """Ends its process in each of the first `tries` calls; then how often it was called."""
    with Path(file).open("a") as calls:
        calls.write("x")
    called = len(Path(file).read_text())
    if called <= tries:
        os.kill(os.getpid(), signal.SIGKILL)
    return called


def fail(word: str) -> None:
    raise ValueError(word)


async def appeared(file: Path) -> int:
    """The process id that is written to `file`."""

    def read() -> int:
        while not file.exists():
            time.sleep(0.01)
        return int(file.read_text())

    return await asyncio.to_thread(read)


async def gone(pid: int) -> bool:
    """True once no process has the id; a test that hangs here has found one that lives on."""
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.01)


async def test_run_gives_the_result_from_another_process_and_keeps_it() -> None:
    lanes = Lanes(1)
    first = await lanes.run(os.getpid, seconds=60)
    assert first != os.getpid()
    assert await lanes.run(os.getpid, seconds=60) == first


async def test_run_kills_the_process_when_cancelled_and_the_lane_works_again(tmp_path: Path) -> None:
    lanes = Lanes(1)
    task = asyncio.create_task(lanes.run(tell_pid_then_sleep, str(tmp_path / "pid"), seconds=LONG))
    pid = await appeared(tmp_path / "pid")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await gone(pid)
    assert await lanes.run(divmod, 7, 2, seconds=60) == (3, 1)


async def test_run_kills_the_process_when_it_takes_too_long() -> None:
    lanes = Lanes(1)
    pid = await lanes.run(os.getpid, seconds=60)
    with pytest.raises(TimeoutError):
        await lanes.run(time.sleep, LONG, seconds=0.1)
    assert await gone(pid)


async def test_run_can_be_cancelled_before_the_process_has_started() -> None:
    lanes = Lanes(1)
    task = asyncio.create_task(lanes.run(time.sleep, LONG, seconds=LONG))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await lanes.run(divmod, 7, 2, seconds=60) == (3, 1)


async def test_run_waits_for_a_lane_and_passes_over_those_that_gave_up(tmp_path: Path) -> None:
    lanes = Lanes(1)
    busy = asyncio.create_task(lanes.run(tell_pid_then_sleep, str(tmp_path / "pid"), seconds=LONG))
    await appeared(tmp_path / "pid")
    gave_up, patient = (asyncio.create_task(lanes.run(divmod, 7, 2, seconds=60)) for _ in range(2))
    await asyncio.sleep(0.1)
    assert not patient.done()
    gave_up.cancel()
    busy.cancel()
    assert await patient == (3, 1)
    assert gave_up.cancelled()


def test_run_hands_a_lane_from_one_loop_to_another(tmp_path: Path) -> None:
    lanes = Lanes(1)

    async def busy() -> int:
        started = asyncio.create_task(lanes.run(tell_pid_then_sleep, str(tmp_path / "pid"), seconds=LONG))
        await appeared(tmp_path / "pid")
        waiting = asyncio.create_task(asyncio.to_thread(other_loop))
        await asyncio.sleep(0.1)
        started.cancel()
        return await waiting

    def other_loop() -> int:
        return asyncio.run(lanes.run(abs, -3, seconds=60))

    assert asyncio.run(busy()) == 3


@pytest.mark.parametrize(("deaths", "calls"), [(1, 2), (2, 2)])
async def test_run_tries_once_more_when_the_process_dies(tmp_path: Path, deaths: int, calls: int) -> None:
    file = tmp_path / "calls"
    lanes = Lanes(1)
    if deaths == 1:
        assert await lanes.run(die_until, str(file), deaths, seconds=60) == calls
    else:
        with pytest.raises(LaneEnded):
            await lanes.run(die_until, str(file), deaths, seconds=60)
    assert len(file.read_text()) == calls


async def test_run_tells_where_the_work_raised() -> None:
    with pytest.raises(WorkFailed, match=r"(?s)in fail.*ValueError: of ours"):
        await Lanes(1).run(fail, "of ours", seconds=60)
