"""The event log: what happened to each open apply, in order, with sequence numbers; readers start anywhere.

In memory here; the methods are those that a Redis stream can serve. Appending is safe from any thread, reading from any
event loop. A reader holds nothing but its own position, so a slow one costs no memory.
Must not know: sockets, the database.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Each attempt numbers its events from a start of its own, so that numbers only ever grow although the log of a
# killed process is lost.
ATTEMPT_STRIDE = 1_000_000_000

Event = dict[str, Any]


@dataclass(slots=True)
class _Log:
    first_seq: int = 1
    events: list[Event] = field(default_factory=list)
    wakers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=set)


class MemoryEventLog:
    """The logs of all open applies of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logs: dict[str, _Log] = {}

    def begin(self, apply_id: str, attempt: int) -> None:
        """Starts the log of an attempt; what an earlier one wrote is dropped, its readers go on here."""
        with self._lock:
            log = self._logs.setdefault(apply_id, _Log())
            log.first_seq = (attempt - 1) * ATTEMPT_STRIDE + 1
            log.events = []

    def append(self, apply_id: str, event: Mapping[str, Any]) -> int:
        """Adds one event and returns its sequence number."""
        with self._lock:
            log = self._logs.setdefault(apply_id, _Log())
            seq = log.first_seq + len(log.events)
            log.events.append({"seq": seq, **event})
            wakers = list(log.wakers)
        _wake(wakers)
        return seq

    def wake(self, key: str) -> None:
        """Wakes who waits on `key`, with nothing to read: for what is told elsewhere, such as a changeset's files."""
        with self._lock:
            log = self._logs.get(key)
            wakers = list(log.wakers) if log else []
        _wake(wakers)

    def read(self, apply_id: str, after: int, limit: int) -> list[Event] | None:
        """Up to `limit` events with seq > `after`; [] where there is none yet; None where nothing is held here: the
        apply has not begun, or has ended and is archived."""
        with self._lock:
            log = self._logs.get(apply_id)
            if log is None or not log.events:
                return None
            start = max(0, after - log.first_seq + 1)
            return log.events[start : start + limit]

    def next_seq(self, apply_id: str) -> int:
        """The number that the next event will have, as far as this process knows: an apply has one writer at a time."""
        with self._lock:
            log = self._logs.get(apply_id)
            return log.first_seq + len(log.events) if log else 1

    def all(self, apply_id: str) -> Sequence[Event]:
        """Everything of the current attempt."""
        with self._lock:
            log = self._logs.get(apply_id)
            return list(log.events) if log else []

    def drop(self, apply_id: str) -> None:
        """Forgets a log (it is archived by now) and wakes its readers so that they look there."""
        with self._lock:
            log = self._logs.pop(apply_id, None)
            wakers = list(log.wakers) if log else []
        _wake(wakers)

    @contextmanager
    def waking(self, apply_id: str) -> Iterator[asyncio.Event]:
        """An event that is set in this loop whenever the log may have changed. Clear it, read, then wait for it."""
        waker = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._logs.setdefault(apply_id, _Log()).wakers.add(waker)
        try:
            yield waker[1]
        finally:
            with self._lock:
                log = self._logs.get(apply_id)
                if log is not None:
                    log.wakers.discard(waker)
                    if not log.events and not log.wakers:
                        del self._logs[apply_id]


def _wake(wakers: Sequence[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
    for loop, event in wakers:
        try:
            loop.call_soon_threadsafe(event.set)
        except RuntimeError:  # the reader's loop has closed: it reads no more
            continue


event_log = MemoryEventLog()
