"""`/ws/applies/<id>/events?after=N`: the event log from N on, as fast as the reader acknowledges.

Must not know: where events come from.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from applyweb.jobs.event_log import Event
from applyweb.jobs.events import follow
from applyweb.queries.applies import Gone
from applyweb.web.sockets.base import BAD_MESSAGE, NOT_FOUND, TOO_SLOW, ApplySocket

# A reader that acknowledges nothing still gets this much, so a plain tool may read a short apply without a word.
WINDOW_EVENTS = 256
WINDOW_CHARACTERS = 8 * 1024 * 1024
SILENT_PATIENCE = 3.0  # seconds after the last event for a reader that acknowledges nothing


class EventsSocket(ApplySocket):
    """Sends {seq, type, …}; takes {type: "ack", seq}. Closes with 1000 after the last event, 4408 where the reader is
    too slow (it may come again with `after`), 4404 where the apply was deleted meanwhile, 4400 on anything it cannot
    understand."""

    _reader: asyncio.Task[None] | None = None
    _acknowledges = False

    async def opened(self) -> None:
        words = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])
        if not words[0].isascii() or not words[0].isdigit() or len(words[0]) > 15:
            await self.close(BAD_MESSAGE, "after must be a whole number.")
            return
        self._open: dict[int, int] = {}  # unacknowledged: sequence number -> characters, in order
        self._characters = 0
        self._room = asyncio.Event()
        self._reader = asyncio.create_task(self._read(int(words[0])))

    def follow(self, after: int) -> AsyncGenerator[list[Event], None]:
        """What is read."""
        return follow(self.apply_id, after)

    async def dispatch(self, message: Any) -> None:
        # The parent visits the database thread before every message. With many readers, acknowledgements then queue up
        # there, and they touch no database.
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        else:
            await super().dispatch(message)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        seq = content.get("seq") if isinstance(content, dict) and content.get("type") == "ack" else None
        if not isinstance(seq, int) or self._reader is None:
            await self.close(BAD_MESSAGE, 'Send {"type": "ack", "seq": N} only.')
            return
        self._acknowledges = True
        while self._open and (oldest := next(iter(self._open))) <= seq:
            self._characters -= self._open.pop(oldest)
        self._room.set()

    async def disconnect(self, code: int) -> None:
        if self._reader is not None:
            self._reader.cancel()

    async def _read(self, after: int) -> None:
        try:
            await self._send_all(after)
        except Gone as gone:
            await self.close(NOT_FOUND, str(gone))

    async def _send_all(self, after: int) -> None:
        async with aclosing(self.follow(after)) as batches:
            async for batch in batches:
                for event in batch:
                    if not await self._has_room():
                        await self.close(TOO_SLOW, "Too slow: come again with after=<last seq>.")
                        return
                    text = await self.encode_json(event)
                    self._open[event["seq"]] = len(text)
                    self._characters += len(text)
                    await self.send(text_data=text)
        await self._wait_for_the_last()
        await self.close()

    async def _wait_for_the_last(self) -> None:
        """Until the last event is acknowledged: a socket that is closed at once is cut off where its reader is slow,
        with the events that are still under way. Who never acknowledged anything is given a moment only."""
        patience = settings.SOCKET_PATIENCE if self._acknowledges else SILENT_PATIENCE
        try:
            async with asyncio.timeout(patience):
                while self._open:
                    self._room.clear()
                    await self._room.wait()
        except TimeoutError:
            return

    async def _has_room(self) -> bool:
        while len(self._open) >= WINDOW_EVENTS or self._characters >= WINDOW_CHARACTERS:
            self._room.clear()
            try:
                await asyncio.wait_for(self._room.wait(), settings.SOCKET_PATIENCE)
            except TimeoutError:
                return False
        return True
