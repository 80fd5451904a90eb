"""The one-time link that the start prints, and signing out. Must not know: how the link is made."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View
from django.views.decorators.http import require_POST

from applyweb.actions.accounts import user_of_sign_in


class SignInLink(View):
    """Signs in and goes to the first page. A used link still leads in where the browser is signed in already."""

    def get(self, request: HttpRequest, user_id: int, token: str) -> HttpResponse:
        user = user_of_sign_in(user_id, token)
        if user is not None:
            login(request, user)
            return redirect("/")
        if request.user.is_authenticated:
            return redirect("/")
        return render(request, "sign_in.html", {"used_link": True}, status=403)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("/sign-in/")
