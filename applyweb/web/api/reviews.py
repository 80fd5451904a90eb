"""Decisions on hunks, each a resource, with undo and redo. Must not know: how they are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from applyweb.actions import reviews as actions
from applyweb.models import Apply, Review, User, Verdict
from applyweb.queries.reviews import review_state
from applyweb.web.api import views
from applyweb.web.api.applies import FAULTS, found_apply
from applyweb.web.api.schemas import DecisionIn, DecisionsIn, ErrorOut, ReviewOut
from applyweb.web.auth import person_of

router = Router(tags=["reviews"])
ANSWERS = {200: ReviewOut, 400: ErrorOut, 409: ErrorOut, 422: ErrorOut, **FAULTS}


@router.get("/applies/{apply_id}/review", response={200: ReviewOut, **FAULTS})
def get_review(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Your review of an apply."""
    return views.review(review_state(found_apply(request, apply_id), person_of(request)))


@router.put("/applies/{apply_id}/hunks/{hunk_id}/decision", response=ANSWERS)
def put_decision(request: HttpRequest, apply_id: str, hunk_id: str, body: DecisionIn) -> dict[str, Any]:
    """Decides one hunk."""
    return _changed(
        request,
        apply_id,
        lambda apply, person: actions.decide_hunk(apply, person, hunk_id, Verdict(body.decision), body.reason),
    )


@router.put("/applies/{apply_id}/decisions", response=ANSWERS)
def put_decisions(request: HttpRequest, apply_id: str, body: DecisionsIn) -> dict[str, Any]:
    """Decides every hunk at once; one undo takes it back."""
    return _changed(request, apply_id, lambda apply, person: actions.decide_all(apply, person, Verdict(body.decision)))


@router.post("/applies/{apply_id}/undo", response=ANSWERS)
def post_undo(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Takes back your newest step."""
    return _changed(request, apply_id, actions.undo_step)


@router.post("/applies/{apply_id}/redo", response=ANSWERS)
def post_redo(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Makes your oldest undone step again."""
    return _changed(request, apply_id, actions.redo_step)


def _changed(request: HttpRequest, apply_id: str, change: Callable[[Apply, User], Review]) -> dict[str, Any]:
    apply, person = found_apply(request, apply_id), person_of(request)
    change(apply, person)
    return views.review(review_state(apply, person))
