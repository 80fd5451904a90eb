"""`/ws/applies/<id>/proposals/<proposal>/events?after=N`: what an engine writes for one hunk, for who asked for it.

Must not know: where events come from.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from channels.db import database_sync_to_async

from applyweb.jobs.event_log import Event
from applyweb.jobs.proposal_events import follow_proposal
from applyweb.models import Proposal
from applyweb.web.sockets.base import NOT_FOUND
from applyweb.web.sockets.events import EventsSocket


class ProposalSocket(EventsSocket):
    """Sends {seq, type: "started" (what came before is void), "delta" with lines as `text`, or an end}; acknowledged
    and closed as an apply's events are."""

    _proposal_id: int

    async def missing(self, route: dict[str, str]) -> tuple[int, str] | None:
        found = await super().missing(route)
        if found is not None:
            return found
        self._proposal_id = int(route["proposal_id"])
        mine = Proposal.objects.filter(pk=self._proposal_id, hunk__apply=self.apply_id, person=self.person)
        if not await database_sync_to_async(mine.exists)():
            return NOT_FOUND, "There is no such proposal."
        return None

    def follow(self, after: int) -> AsyncGenerator[list[Event], None]:
        return follow_proposal(self._proposal_id, after)
