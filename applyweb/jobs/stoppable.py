"""Tasks that run once each, a few at a time, and can be stopped wherever they are. Must not know: what they do, whose
turn it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings

from applyweb.jobs.slots import Slots

Key = TypeVar("Key", bound=Hashable)


class Stoppable(Generic[Key]):
    """`work(key)` in one of CONCURRENT_APPLIES slots, which are shared out fairly among those `whose` work it is;
    `end(key)` is called where it was stopped, and does nothing where the end was faster than the stop."""

    def __init__(
        self,
        work: Callable[[Key], Awaitable[None]],
        end: Callable[[Key], Awaitable[None]],
        whose: Callable[[Key], Awaitable[Hashable]],
    ) -> None:
        self._work = work
        self._end = end
        self._whose = whose
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._stopping: set[Key] = set()
        self._slots: Slots | None = None  # settings are read when the first task comes

    async def run(self, key: Key) -> None:
        """Returns when the work has ended. What runs already is not begun again."""
        if key in self._running:
            return
        task = asyncio.create_task(self._in_slot(key), name=f"{key}")
        self._running[key] = task
        try:
            await asyncio.wait([task])
            if key in self._stopping:
                await self._end(key)
            if not task.cancelled() and (error := task.exception()):
                raise error
        finally:
            task.cancel()
            self._running.pop(key, None)
            self._stopping.discard(key)

    async def stop(self, key: Key) -> None:
        """Stops the work wherever it is: waiting for a slot, under way, or not known to this process."""
        task = self._running.get(key)
        if task is None:
            await self._end(key)
            return
        self._stopping.add(key)
        task.cancel()

    async def _in_slot(self, key: Key) -> None:
        if self._slots is None:
            self._slots = Slots(settings.CONCURRENT_APPLIES)
        async with self._slots.taken(await self._whose(key)):
            await self._work(key)
