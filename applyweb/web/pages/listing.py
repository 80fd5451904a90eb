"""The list of one's applies, with search. Must not know: how a search works."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.queries.applies import list_applies
from applyweb.web.pages.apply_rows import apply_rows
from applyweb.web.pages.people import person_of

PAGE_SIZE = 50


@require_safe
@never_cache
@login_required
def list_page(request: HttpRequest) -> HttpResponse:
    """`?q=` searches, `?page=` turns; a page beyond the last shows the last."""
    search = request.GET.get("q", "").strip()[:200]
    person = person_of(request)
    page = Paginator(list_applies(person, search), PAGE_SIZE).get_page(request.GET.get("page"))
    prefix = f"{urlencode({'q': search})}&" if search else ""
    rows = apply_rows(page, person, timezone.now())
    return render(request, "list.html", {"here": "list", "q": search, "page": page, "rows": rows, "prefix": prefix})
