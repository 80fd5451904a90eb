"""The review page, also while an apply is being written. Must not know: how its values are built or drawn."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.web.modules import modules_of
from applyweb.web.pages.people import apply_or_404, person_of
from applyweb.web.pages.review_view import review_view


@require_safe
@never_cache
@login_required
def review_page(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The whole page."""
    apply = apply_or_404(request, apply_id)
    view = review_view(apply, person_of(request))
    context = {"view": view, "text_limit": settings.TEXT_LIMIT, "modules": modules_of("js/review.js")}
    return render(request, "review.html", context)


@require_safe
@never_cache
@login_required
def review_fragment(request: HttpRequest, apply_id: str) -> HttpResponse:
    """All that changes when a stream ends: the page swaps it in without a reload."""
    apply = apply_or_404(request, apply_id)
    return render(request, "review/apply.html", {"view": review_view(apply, person_of(request))})
