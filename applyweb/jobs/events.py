"""Following one apply's events from any number on, whether it waits, runs or has ended.

Must not know: sockets.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from channels.db import database_sync_to_async

from applyweb.jobs.event_log import Event, event_log
from applyweb.queries.applies import archived_events

TERMINAL = frozenset({"finished", "failed", "stopped"})


async def follow(apply_id: str, after: int, batch: int = 64) -> AsyncGenerator[list[Event], None]:
    """Batches of events with seq > `after`, in order, without a gap, up to the one that ends the apply. A reader that
    was told numbers of an earlier attempt goes on with the first event of the present one."""
    with event_log.waking(apply_id) as woken:
        while True:
            woken.clear()
            events = event_log.read(apply_id, after, batch)
            if events is None:
                archived = await database_sync_to_async(archived_events)(apply_id)
                if archived is not None:
                    rest = [event for event in archived if event["seq"] > after]
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
