"""The page where an apply begins. Must not know: how one is made; the page posts to the JSON API."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.core.languages import LANGUAGES
from applyweb.jobs.engines import DEFAULT_ENGINE, engine_names
from applyweb.queries.applies import list_applies, own_chat
from applyweb.web.pages.apply_rows import apply_rows
from applyweb.web.pages.engine_words import engine_words
from applyweb.web.pages.people import apply_or_404, person_of

RECENT = 8


@require_safe
@never_cache
@login_required
def new_apply(request: HttpRequest) -> HttpResponse:
    """`?from=<id>` fills the form in from an earlier apply."""
    again = apply_or_404(request, request.GET["from"]) if request.GET.get("from") else None
    chosen = again.engine if again and again.engine in engine_names() else DEFAULT_ENGINE
    engines = [{"words": engine_words(name), "chosen": name == chosen} for name in engine_names()]
    person = person_of(request)
    applies = list_applies(person)
    context = {
        "here": "new",
        "again": again,
        "again_texts": {"original": again.original.text, "chat": own_chat(again)} if again else None,
        "engines": engines,
        "languages": LANGUAGES,
        "languages_by_file": languages_by_file(),
        "text_limit": settings.TEXT_LIMIT,
        "changeset_files": settings.CHANGESET_FILES,
        "rows": apply_rows(applies[:RECENT], person, timezone.now()),
        "total": applies.count(),
    }
    return render(request, "new.html", context)


def languages_by_file() -> dict[str, dict[str, str]]:
    """Language names by suffix and by file name, as the page needs them to guess."""
    return {
        "suffixes": {suffix: language.name for language in LANGUAGES for suffix in language.suffixes},
        "names": {name.lower(): language.name for language in LANGUAGES for name in language.names},
    }
