"""Who is asking: a browser with its session and CSRF, or a tool with a bearer token.

Must not know: what may be done with it.
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from applyweb.models import User
from applyweb.queries.people import user_of_token


class BearerAuth(HttpBearer):
    """`Authorization: Bearer <token>`, a token of `manage.py token NAME`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_of_token(token)


class BrowserAuth(APIKeyCookie):
    """The signed-in browser; unsafe methods need the X-CSRFToken header."""

    param_name = "sessionid"

    def _get_key(self, request: HttpRequest) -> str | None:
        # A tool that sends a bad token must hear 401, not that CSRF failed, and nobody without a session needs CSRF.
        if "Authorization" in request.headers or self.param_name not in request.COOKIES:
            return None
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        return request.user if key and request.user.is_authenticated else None


def person_of(request: HttpRequest) -> User:
    """The authenticated person of an API request."""
    return cast(User, request.auth)  # type: ignore[attr-defined]
