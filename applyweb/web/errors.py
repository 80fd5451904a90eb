"""Refusals and faults as answers: {error: {code, message, field?}} with the right status.

Must not know: what was asked for.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from applyweb.actions.errors import Refused

STATUS = {
    "invalid": 422,
    "required": 422,
    "binary": 422,
    "undecodable": 422,
    "no_code": 422,
    "ambiguous": 422,
    "same_original": 422,
    "unknown_engine": 422,
    "too_large": 413,
    "unknown_hunk": 404,
    "unknown_thread": 404,
    "unknown_comment": 404,
    "unknown_proposal": 404,
    "unknown_person": 404,
    "name_taken": 409,
    "not_yours": 403,
    "not_finished": 409,
    "already_ended": 409,
    "already_asked": 409,
    "no_model": 409,
    "changed_meanwhile": 409,
    "nothing_to_undo": 409,
    "nothing_to_redo": 409,
    "too_many": 429,
}
_CODES = {400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}


def error_response(status: int, message: str, code: str = "", field: str = "") -> HttpResponse:
    """The one shape of an error. `code` defaults to the status's own."""
    error = {"code": code or _CODES.get(status, f"http_{status}"), "message": message}
    if field:
        error["field"] = field
    return JsonResponse({"error": error}, status=status)


def refusal_response(refused: Refused) -> HttpResponse:
    """An action's refusal as an answer."""
    return error_response(STATUS[refused.code], str(refused), refused.code, refused.field)


def wants_json(request: HttpRequest) -> bool:
    """Whether the request is for the API, which answers every error as JSON."""
    return request.path.startswith("/api/")
