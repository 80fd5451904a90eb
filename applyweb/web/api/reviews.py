"""Decisions on hunks, each a resource, with undo and redo. Must not know: how they are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from applyweb.actions import reviews as actions
from applyweb.core.parts import UnknownPart
from applyweb.models import Apply, Review, User
from applyweb.queries.reviews import part_text, review_state
from applyweb.web.api import views
from applyweb.web.api.applies import FAULTS, found_apply
from applyweb.web.api.schemas import (
    BothIn,
    CutIn,
    DecisionIn,
    DecisionsIn,
    ErrorOut,
    JoinedIn,
    LinesIn,
    ReviewOut,
    TextIn,
    TextOut,
)
from applyweb.web.auth import person_of

router = Router(tags=["reviews"])
ANSWERS = {200: ReviewOut, 400: ErrorOut, 409: ErrorOut, 413: ErrorOut, 422: ErrorOut, **FAULTS}


@router.get("/applies/{apply_id}/review", response={200: ReviewOut, **FAULTS})
def get_review(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Your review of an apply."""
    return views.review(review_state(found_apply(request, apply_id), person_of(request)))


@router.put("/applies/{apply_id}/hunks/{hunk_id}/decision", response=ANSWERS)
def put_decision(request: HttpRequest, apply_id: str, hunk_id: str, body: DecisionIn) -> dict[str, Any]:
    """Decides one hunk, or one part of it. While the apply is open: a hunk that has settled, by its event's id."""
    return _changed(
        request,
        apply_id,
        lambda apply, person: actions.decide_hunk(apply, person, hunk_id, body.decision, body.reason, body.seen),
    )


@router.put("/applies/{apply_id}/hunks/{hunk_id}/lines", response=ANSWERS)
def put_lines(request: HttpRequest, apply_id: str, hunk_id: str, body: LinesIn) -> dict[str, Any]:
    """Decides some lines of a hunk; they become a part of their own."""
    lines = actions.Lines(range(*body.removed), range(*body.added))
    return _changed(
        request,
        apply_id,
        lambda apply, person: actions.decide_lines(
            apply, person, hunk_id, lines, body.decision, body.reason, body.seen
        ),
    )


@router.post("/applies/{apply_id}/hunks/{hunk_id}/cuts", response=ANSWERS)
def post_cut(request: HttpRequest, apply_id: str, hunk_id: str, body: CutIn) -> dict[str, Any]:
    """Cuts a hunk in two; each part keeps its decision."""
    return _changed(
        request,
        apply_id,
        lambda apply, person: actions.cut_hunk(apply, person, hunk_id, (body.removed, body.added)),
    )


@router.put("/applies/{apply_id}/hunks/{hunk_id}/joined", response=ANSWERS)
def put_joined(request: HttpRequest, apply_id: str, hunk_id: str, body: JoinedIn) -> dict[str, Any]:
    """Joins a hunk or part to the one before it, or lets it go. Parts of one hunk become one; hunks stay, and are
    decided together."""
    return _changed(
        request, apply_id, lambda apply, person: actions.join_hunk(apply, person, hunk_id, joined=body.joined)
    )


@router.get("/applies/{apply_id}/hunks/{hunk_id}/text", response={200: TextOut, **FAULTS})
def get_text(request: HttpRequest, apply_id: str, hunk_id: str) -> dict[str, Any]:
    """The added lines of a hunk or part as they stand in your review, and as proposed."""
    try:
        found = part_text(found_apply(request, apply_id), person_of(request), hunk_id)
    except UnknownPart as error:
        raise Http404(str(error)) from error
    return {"text": found.text, "proposed": found.proposed}


@router.put("/applies/{apply_id}/hunks/{hunk_id}/text", response=ANSWERS)
def put_text(request: HttpRequest, apply_id: str, hunk_id: str, body: TextIn) -> dict[str, Any]:
    """Accepts a hunk or part with your own lines in place of the added ones. What was proposed is kept."""
    return _changed(
        request,
        apply_id,
        lambda apply, person: actions.write_hunk(apply, person, hunk_id, body.text, body.seen, body.seen_text),
    )


@router.delete("/applies/{apply_id}/hunks/{hunk_id}/text", response=ANSWERS)
def delete_text(request: HttpRequest, apply_id: str, hunk_id: str) -> dict[str, Any]:
    """Goes back to the lines that were proposed, accepted."""
    return _changed(request, apply_id, lambda apply, person: actions.write_hunk(apply, person, hunk_id, None))


@router.put("/applies/{apply_id}/hunks/{hunk_id}/both", response=ANSWERS)
def put_both(request: HttpRequest, apply_id: str, hunk_id: str, body: BothIn) -> dict[str, Any]:
    """Accepts a hunk or part with the original's lines and the proposed ones, one below the other, as your own text."""
    return _changed(
        request,
        apply_id,
        lambda apply, person: actions.keep_both(apply, person, hunk_id, body.first, body.seen, body.seen_text),
    )


@router.put("/applies/{apply_id}/decisions", response=ANSWERS)
def put_decisions(request: HttpRequest, apply_id: str, body: DecisionsIn) -> dict[str, Any]:
    """Decides every hunk at once; one undo takes it back."""
    return _changed(
        request,
        apply_id,
        lambda apply, person: actions.decide_all(apply, person, body.decision, body.version, rest=body.rest),
    )


@router.post("/applies/{apply_id}/undo", response=ANSWERS)
def post_undo(request: HttpRequest, apply_id: str, version: int | None = None) -> dict[str, Any]:
    """Takes back your newest step. With `version`, only where the review is still at that version (else 409)."""
    return _changed(request, apply_id, lambda apply, person: actions.undo_step(apply, person, version))


@router.post("/applies/{apply_id}/redo", response=ANSWERS)
def post_redo(request: HttpRequest, apply_id: str, version: int | None = None) -> dict[str, Any]:
    """Makes your oldest undone step again; `version` as for undo."""
    return _changed(request, apply_id, lambda apply, person: actions.redo_step(apply, person, version))


def _changed(request: HttpRequest, apply_id: str, change: Callable[[Apply, User], Review]) -> dict[str, Any]:
    apply, person = found_apply(request, apply_id), person_of(request)
    change(apply, person)
    return views.review(review_state(apply, person))
