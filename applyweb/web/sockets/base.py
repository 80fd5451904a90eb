"""What both sockets do first: look who is there and whether they may see this apply.

Must not know: what is sent.
"""

from __future__ import annotations

from typing import Any, cast

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth.models import AnonymousUser

from applyweb.models import User
from applyweb.queries.applies import seen_by

UNAUTHORIZED, NOT_FOUND, TOO_SLOW, BAD_MESSAGE = 4401, 4404, 4408, 4400
LONGEST_MESSAGE = 500


class ApplySocket(AsyncJsonWebsocketConsumer):
    """A socket on one apply. Strangers are closed with 4401, people who may not see the apply with 4404; both after
    the handshake, since a browser shows no page the reason of a refused one."""

    person: User
    apply_id: str

    async def connect(self) -> None:
        problem = await self._problem()
        if problem is not None:
            await self.accept()
            await self.close(*problem)
            return
        await self.before_accept()
        await self.accept()
        await self.opened()

    async def before_accept(self) -> None:
        """What must be in place before the other side can know that the socket is open."""

    async def opened(self) -> None:
        """The socket is open; called once."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Text only, and short: nothing that these sockets take is long."""
        if text_data is None or len(text_data) > LONGEST_MESSAGE:
            await self.close(BAD_MESSAGE, "Send short JSON texts only.")
            return
        await super().receive(text_data=text_data, **kwargs)

    async def _problem(self) -> tuple[int, str] | None:
        user = cast(User | AnonymousUser | None, self.scope.get("user"))
        if user is None or not user.is_authenticated:
            return UNAUTHORIZED, "Sign in first."
        self.person = user
        return await self.missing(self.scope["url_route"]["kwargs"])

    async def missing(self, route: dict[str, str]) -> tuple[int, str] | None:
        """Why there is nothing for this person under this address; None where there is."""
        self.apply_id = route["apply_id"]
        if not await database_sync_to_async(seen_by(self.person).filter(pk=self.apply_id).exists)():
            return NOT_FOUND, "There is no such apply."
        return None

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return await super().decode_json(text_data)
        except ValueError:
            return None  # receive_json closes on whatever is no object
