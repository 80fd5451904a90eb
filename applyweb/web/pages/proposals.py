"""What the review page fetches of hunks that are written anew: the proposals that are there, and what has changed.

Must not know: the page around them, how anything is stored.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.queries.proposals import proposals_of
from applyweb.web.pages.fragments import row_or_404
from applyweb.web.pages.people import apply_or_404, person_of


@require_safe
@never_cache
@login_required
def alternatives(request: HttpRequest, apply_id: str, name: str) -> HttpResponse:
    """The later proposals of a hunk or part; nothing where there is none."""
    draws, row = row_or_404(request, apply_id, name)
    return HttpResponse(draws.alternatives(row))


@require_safe
@never_cache
@login_required
def proposal_states(request: HttpRequest, apply_id: str) -> JsonResponse:
    """How each proposal stands, by hunk: a page that was away compares."""
    found = proposals_of(apply_or_404(request, apply_id), person_of(request))
    return JsonResponse({key: [[each.pk, each.status] for each in rows] for key, rows in found.items()})
