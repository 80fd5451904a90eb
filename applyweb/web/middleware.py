"""Errors under /api that some other part of the site answered, given the API's one shape.

Must not know: routes, who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from applyweb.web.errors import error_response, wants_json


def json_errors(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: an error under /api that is no JSON gets {error: {code, message}}; status and headers stay."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if wants_json(request) and isinstance(response, HttpResponse) and _is_foreign_error(response):
            _become_json(request, response)
        return response

    return respond


def _is_foreign_error(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return response.status_code >= 400 and kind != "application/json"


def _become_json(request: HttpRequest, response: HttpResponse) -> None:
    """In place, so that headers such as Allow and cookies stay."""
    told = error_response(response.status_code, _message(request, response))
    response.content = told.content
    response.headers["Content-Type"] = told.headers["Content-Type"]
    response.headers["Content-Length"] = str(len(told.content))


def _message(request: HttpRequest, response: HttpResponse) -> str:
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not allowed here; use {response.headers['Allow']}."
    return f"{response.reason_phrase}."
