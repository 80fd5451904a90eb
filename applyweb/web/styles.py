"""The style sheets of a page in one file each: a browser takes nineteen small files far slower than two.

Must not know: what styles say. Their order is that of the lists; layers make most of it no matter.
"""

from __future__ import annotations

import gzip
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

BUNDLES = {
    "common": ("_global", "layout", "parts", "help"),
    "changeset": ("lists", "changeset", "deletion"),
    "engines": ("lists",),
    "list": ("lists", "deletion"),
    "new": ("paste", "plan", "lists"),
    "review": (
        "indents",
        "code",
        "review",
        "hunk_parts",
        "comments",
        "proposals",
        "people",
        "pieces",
        "changes",
        "reading",
        "live",
        "filebar",
        "rebase",
        "deletion",
        "print",
    ),
}


@require_safe
def bundle(request: HttpRequest, name: str) -> HttpResponse:
    """The style sheets of a bundle, one after the other. Its address holds the version of all static files, so a
    browser may keep it for good."""
    if name not in BUNDLES:
        raise Http404("There is no such style sheet.")
    zipped = "gzip" in request.headers.get("Accept-Encoding", "") and not settings.DEBUG
    body = _read(name) if settings.DEBUG else _kept(name)[zipped]
    response = HttpResponse(body, content_type="text/css; charset=utf-8")
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = f"max-age={settings.WHITENOISE_MAX_AGE}, public, immutable"
    return response


def _read(name: str) -> bytes:
    folder = settings.BASE_DIR / "static" / "css"
    return b"".join((folder / f"{each}.css").read_bytes() for each in BUNDLES[name])


@cache
def _kept(name: str) -> tuple[bytes, bytes]:
    """As it is, and zipped."""
    styles = _read(name)
    return styles, gzip.compress(styles, mtime=0)
