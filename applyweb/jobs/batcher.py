"""Many small pieces of text into few delta events. Must not know: engines, the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PIECE = 64 * 1024  # characters in one event, well below Daphne's frame limit of 1 MiB


class Batcher:
    """Collects text and hands it on at most every `interval` seconds, the first piece at once. `emit` is called in the
    loop's thread with up to PIECE characters."""

    def __init__(self, emit: Callable[[str], None], interval: float = 0.03) -> None:
        self._emit = emit
        self._interval = interval
        self._pieces: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self._last = float("-inf")

    def add(self, text: str) -> None:
        """Takes text; it is handed on now or within the interval."""
        self._pieces.append(text)
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._last + self._interval - loop.time()
        if wait <= 0:
            self.flush()
        else:
            self._timer = loop.call_later(wait, self.flush)

    def flush(self) -> None:
        """Hands on what is held."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        text = "".join(self._pieces)
        self._pieces.clear()
        for start in range(0, len(text), PIECE):
            self._emit(text[start : start + PIECE])
        self._last = asyncio.get_running_loop().time()

    def discard(self) -> None:
        """Forgets what is held."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._pieces.clear()
