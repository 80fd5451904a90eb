"""`/ws/applies/<id>/review`: a notice whenever one's own decisions, what one had proposed anew, another person's review
or anybody's comments change: open pages follow. And who else looks at the apply now.

Must not know: what was decided or written; the page fetches that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from applyweb.actions.notices import apply_group, review_group
from applyweb.web.sockets.base import BAD_MESSAGE, NOT_FOUND
from applyweb.web.sockets.presence import PresenceSocket


class ReviewSocket(PresenceSocket):
    """Sends {type: "review" or "comments", version}, {type: "reviews", person, version}, {type: "proposals", hunk} and
    what a PresenceSocket sends; takes what that takes. Closes with 4404 when the apply is deleted."""

    _groups: tuple[str, ...] = ()

    async def before_accept(self) -> None:
        # A page fetches the review when its socket is open: what changes after that must reach it.
        self._groups = (review_group(self.apply_id, self.person.pk), apply_group(self.apply_id))
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)

    async def dispatch(self, message: Any) -> None:
        # The parent visits the database thread before every message. Where many people look they would queue up there,
        # and of these messages none touches the database.
        handlers: dict[str, Callable[[Any], Awaitable[None]]] = {
            "websocket.receive": self.websocket_receive,
            "presence.here": self.presence_here,
            "presence.gone": self.presence_gone,
        }
        handle = handlers.get(message["type"])
        if handle is None:
            await super().dispatch(message)
        else:
            await handle(message)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        is_here = isinstance(content, dict) and content.get("type") == "here" and self.moved_to(content.get("hunk"))
        if not is_here:
            await self.close(BAD_MESSAGE, 'Send {"type": "here", "hunk": ID} only.')

    async def disconnect(self, code: int) -> None:
        for group in self._groups:
            await self.channel_layer.group_discard(group, self.channel_name)
        await super().disconnect(code)

    async def review_changed(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "review", "version": message["version"]})

    async def reviews_changed(self, message: dict[str, Any]) -> None:
        if message["person"] != self.person.pk:
            await self.send_json({"type": "reviews", "person": message["person"], "version": message["version"]})

    async def proposals_changed(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "proposals", "hunk": message["hunk"]})

    async def comments_changed(self, message: dict[str, Any]) -> None:
        await self.send_json({"type": "comments", "version": message["version"]})

    async def sharing_changed(self, message: dict[str, Any]) -> None:
        problem = await self.missing({"apply_id": self.apply_id})
        if problem is not None:
            await self.close(*problem)

    async def apply_deleted(self, message: dict[str, Any]) -> None:
        await self.close(NOT_FOUND, "This apply was deleted.")
