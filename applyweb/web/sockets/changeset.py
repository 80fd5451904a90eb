"""`/ws/changesets/<id>`: a notice whenever a file of the changeset begins, ends, or is decided on by oneself.

Must not know: what changed; the page fetches that, and no faster than the notices come.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

from channels.db import database_sync_to_async

from applyweb.actions.notices import review_group
from applyweb.jobs.changesets import waking_key
from applyweb.jobs.event_log import event_log
from applyweb.queries.changesets import apply_ids_of, find_changeset
from applyweb.web.sockets.base import BAD_MESSAGE, NOT_FOUND, ApplySocket

PAUSE = 0.25  # seconds between two notices: many files that end at once are one


class ChangesetSocket(ApplySocket):
    """Sends {type: "changed"}; takes nothing. Closes with 4404 when the changeset is deleted."""

    _groups: tuple[str, ...] = ()
    _watcher: asyncio.Task[None] | None = None
    _held: ExitStack | None = None

    async def missing(self, route: dict[str, str]) -> tuple[int, str] | None:
        changeset = await database_sync_to_async(find_changeset)(self.person, route["changeset_id"])
        if changeset is None:
            return NOT_FOUND, "There is no such changeset."
        self._key = waking_key(changeset.id)
        self._changeset = changeset
        return None

    async def before_accept(self) -> None:
        # As for a review: what changes after the page has fetched the state must reach it.
        self._held = ExitStack()
        self._woken = self._held.enter_context(event_log.waking(self._key))
        await self._join()

    async def opened(self) -> None:
        self._watcher = asyncio.create_task(self._watch())

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        await self.close(BAD_MESSAGE, "This socket only sends.")

    async def disconnect(self, code: int) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
        if self._held is not None:
            self._held.close()
        for group in self._groups:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def review_changed(self, message: dict[str, Any]) -> None:
        self._woken.set()

    async def _join(self) -> None:
        """Hears of the decisions on every file; a new version of a file, made meanwhile, is another apply."""
        self._applies = await database_sync_to_async(apply_ids_of)(self._changeset)
        for group in [review_group(apply_id, self.person.pk) for apply_id in self._applies]:
            if group not in self._groups:
                self._groups = (*self._groups, group)
                await self.channel_layer.group_add(group, self.channel_name)

    async def _watch(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self._join()
            if not self._applies:  # no changeset is without files
                await self.close(NOT_FOUND, "This changeset was deleted.")
                return
            await self.send_json({"type": "changed"})
            await asyncio.sleep(PAUSE)
