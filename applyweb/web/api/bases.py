"""A new base of a review: the file was edited meanwhile. Must not know: how a review is carried over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from applyweb.jobs.rebase import make_rebase, preview_rebase
from applyweb.web.api import views
from applyweb.web.api.applies import FAULTS, found_apply
from applyweb.web.api.base_schemas import BaseIn, BasePreviewOut, NewOriginalIn
from applyweb.web.api.schemas import CreatedOut, ErrorOut
from applyweb.web.auth import person_of
from applyweb.web.render.fates import count_fates, fates_sentence

router = Router(tags=["bases"])
REFUSALS = {400: ErrorOut, 409: ErrorOut, 413: ErrorOut, 422: ErrorOut, **FAULTS}


@router.post("/applies/{apply_id}/base-previews", response={200: BasePreviewOut, **REFUSALS})
def post_preview(request: HttpRequest, apply_id: str, body: NewOriginalIn) -> dict[str, Any]:
    """What would become of your review over another original. Nothing is kept."""
    preview = preview_rebase(found_apply(request, apply_id), person_of(request), body.original)
    fates = preview.rebased.fates
    counts = count_fates(fates)
    return {
        "version": preview.version,
        "sentence": fates_sentence(counts),
        "unchanged": counts.unchanged,
        "moved": counts.moved,
        "conflicts": counts.conflicts,
        "already": counts.already,
        "hunks": [{"id": fate.hunk, "state": fate.state, "to": list(fate.to)} for fate in fates],
    }


@router.post("/applies/{apply_id}/bases", response={201: CreatedOut, **REFUSALS})
def post_base(request: HttpRequest, apply_id: str, body: BaseIn) -> Status[dict[str, Any]]:
    """Carries every review and comment over to another original: a new apply, finished at once. This one stays as it
    is. Where both sides changed the same lines the hunk is in conflict and undecided."""
    fresh = make_rebase(found_apply(request, apply_id), person_of(request), body.original, body.version)
    return Status(201, views.created(fresh))
