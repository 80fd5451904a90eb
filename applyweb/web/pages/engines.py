"""The engines and their live state. Must not know: any one engine."""

from __future__ import annotations

import time

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applyweb.engines.base import EngineStatus
from applyweb.jobs.engine_history import Sample, history
from applyweb.jobs.engines import engine_statuses
from applyweb.web.pages.engine_words import engine_words
from applyweb.web.pages.plots import Plot, plots

_WORDS = {"ready": "ready", "starting": "starting", "down": "down", "off": "not set up"}


@require_safe
@login_required
def engines_page(request: HttpRequest) -> HttpResponse:
    """Everything that the engines say about themselves."""
    engines = [
        {
            "name": status.name,
            "title": status.title,
            "state": status.state,
            "state_words": _WORDS[status.state],
            "message": status.message,
            "facts": status.facts,
            "plots": _plots(status),
            "icon": engine_words(status.name).icon,
        }
        for status in async_to_sync(engine_statuses)()
    ]
    return render(request, "engines.html", {"here": "engines", "engines": engines})


def _plots(status: EngineStatus) -> list[Plot]:
    figures = status.figures if status.state == "ready" else None
    return plots(history.add(status.name, Sample(time.monotonic(), figures)))


@require_safe
@login_required
def states(request: HttpRequest) -> HttpResponse:
    """The states alone, as JSON, for the cards of the first page, which must not wait for a slow server."""
    found = [
        {"name": status.name, "state": status.state, "words": _WORDS[status.state], "message": status.message}
        for status in async_to_sync(engine_statuses)()
    ]
    return JsonResponse({"engines": found})
