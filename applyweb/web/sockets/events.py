"""`/ws/applies/<id>/events?after=N`: the event log from N on, as fast as the reader acknowledges.

Must not know: where events come from.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qs

from applyweb.jobs.events import follow
from applyweb.web.sockets.base import BAD_MESSAGE, TOO_SLOW, ApplySocket

# A reader that acknowledges nothing still gets this much, so a plain tool may read a short apply without a word.
WINDOW_EVENTS = 256
WINDOW_CHARACTERS = 8 * 1024 * 1024
PATIENCE = 30.0  # seconds without an acknowledgement while the window is full


class EventsSocket(ApplySocket):
    """Sends {seq, type, …}; takes {type: "ack", seq}. Closes with 1000 after the last event, 4408 where the reader is
    too slow (it may come again with `after`), 4400 on anything it cannot understand."""

    _reader: asyncio.Task[None] | None = None

    async def opened(self) -> None:
        words = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])
        if not words[0].isascii() or not words[0].isdigit() or len(words[0]) > 15:
            await self.close(BAD_MESSAGE, "after must be a whole number.")
            return
        self._open: dict[int, int] = {}  # unacknowledged: sequence number -> characters, in order
        self._characters = 0
        self._room = asyncio.Event()
        self._reader = asyncio.create_task(self._read(int(words[0])))

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
        while self._open and (oldest := next(iter(self._open))) <= seq:
            self._characters -= self._open.pop(oldest)
        self._room.set()

    async def disconnect(self, code: int) -> None:
        if self._reader is not None:
            self._reader.cancel()

    async def _read(self, after: int) -> None:
        async with aclosing(follow(self.apply_id, after)) as batches:
            async for batch in batches:
                for event in batch:
                    if not await self._has_room():
                        await self.close(TOO_SLOW, "Too slow: come again with after=<last seq>.")
                        return
                    text = await self.encode_json(event)
                    self._open[event["seq"]] = len(text)
                    self._characters += len(text)
                    await self.send(text_data=text)
        await self.close()

    async def _has_room(self) -> bool:
        while len(self._open) >= WINDOW_EVENTS or self._characters >= WINDOW_CHARACTERS:
            self._room.clear()
            try:
                await asyncio.wait_for(self._room.wait(), PATIENCE)
            except TimeoutError:
                return False
        return True
