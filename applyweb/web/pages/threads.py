"""The comments on an apply as a fragment that the open review page puts in. Must not know: how they are drawn."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.queries.comments import version_of
from applyweb.web.pages.people import apply_or_404, person_of
from applyweb.web.pages.thread_rows import threads_view


@require_safe
@never_cache
@login_required
def threads(request: HttpRequest, apply_id: str) -> HttpResponse:
    """All threads; with `?after=N` nothing (204) where there is no later version than N."""
    apply = apply_or_404(request, apply_id)
    after = request.GET.get("after", "-1")
    if not after.removeprefix("-").isdecimal() or len(after) > 15:
        return HttpResponseBadRequest("after must be a whole number")
    if version_of(apply) <= int(after):
        return HttpResponse(status=204)
    return render(request, "review/threads.html", {"discussion": threads_view(apply, person_of(request))})
