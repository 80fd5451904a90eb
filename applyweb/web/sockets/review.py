"""`/ws/applies/<id>/review`: a notice whenever one's own decisions change, so that a second window follows.

Must not know: what was decided; the page fetches that.
"""

from __future__ import annotations

from typing import Any

from applyweb.actions.notices import review_group
from applyweb.web.sockets.base import BAD_MESSAGE, ApplySocket


class ReviewSocket(ApplySocket):
    """Sends {type: "review", version}; takes nothing."""

    _group = ""

    async def before_accept(self) -> None:
        # A page fetches the review when its socket is open: what changes after that must reach it.
        self._group = review_group(self.apply_id, self.person.pk)
        await self.channel_layer.group_add(self._group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        await self.close(BAD_MESSAGE, "This socket only sends.")

    async def disconnect(self, code: int) -> None:
        if self._group:
            await self.channel_layer.group_discard(self._group, self.channel_name)

    async def review_changed(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "review", "version": message["version"]})
