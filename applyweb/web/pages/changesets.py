"""The page of a changeset, and the plan of one that is to be made.

Must not know: how an answer is split, how a changeset is made; the first page posts to the JSON API.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from pydantic import ValidationError

from applyweb.actions.changesets import plan_changeset
from applyweb.actions.errors import Refused
from applyweb.models import Changeset
from applyweb.queries.changesets import changeset_state, find_changeset
from applyweb.web.api.changeset_schemas import PlanIn
from applyweb.web.errors import error_response, refusal_response
from applyweb.web.pages.changeset_rows import set_view
from applyweb.web.pages.engine_words import engine_words
from applyweb.web.pages.people import person_of
from applyweb.web.pages.plan_rows import plan_view


@require_safe
@never_cache
@login_required
def changeset_page(request: HttpRequest, changeset_id: str) -> HttpResponse:
    """The whole page."""
    changeset = _found(request, changeset_id)
    view = set_view(changeset_state(changeset, person_of(request)), changeset.left_out)
    context = {
        "view": view,
        "engine": engine_words(changeset.engine),
        "made": changeset.created_at,
        "mine": changeset.owner == request.user,
    }
    return render(request, "changeset.html", context)


@require_safe
@never_cache
@login_required
def files(request: HttpRequest, changeset_id: str) -> HttpResponse:
    """All of the page that changes while one looks."""
    changeset = _found(request, changeset_id)
    view = set_view(changeset_state(changeset, person_of(request)), changeset.left_out)
    return render(request, "changeset/files.html", {"view": view})


@require_POST
@login_required
def plan(request: HttpRequest) -> HttpResponse:
    """Which of the files the answer is for, as the first page shows it. A POST, for its size; nothing is stored."""
    try:
        asked = PlanIn.model_validate_json(request.body)
        found = plan_changeset(asked.chat, asked.paths, asked.answers)
    except RequestDataTooBig:
        return error_response(413, f"The answer is too large; a text may have {settings.TEXT_LIMIT:,} bytes.")
    except ValidationError:
        return error_response(400, "The request could not be understood. Reload the page and try again.")
    except Refused as refused:
        return refusal_response(refused)
    return render(request, "changeset/plan.html", {"plan": plan_view(found, asked.answers)})


def _found(request: HttpRequest, changeset_id: str) -> Changeset:
    changeset = find_changeset(person_of(request), changeset_id)
    if changeset is None:
        raise Http404("There is no such changeset.")
    return changeset
