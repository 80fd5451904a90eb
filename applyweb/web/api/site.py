"""The API object: its routes, its sign-in, its one shape of error. Must not know: what the routes do."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from applyweb.actions.errors import Refused
from applyweb.models import Apply, Changeset
from applyweb.web.api import applies, bases, changesets, comments, proposals, reviews, standpoints
from applyweb.web.api.body import NOT_JSON, JsonBody
from applyweb.web.auth import BearerAuth, BrowserAuth
from applyweb.web.errors import error_response, refusal_response

_log = logging.getLogger(__name__)
_DESCRIPTION = """\
Apply and review the code that chat assistants write. Sign in, or send `Authorization: Bearer <token>` (`manage.py token
NAME` prints one). Every error is `{error: {code, message, field?}}`.

**Events** stream on the WebSocket `/ws/applies/<id>/events?after=N`, each a JSON text `{seq, type, ...}` with a growing
`seq`:

| type | holds |
|---|---|
| `started` | engine, attempt, original_lines, note? ; what came before is void |
| `delta` | text: the next piece of the merged file; position: original lines passed |
| `hunk` | id, old_start, old_end, new_start, new_end: a settled change, lines from 0; it can be decided |
| `finished` | status, confidence, engine, hunks, merged_sha256, stats |
| `failed` | error {code, message} |
| `stopped` | |

Send `{"type": "ack", "seq": N}` now and then: without it the stream pauses after 256 events and closes with 4408 half a
minute later. Come again with `after` = the last `seq` seen; nothing is lost. The socket of an apply that is deleted
closes with 4404.

**Several people** may review one apply that its owner shares, each on their own. `/ws/applies/<id>/review` says
`{type: "review", version}` when your review changes, `{type: "reviews", person, version}` when another person's does,
`{type: "comments", version}`, and `{type: "people", people: [{id, name, initials, hunk}], more}` when others come, go
or move. Send it `{"type": "here", "hunk": ID}` to be seen at a hunk.

A **changeset** is one answer applied to several files. `/ws/changesets/<id>` says `{type: "changed"}` whenever one of
its files begins, ends or is decided on.
"""

api = NinjaAPI(
    title="applyweb",
    version="1",
    description=_DESCRIPTION,
    auth=[BearerAuth(), BrowserAuth()],
    urls_namespace="api",
    parser=JsonBody(),
)
api.add_router("", applies.router)
api.add_router("", changesets.router)
api.add_router("", reviews.router)
api.add_router("", standpoints.router)
api.add_router("", comments.router)
api.add_router("", bases.router)
api.add_router("", proposals.router)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return refusal_response(error)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return error_response(413, f"The request is too large; a text may have {settings.TEXT_LIMIT:,} bytes.", "too_large")


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return error_response(404, str(error) or "There is nothing here.")


@api.exception_handler(IntegrityError)
@api.exception_handler(ObjectDoesNotExist)
def _gone_meanwhile(request: HttpRequest, error: IntegrityError | ObjectDoesNotExist) -> HttpResponse:
    """What was found at the start of a request may be deleted before its end: what hangs on it then finds no ground."""
    found = request.resolver_match.kwargs if request.resolver_match else {}
    for name, model in (("apply", Apply), ("changeset", Changeset)):
        key = found.get(f"{name}_id")
        if key and not model.objects.filter(pk=key).exists():
            _log.warning("%s %s: the %s was deleted meanwhile (%r)", request.method, request.path, name, error)
            return error_response(404, f"This {name} was deleted meanwhile.")
    raise error


@api.exception_handler(AuthenticationError)
def _unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = error_response(401, "Sign in, or send a token: Authorization: Bearer … (manage.py token NAME).")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    source, *place = first["loc"]  # "body", the argument's name, then the keys; else "query" or "path" and the name
    field = ".".join(str(part) for part in (place[1:] if source == "body" else place))
    if not field:
        return error_response(422, "The body must be a JSON object.", "invalid")
    return error_response(422, f"{field}: {first['msg']}", "invalid", field)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    # What a parser raises comes wrapped in a general message.
    told = error.__cause__ if isinstance(error.__cause__, HttpError) else error
    return error_response(told.status_code, str(told))


@api.exception_handler(RawPostDataException)
def _form(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    # The CSRF check has read a multipart form to its end.
    return error_response(400, NOT_JSON)
