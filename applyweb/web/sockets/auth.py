"""Who opens a socket. A browser: its session, and an Origin of this site. A tool: a bearer token, which no foreign page
can send, so its Origin does not matter.

Must not know: what the socket is for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.security.websocket import AllowedHostsOriginValidator

from applyweb.queries.people import user_of_token


class SocketAuth:
    """Sets `scope["user"]` to a person or refuses the handshake; wrap the socket routes in it."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._browser = AllowedHostsOriginValidator(AuthMiddlewareStack(application))

    async def __call__(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        header = dict(scope["headers"]).get(b"authorization")
        if header is None:
            await self._browser(scope, receive, send)
            return
        kind, _, secret = header.decode("latin-1").partition(" ")
        user = await database_sync_to_async(user_of_token)(secret.strip()) if kind.lower() == "bearer" else None
        await self._application({**scope, "user": user}, receive, send)
