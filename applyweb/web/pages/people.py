"""Who looks at a page, and which apply they look at. Must not know: what is shown."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest

from applyweb.models import Apply, User
from applyweb.queries.applies import find_apply


def person_of(request: HttpRequest) -> User:
    """The signed-in person; only for views behind `login_required`."""
    return cast(User, request.user)


def apply_or_404(request: HttpRequest, apply_id: str) -> Apply:
    """The apply with its texts, where the person may see it."""
    apply = find_apply(person_of(request), apply_id)
    if apply is None:
        raise Http404("There is no such apply.")
    return apply
