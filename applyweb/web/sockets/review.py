"""`/ws/applies/<id>/review`: a notice whenever one's own decisions, what one had proposed anew, or anybody's comments
change: open pages follow.

Must not know: what was decided or written; the page fetches that.
"""

from __future__ import annotations

from typing import Any

from applyweb.actions.notices import comments_group, review_group
from applyweb.web.sockets.base import BAD_MESSAGE, ApplySocket


class ReviewSocket(ApplySocket):
    """Sends {type: "review" or "comments", version} and {type: "proposals", hunk}; takes nothing."""

    _groups: tuple[str, ...] = ()

    async def before_accept(self) -> None:
        # A page fetches the review when its socket is open: what changes after that must reach it.
        self._groups = (review_group(self.apply_id, self.person.pk), comments_group(self.apply_id))
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        await self.close(BAD_MESSAGE, "This socket only sends.")

    async def disconnect(self, code: int) -> None:
        for group in self._groups:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def review_changed(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "review", "version": message["version"]})

    async def proposals_changed(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "proposals", "hunk": message["hunk"]})

    async def comments_changed(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "comments", "version": message["version"]})
