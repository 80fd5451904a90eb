"""Other lines for a hunk, asked for with a note: each request is a resource, and so is the choice among them.

Must not know: how they are written or stored.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Path, Router, Status

from applyweb.actions import proposals as actions
from applyweb.actions.errors import Refused
from applyweb.jobs.engines import language_models
from applyweb.jobs.worker import worker
from applyweb.models import Proposal
from applyweb.queries.proposals import proposals_of
from applyweb.queries.reviews import review_state
from applyweb.web.api import views
from applyweb.web.api.applies import FAULTS, found_apply
from applyweb.web.api.proposal_schemas import ProposalIn, ProposalOut, TakenIn
from applyweb.web.api.schemas import ErrorOut, ReviewOut
from applyweb.web.auth import person_of

router = Router(tags=["proposals"])
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
REFUSALS = {400: ErrorOut, 409: ErrorOut, 413: ErrorOut, 422: ErrorOut, 429: ErrorOut, **FAULTS}
NO_MODEL = (
    "No language model is configured, so nobody can write these lines anew. Start the site with --sglang-url or "
    "--openai-url, or a model with manage.py serve_model."
)


@router.get("/applies/{apply_id}/hunks/{hunk_id}/proposals", response={200: list[ProposalOut], **FAULTS})
def get_proposals(request: HttpRequest, apply_id: str, hunk_id: str) -> list[dict[str, Any]]:
    """What you asked for of a hunk, oldest first, for whatever parts it had then."""
    apply, key = found_apply(request, apply_id), hunk_id.partition(".")[0]
    if not apply.hunks.filter(key=key).exists():
        raise Http404("There is no such hunk.")
    return [_told(each) for each in proposals_of(apply, person_of(request), [key]).get(key, [])]


@router.post("/applies/{apply_id}/hunks/{hunk_id}/proposals", response={202: ProposalOut, **REFUSALS})
def post_proposal(request: HttpRequest, apply_id: str, hunk_id: str, body: ProposalIn) -> Status[dict[str, Any]]:
    """Asks a language model for other lines for a hunk or part. They come beside those that are there."""
    apply, person = found_apply(request, apply_id), person_of(request)
    proposal = actions.ask_again(apply, person, hunk_id, body.note, _engine(body.engine), body.seen)
    worker.enqueue_proposal(proposal.pk)
    return Status(202, _told(actions.known_proposal(apply, person, hunk_id, proposal.pk)))


@router.get("/applies/{apply_id}/hunks/{hunk_id}/proposals/{proposal_id}", response={200: ProposalOut, **FAULTS})
def get_proposal(request: HttpRequest, apply_id: str, hunk_id: str, proposal_id: Id) -> dict[str, Any]:
    """One of them."""
    return _told(actions.known_proposal(found_apply(request, apply_id), person_of(request), hunk_id, proposal_id))


@router.delete("/applies/{apply_id}/hunks/{hunk_id}/proposals/{proposal_id}", response={202: ProposalOut, **REFUSALS})
def delete_proposal(request: HttpRequest, apply_id: str, hunk_id: str, proposal_id: Id) -> Status[dict[str, Any]]:
    """Stops one that is being written, or forgets one that failed or was stopped. A finished one stays."""
    proposal = actions.stop_proposal(found_apply(request, apply_id), person_of(request), hunk_id, proposal_id)
    worker.stop_proposal(proposal_id)
    return Status(202, _told(proposal))


@router.put("/applies/{apply_id}/hunks/{hunk_id}/proposal", response={200: ReviewOut, **REFUSALS})
def put_proposal(request: HttpRequest, apply_id: str, hunk_id: str, body: TakenIn) -> dict[str, Any]:
    """Accepts a hunk or part with the lines of a later proposal. `DELETE …/text` goes back to the first."""
    apply, person = found_apply(request, apply_id), person_of(request)
    actions.take_proposal(apply, person, hunk_id, body.proposal, body.seen, body.seen_text)
    return views.review(review_state(apply, person))


def _engine(wanted: str) -> str:
    models = language_models()
    if not models:
        raise Refused("no_model", NO_MODEL, "engine")
    if wanted and wanted not in models:
        raise Refused("unknown_engine", f"{wanted!r} is no language model here. Choose: {', '.join(models)}.", "engine")
    return wanted or models[0]


def _told(proposal: Proposal) -> dict[str, Any]:
    """ProposalOut."""
    removed, added, key = proposal.removed_start, proposal.added_start, proposal.hunk.key
    return {
        "id": proposal.pk,
        "number": proposal.number,
        "hunk": key,
        "removed": (removed, removed + proposal.removed),
        "added": (added, added + proposal.added),
        "engine": proposal.engine,
        "note": proposal.note,
        "status": proposal.status,
        "text": proposal.text.text if proposal.text else None,
        "doubts": proposal.doubts,
        "error": proposal.error,
        "created_at": proposal.created_at,
        "events": proposal_events_path(proposal),
    }


def proposal_events_path(proposal: Proposal) -> str:
    """The WebSocket with what is written."""
    return f"/ws/applies/{proposal.hunk.apply_id}/proposals/{proposal.pk}/events"
