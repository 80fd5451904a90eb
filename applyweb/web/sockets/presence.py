"""Who else looks at an apply, told from socket to socket over the channel layer: nothing of it is stored.

Each socket says that it is there when it opens, when its person comes to another hunk, and again and again in between;
those that were there answer the new one. What is said may get lost, so it holds for a while only. The more windows
there are, the more seldom each one speaks, so that all of them together say about as much as a few.

Must not know: reviews, comments, the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from typing import Any

from channels.exceptions import ChannelFull

from applyweb.actions.notices import apply_group
from applyweb.queries.people import name_of
from applyweb.web.names import initials
from applyweb.web.sockets.base import ApplySocket
from applyweb.web.sockets.roster import Roster, Window

BEAT = 15.0  # seconds until a window says again that it is there
MISSED = 3  # beats without a word until it counts as gone
PAUSE = 0.25  # seconds between two words of one window, and between two lists to one page
FEW = 10  # windows; of more each one speaks as much more seldom as they are more
TOLD = 24  # people in a list; the others are counted
_HUNK = re.compile(r"[0-9a-f]{12}(?:-[1-9][0-9]{0,6})?")


class PresenceSocket(ApplySocket):
    """Takes {type: "here", hunk}; sends {type: "people", people: [{id, name, initials, hunk}], more}."""

    _roster: Roster
    _hunk = ""
    _task: asyncio.Task[None] | None = None

    async def opened(self) -> None:
        self._roster = Roster()
        self._changed = asyncio.Event()  # the page's list
        self._moved = asyncio.Event()
        self._told: list[dict[str, Any]] = []
        self._task = asyncio.create_task(self._stay())

    async def disconnect(self, code: int) -> None:
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._say({"type": "presence.gone", "window": self.channel_name})

    def moved_to(self, hunk: Any) -> bool:
        """The page says where its person is. False where that is no hunk."""
        if not isinstance(hunk, str) or (hunk and not _HUNK.fullmatch(hunk)):
            return False
        if self._task is not None and hunk != self._hunk:
            self._hunk = hunk
            self._moved.set()
        return True

    async def presence_here(self, message: dict[str, Any]) -> None:
        window_id = message["window"]
        if window_id == self.channel_name or self._task is None:
            return
        now = time.monotonic()
        heard = Window(message["person"], message["name"], message["hunk"], now, now + message["holds"])
        self._roster.hear(window_id, heard)
        self._changed.set()
        if message["asks"]:
            with contextlib.suppress(ChannelFull):  # then the next beat tells it
                await self.channel_layer.send(window_id, self._word())

    async def presence_gone(self, message: dict[str, Any]) -> None:
        if self._task is not None:
            self._roster.forget(message["window"])
            self._changed.set()

    @property
    def _slower(self) -> float:
        return max(1.0, (len(self._roster) + 1) / FEW)

    def _word(self, *, asks: bool = False) -> dict[str, Any]:
        return {
            "type": "presence.here",
            "window": self.channel_name,
            "person": self.person.pk,
            "name": name_of(self.person),
            "hunk": self._hunk,
            "holds": BEAT * self._slower * MISSED,
            "asks": asks,
        }

    async def _say(self, message: dict[str, Any]) -> None:
        await self.channel_layer.group_send(apply_group(self.apply_id), message)

    async def _stay(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._speak())
            tasks.create_task(self._list())

    async def _speak(self) -> None:
        await self._say(self._word(asks=True))
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), BEAT * self._slower)
            self._moved.clear()
            self._roster.expire(time.monotonic())
            self._changed.set()
            await self._say(self._word())
            await asyncio.sleep(PAUSE * self._slower)

    async def _list(self) -> None:
        """Tells the page who is there, where that has become another list."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            found = self._roster.people(self.person.pk)
            told = [
                {"id": each.person, "name": each.name, "initials": initials(each.name), "hunk": each.hunk}
                for each in found
            ]
            if told != self._told:
                self._told = told
                more = max(0, len(told) - TOLD)
                await self.send_json({"type": "people", "people": told[:TOLD], "more": more})
            await asyncio.sleep(PAUSE * self._slower)
