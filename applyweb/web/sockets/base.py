"""What both sockets do first: look who is there and whether they may see this apply.

Must not know: what is sent.
"""

from __future__ import annotations

from typing import Any, cast

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth.models import AnonymousUser

from applyweb.models import User
from applyweb.queries.applies import applies_of

UNAUTHORIZED, NOT_FOUND, TOO_SLOW, BAD_MESSAGE = 4401, 4404, 4408, 4400


class ApplySocket(AsyncJsonWebsocketConsumer):
    """A socket on one apply. Strangers are closed with 4401, people who may not see the apply with 4404; both after
    the handshake, since a browser shows no page the reason of a refused one."""

    person: User
    apply_id: str

    async def connect(self) -> None:
        await self.accept()
        user = cast(User | AnonymousUser | None, self.scope.get("user"))
        if user is None or not user.is_authenticated:
            await self.close(UNAUTHORIZED, "Sign in first.")
            return
        self.person = user
        self.apply_id = self.scope["url_route"]["kwargs"]["apply_id"]
        if not await database_sync_to_async(applies_of(user).filter(pk=self.apply_id).exists)():
            await self.close(NOT_FOUND, "There is no such apply.")
            return
        await self.opened()

    async def opened(self) -> None:
        """The person may see the apply; called once."""
        raise NotImplementedError

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return await super().decode_json(text_data)
        except ValueError:
            return None  # receive_json closes on whatever is no object
