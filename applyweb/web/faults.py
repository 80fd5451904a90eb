"""The site's answers to what went wrong: JSON under /api, a page elsewhere. Must not know: the cause."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applyweb.web.errors import error_response, wants_json


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return _fault(request, 400, "Bad request", "The request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return _fault(request, 403, "Not allowed", "You may not do this. Reload the page and try again.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: an unsafe request of a browser without its CSRF token."""
    return _fault(
        request, 403, "Not allowed", "The request came without its CSRF token. Reload the page and try again."
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _fault(
        request, 404, "Nothing here", "There is no such page or apply, it was deleted, or it is not yours to see."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500"""
    return _fault(request, 500, "Something broke", "applyweb failed inside; the server's log says where.")


def _fault(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    if wants_json(request):
        return error_response(status, message)
    return render(request, "fault.html", {"status": status, "title": title, "message": message}, status=status)
