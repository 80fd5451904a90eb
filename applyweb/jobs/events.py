"""Following what an engine writes from any number on, whether it waits, runs or has ended.

Must not know: sockets.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence

from channels.db import database_sync_to_async

from applyweb.jobs.event_log import Event, event_log
from applyweb.queries.applies import archived_events

TERMINAL = frozenset({"finished", "failed", "stopped"})


def follow(apply_id: str, after: int) -> AsyncGenerator[list[Event], None]:
    """The events of an apply, without a gap. A reader that was told numbers of an earlier attempt goes on with the
    first event of the present one. Errors: Gone, once the apply was deleted."""
    return follow_log(apply_id, after, lambda seq: archived_events(apply_id))


async def follow_log(
    key: str, after: int, kept: Callable[[int], Sequence[Event] | None], batch: int = 64
) -> AsyncGenerator[list[Event], None]:
    """Batches of events of one log with seq > `after`, in order, up to the one that ends it. Where there is no log,
    `kept` tells, given the last seq that is known, what the database has of one that has ended; None where it waits
    still."""
    with event_log.waking(key) as woken:
        while True:
            woken.clear()
            events = event_log.read(key, after, batch)
            if events is None:
                ended = await database_sync_to_async(kept)(after)
                if ended is not None:
                    rest = [event for event in ended if event["seq"] > after]
                    for start in range(0, len(rest), batch):
                        yield rest[start : start + batch]
                    return
            if not events:
                await woken.wait()
                continue
            yield events
            after = events[-1]["seq"]
            if events[-1]["type"] in TERMINAL:
                return
