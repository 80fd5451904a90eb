"""Who opens a socket. A browser: its session, and this very site as its Origin, port and scheme
included (cookies know neither). A tool: a bearer token, which no foreign page
can send, so its Origin does not matter.

Must not know: what the socket is for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from applyweb.queries.people import user_of_token


class SocketAuth:
    """Sets `scope["user"]` to a person or refuses the handshake; wrap the socket routes in it."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._browser: Any = AuthMiddlewareStack(application)

    async def __call__(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        header = headers.get(b"authorization")
        if header is None:
            browser = self._browser if _is_own(headers, scope.get("scheme", "ws")) else WebsocketDenier()
            await browser(scope, receive, send)
            return
        kind, _, secret = header.partition(" ")
        user = await database_sync_to_async(user_of_token)(secret.strip()) if kind.lower() == "bearer" else None
        await self._application({**scope, "user": user}, receive, send)


def _is_own(headers: dict[bytes, str], scheme: str) -> bool:
    """As Django's CSRF check judges an Origin: this host by its full name, or one of CSRF_TRUSTED_ORIGINS."""
    origin, host = headers.get(b"origin", ""), headers.get(b"host", "")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    domain, _ = split_domain_port(host)
    secure = scheme == "wss" or settings.SESSION_COOKIE_SECURE
    return validate_host(domain, settings.ALLOWED_HOSTS) and origin == f"{'https' if secure else 'http'}://{host}"
