"""Pieces that the review page fetches: rows under a fold, a hunk again, the original. Must not know: the page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of
from applyweb.web.pages.colours import coloured_sides
from applyweb.web.pages.people import apply_or_404, person_of
from applyweb.web.pages.review_view import hunk_view
from applyweb.web.render.diff import make_sides, unchanged_rows


@require_safe
@login_required
def rows(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The unchanged rows of old lines [start, end), 0-based, of a finished apply."""
    apply = apply_or_404(request, apply_id)
    texts = texts_of(apply)
    if texts.merged is None:
        raise Http404("There is no diff.")
    hunks = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    old_html, new_html, _ = coloured_sides(apply, texts.original, texts.merged)
    sides = make_sides(texts.original, texts.merged, old_html, new_html)
    try:
        start, end = int(request.GET["start"]), int(request.GET["end"])
        return HttpResponse(unchanged_rows(*sides, hunks, start, end))
    except (KeyError, ValueError):
        return HttpResponseBadRequest("start and end must be a range of unchanged lines")


@require_safe
@never_cache
@login_required
def hunk(request: HttpRequest, apply_id: str, hunk_id: str) -> HttpResponse:
    """One hunk, in the parts that the person's review has of it."""
    rows = hunk_view(apply_or_404(request, apply_id), person_of(request), hunk_id)
    if rows is None:
        raise Http404("There is no such hunk.")
    return render(request, "review/segments.html", {"segments": rows})


@require_safe
@login_required
def original(request: HttpRequest, apply_id: str) -> HttpResponse:
    """The original as it was given, for the live view's left side."""
    data = apply_or_404(request, apply_id).original.data
    return HttpResponse(data, content_type="text/plain; charset=utf-8")
