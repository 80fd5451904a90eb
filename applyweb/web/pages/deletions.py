"""What a deletion would take along, as the question before it tells it. Must not know: how it is found, or done."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applyweb.queries.changesets import find_changeset
from applyweb.queries.deletions import doomed_with_apply, doomed_with_changeset, losses
from applyweb.web.pages.file_names import folder_and_name
from applyweb.web.pages.people import apply_or_404, person_of


@require_safe
@never_cache
@login_required
def of_apply(request: HttpRequest, apply_id: str) -> HttpResponse:
    """Of one apply."""
    apply = apply_or_404(request, apply_id)
    if apply.owner_id != person_of(request).pk:
        raise Http404("There is no such apply of yours.")
    doomed = doomed_with_apply(apply)
    _, name = folder_and_name(apply.path, apply.language)
    view = {"name": name, "doomed": doomed, "newer": len(doomed.versions) - 1, "losses": losses(doomed, apply.owner_id)}
    return render(request, "parts/deletion.html", {"view": view})


@require_safe
@never_cache
@login_required
def of_changeset(request: HttpRequest, changeset_id: str) -> HttpResponse:
    """Of a changeset with all its files."""
    changeset = find_changeset(person_of(request), changeset_id)
    if changeset is None or changeset.owner_id != person_of(request).pk:
        raise Http404("There is no such changeset of yours.")
    doomed = doomed_with_changeset(changeset)
    files = changeset.applies.count()
    view = {
        "name": "the changeset",
        "files": files,
        "doomed": doomed,
        "earlier": len(doomed.versions) - files,
        "losses": losses(doomed, changeset.owner_id),
    }
    return render(request, "parts/deletion.html", {"view": view})
