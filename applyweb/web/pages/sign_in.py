"""The page that tells where the sign-in link is. Must not know: how a link is made or used."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Open to everybody."""
    return render(request, "sign_in.html")
