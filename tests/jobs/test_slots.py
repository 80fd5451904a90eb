"""Slots: never more than there are, to the person who has the fewest, and none is lost by a cancelled wait."""

from __future__ import annotations

import asyncio

from applyweb.jobs.slots import Slots


class Office:
    """Tasks that hold a slot until they are let go; `entered` is the order in which they got one."""

    def __init__(self, count: int) -> None:
        self.entered: list[str] = []
        self.inside: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._slots = Slots(count)

    async def come(self, *names: str) -> None:
        """The person is the name's first letter."""
        for name in names:
            self.tasks[name] = asyncio.create_task(self._stay(name))
            await settled()

    async def go(self, name: str) -> None:
        self.inside[name].set()
        await self.tasks[name]
        await settled()

    async def _stay(self, name: str) -> None:
        async with self._slots.taken(name[0]):
            self.entered.append(name)
            self.inside[name] = asyncio.Event()
            await self.inside[name].wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_request_does_not_wait_behind_anothers_thirty() -> None:
    office = Office(2)
    await office.come(*(f"a{number}" for number in range(30)), "b0", "b1", "c0")
    assert office.entered == ["a0", "a1"]
    await office.go("a0")
    assert office.entered[2:] == ["b0"]
    await office.go("a1")
    assert office.entered[3:] == ["c0"]
    await office.go("b0")
    assert office.entered[4:] == ["a2"]  # neither a nor b has one, and b got one more lately
    await office.go("c0")
    assert office.entered[5:] == ["b1"]


async def test_one_slot_goes_round() -> None:
    office = Office(1)
    await office.come("a0", "a1", "a2", "b0", "c0", "c1")
    for name in ("a0", "b0", "c0", "a1", "c1", "a2"):
        await office.go(name)
    assert office.entered == ["a0", "b0", "c0", "a1", "c1", "a2"]


async def test_a_cancelled_wait_and_a_cancelled_hold_lose_no_slot() -> None:
    office = Office(1)
    await office.come("a0", "b0", "c0")
    office.tasks["b0"].cancel()
    await settled()
    office.tasks["a0"].cancel()
    await settled()
    assert office.entered == ["a0", "c0"]
    await office.come("d0", "e0")
    office.inside["c0"].set()
    office.tasks["d0"].cancel()  # in the same turn of the loop as its slot is handed over
    await settled()
    assert office.entered == ["a0", "c0", "e0"]


async def test_a_slot_that_was_handed_to_a_wait_cancelled_meanwhile_goes_on() -> None:
    slots = Slots(1)
    holding = slots.taken("a")
    await holding.__aenter__()

    async def want() -> None:
        async with slots.taken("b"):
            raise AssertionError("it was cancelled before it ran")

    wanting = asyncio.create_task(want())
    await settled()
    await holding.__aexit__(None, None, None)  # handed over here, and the task has not run yet
    wanting.cancel()
    await asyncio.wait([wanting])
    async with asyncio.timeout(5), slots.taken("c"):
        pass
