"""Following what an engine writes for one hunk, from any number on, whether it waits, writes or has ended.

Must not know: sockets.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from channels.db import database_sync_to_async

from applyweb.jobs.event_log import Event, event_log
from applyweb.jobs.events import TERMINAL
from applyweb.jobs.run_proposal import log_key
from applyweb.models import OPEN
from applyweb.queries.proposals import status_of


async def follow_proposal(proposal_id: int, after: int, batch: int = 64) -> AsyncGenerator[list[Event], None]:
    """Batches of events with seq > `after`, up to the one that ends it. The lines themselves are kept only until then:
    whoever comes later is told the end alone."""
    key = log_key(proposal_id)
    with event_log.waking(key) as woken:
        while True:
            woken.clear()
            events = event_log.read(key, after, batch)
            if events is None:
                status = await database_sync_to_async(status_of)(proposal_id)
                if status not in OPEN:
                    yield [{"seq": after + 1, "type": status or "stopped"}]
                    return
            if not events:
                await woken.wait()
                continue
            yield events
            after = events[-1]["seq"]
            if events[-1]["type"] in TERMINAL:
                return
