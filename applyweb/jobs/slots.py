"""A few slots for many tasks, shared out fairly among the people whose tasks they are.

For one event loop. Must not know: what is done in a slot; which turn is fair (`core.turns`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from applyweb.core.turns import in_turn


class Slots:
    """At most `count` are taken at once. Who waits gets one when their turn has come."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._held: Counter[Hashable] = Counter()
        self._served: dict[Hashable, None] = {}  # everybody who ever got one, the latest last
        self._waiting: list[tuple[Hashable, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def taken(self, person: Hashable) -> AsyncIterator[None]:
        """A slot for as long as the block lasts."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((person, turn))
        self._hand_out()
        try:
            await turn
            yield
        finally:
            if turn.done() and not turn.cancelled():  # also where the wait was cancelled just when its turn had come
                self._give_back(person)
            else:
                self._waiting.remove((person, turn))

    def _give_back(self, person: Hashable) -> None:
        self._free += 1
        self._held[person] -= 1
        if not self._held[person]:
            del self._held[person]
        self._hand_out()

    def _hand_out(self) -> None:
        while self._free:
            # A cancelled one is still here until its task runs again.
            waiting = [each for each in self._waiting if not each[1].done()]
            if not waiting:
                return
            person, turn = waiting[in_turn([person for person, _ in waiting], self._held, self._served)[0]]
            self._waiting.remove((person, turn))
            self._free -= 1
            self._held[person] += 1
            self._served.pop(person, None)
            self._served[person] = None
            turn.set_result(None)
