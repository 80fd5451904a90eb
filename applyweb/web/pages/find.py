"""Finding text in the whole diff of an apply, folds included. Must not know: how it is searched or shown."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from applyweb.core.find import find
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of
from applyweb.web.pages.people import apply_or_404

MOST_QUERY = 200  # characters that are looked for; the page's field takes no more


@require_safe
@login_required
def find_in_diff(request: HttpRequest, apply_id: str) -> JsonResponse:
    """`?q=` is looked for, with `?case=1` exactly as it is written; nothing is found where it is too long."""
    apply = apply_or_404(request, apply_id)
    texts = texts_of(apply)
    if texts.merged is None:
        raise Http404("There is no diff.")
    query = request.GET.get("q", "")
    wanted = query if len(query) <= MOST_QUERY else ""
    hunks = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    found = find(texts.original, texts.merged, hunks, wanted, match_case=request.GET.get("case") == "1")
    return JsonResponse({"matches": [asdict(match) for match in found.matches], "more": found.more})
