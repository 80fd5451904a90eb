"""Following what an engine writes for one hunk, from any number on, whether it waits, writes or has ended.

Must not know: sockets.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from applyweb.jobs.event_log import Event
from applyweb.jobs.events import follow_log
from applyweb.jobs.run_proposal import log_key
from applyweb.models import OPEN
from applyweb.queries.proposals import status_of


def follow_proposal(proposal_id: int, after: int) -> AsyncGenerator[list[Event], None]:
    """The lines themselves are kept only until the end: whoever comes later is told the end alone."""

    def kept(seq: int) -> list[Event] | None:
        status = status_of(proposal_id)
        return None if status in OPEN else [{"seq": seq + 1, "type": status or "stopped"}]

    return follow_log(log_key(proposal_id), after, kept)
