"""The body of an API request: JSON, and said to be. Must not know: what it should hold."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.types import DictStrAny

NOT_JSON = "The body must be JSON, sent with the header Content-Type: application/json."


class JsonBody(Parser):
    """Refuses JSON that is sent as something else."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        if request.content_type != "application/json":
            raise HttpError(400, NOT_JSON)
        return super().parse_body(request)
