"""Several people's reviews of one apply: sharing it, reading them side by side, and taking over what another decided.

Must not know: how any of it is stored.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from applyweb.actions.adoptions import adopt_all, adopt_hunk
from applyweb.actions.errors import Refused
from applyweb.actions.sharing import set_shared
from applyweb.core.parts import verdict_of
from applyweb.core.standpoints import is_decided
from applyweb.queries.reviews import review_state
from applyweb.queries.standpoints import Standpoint, standpoints_of
from applyweb.web.api import views
from applyweb.web.api.applies import FAULTS, found_apply
from applyweb.web.api.reviews import ANSWERS
from applyweb.web.api.schemas import ErrorOut
from applyweb.web.api.standpoint_schemas import AdoptionIn, SharedIn, SharedOut, StandpointsOut
from applyweb.web.auth import person_of

router = Router(tags=["people"])


@router.put("/applies/{apply_id}/shared", response={200: SharedOut, 400: ErrorOut, 422: ErrorOut, **FAULTS})
def put_shared(request: HttpRequest, apply_id: str, body: SharedIn) -> dict[str, Any]:
    """Opens your apply to whoever signs in here and has its address, or closes it; its whole changeset with it."""
    return {"shared": set_shared(found_apply(request, apply_id), person_of(request), body.shared).shared}


@router.get("/applies/{apply_id}/reviews", response={200: StandpointsOut, **FAULTS})
def get_reviews(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Everybody's review of an apply, and where it differs from yours."""
    found = standpoints_of(found_apply(request, apply_id), person_of(request))
    return {"reviews": [_standpoint(each) for each in found.reviews], "left_out": found.left_out}


@router.post("/applies/{apply_id}/adoptions", response=ANSWERS)
def post_adoption(request: HttpRequest, apply_id: str, body: AdoptionIn) -> dict[str, Any]:
    """Takes over what another person decided, as one step of your review that undo takes back. Theirs stays as it
    is."""
    apply, person = found_apply(request, apply_id), person_of(request)
    if body.hunk is None and body.seen is None:
        adopt_all(apply, person, body.person, theirs=body.theirs, version=body.version)
    elif body.hunk is not None and body.version is None:
        adopt_hunk(apply, person, body.person, body.hunk, theirs=body.theirs, seen=body.seen)
    else:
        raise Refused("invalid", "Send seen with a hunk, version without one.", "hunk")
    return views.review(review_state(apply, person))


def _standpoint(found: Standpoint) -> dict[str, Any]:
    """StandpointOut."""
    return {
        "person": {"id": found.person_id, "name": found.name, "mine": found.mine},
        "version": found.version,
        "hunks": views.counted(found.counts),
        "decisions": {key: verdict_of(parts) for key, parts in found.layout.items() if is_decided(parts)},
        "parts": views.parts_by_hunk(found.layout),
        "early": dict(found.early),
        "differs": list(found.differs),
    }
