"""Telling the pages of a changeset that one of its files began or ended. Must not know: sockets, what happened."""

from __future__ import annotations

from channels.db import database_sync_to_async

from applyweb.jobs.event_log import event_log
from applyweb.queries.changesets import changeset_id_of


def waking_key(changeset_id: str) -> str:
    """What a reader of the event log waits on to hear of a changeset."""
    return f"changeset {changeset_id}"


async def tell_changeset(apply_id: str) -> None:
    """Wakes the pages of the changeset that an apply is in, if it is in one."""
    changeset_id = await database_sync_to_async(changeset_id_of)(apply_id)
    if changeset_id is not None:
        event_log.wake(waking_key(changeset_id))
