"""The API object: its routes, its sign-in, its one shape of error. Must not know: what the routes do."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from applyweb.actions.errors import Refused
from applyweb.web.api import applies, reviews
from applyweb.web.auth import BearerAuth, BrowserAuth
from applyweb.web.errors import error_response, refusal_response

api = NinjaAPI(
    title="applyweb",
    version="1",
    description="Apply and review the code that chat assistants write. Errors: `{error: {code, message, field?}}`.",
    auth=[BearerAuth(), BrowserAuth()],
    urls_namespace="api",
)
api.add_router("", applies.router)
api.add_router("", reviews.router)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return refusal_response(error)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return error_response(413, f"The request is too large; a text may have {settings.TEXT_LIMIT:,} bytes.", "too_large")


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return error_response(404, str(error) or "There is nothing here.")


@api.exception_handler(AuthenticationError)
def _unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = error_response(401, "Sign in, or send a token: Authorization: Bearer … (manage.py token NAME).")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return error_response(422, f"{field}: {first['msg']}", "invalid", field)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return error_response(error.status_code, str(error))
