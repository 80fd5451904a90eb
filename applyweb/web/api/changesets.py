"""Changesets: one answer applied to several files, their state, and what is taken away of them all.

Must not know: how an answer is split, how anything is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Status

from applyweb.actions import changeset_reviews as reviews
from applyweb.actions import changesets as actions
from applyweb.actions.errors import Refused
from applyweb.core.chat.pieces import Piece
from applyweb.jobs import deletions
from applyweb.jobs.worker import worker
from applyweb.models import Changeset
from applyweb.queries.changesets import (
    ChangesetState,
    ResolvedFile,
    changeset_state,
    find_changeset,
    resolved_files,
)
from applyweb.queries.takeaway import archive_of, patch_of
from applyweb.web.api.applies import FAULTS, known_engine
from applyweb.web.api.changeset_schemas import (
    AcceptedOut,
    AcceptIn,
    ChangesetIn,
    ChangesetOut,
    PlanIn,
    PlanOut,
    ReturnedOut,
)
from applyweb.web.api.schemas import DeletedOut, ErrorOut
from applyweb.web.api.views import deleted
from applyweb.web.auth import person_of

router = Router(tags=["changesets"])
REFUSALS = {400: ErrorOut, 413: ErrorOut, 422: ErrorOut, **FAULTS}
Pending = Literal["accepted", "rejected"]


@router.post("/changesets/plan", response={200: PlanOut, **REFUSALS})
def plan_changeset(request: HttpRequest, body: PlanIn) -> dict[str, Any]:
    """Which of these files an answer is for, what it makes, and what it does not say clearly. Nothing is stored."""
    plan = actions.plan_changeset(body.chat, body.paths, body.answers)
    return {
        "files": [
            {"path": file.path, "kind": file.kind, "given_as": file.given_as, "pieces": _pieces(file.pieces)}
            for file in plan.files
        ],
        "untouched": plan.untouched,
        "questions": [
            {"piece": _pieces([each.piece])[0], "names": each.names, "candidates": each.candidates}
            for each in plan.questions
        ],
        "commands": _pieces(plan.commands),
    }


@router.post("/changesets", response={201: ChangesetOut, 429: ErrorOut, **REFUSALS})
def create_changeset(request: HttpRequest, body: ChangesetIn) -> Status[dict[str, Any]]:
    """Starts an apply for each file that the answer is for."""
    changeset = actions.create_changeset(
        person_of(request),
        originals=[actions.Original(each.path, each.original) for each in body.originals],
        chat=body.chat,
        engine=known_engine(body.engine),
        answers=body.answers,
    )
    state = changeset_state(changeset, person_of(request))
    for file in state.files:
        worker.enqueue_apply(file.id)
    return Status(201, _described(changeset, state))


@router.get("/changesets/{changeset_id}", response={200: ChangesetOut, **FAULTS})
def get_changeset(request: HttpRequest, changeset_id: str) -> dict[str, Any]:
    """The files with their states; hunks are counted under your own review."""
    changeset = found_changeset(request, changeset_id)
    return _described(changeset, changeset_state(changeset, person_of(request)))


@router.delete("/changesets/{changeset_id}", response={200: DeletedOut, **FAULTS})
def delete_changeset(request: HttpRequest, changeset_id: str) -> dict[str, Any]:
    """Deletes a changeset with its files for good, in all their versions. What is being written is stopped."""
    person = person_of(request)
    return deleted(deletions.delete_changeset(found_changeset(request, changeset_id), person), person)


@router.post("/changesets/{changeset_id}/stop", response={202: ChangesetOut, 409: ErrorOut, **FAULTS})
def stop_changeset(request: HttpRequest, changeset_id: str) -> Status[dict[str, Any]]:
    """Asks every file that is still queued or running to stop."""
    changeset = found_changeset(request, changeset_id)
    for apply_id in actions.request_stop_of_all(changeset):
        worker.stop_apply(apply_id)
    return Status(202, _described(changeset, changeset_state(changeset, person_of(request))))


@router.put("/changesets/{changeset_id}/decisions", response={200: AcceptedOut, 409: ErrorOut, **REFUSALS})
def put_decisions(request: HttpRequest, changeset_id: str, body: AcceptIn) -> dict[str, Any]:
    """Accepts all undecided hunks of all files that nothing speaks against, as one step."""
    return asdict(reviews.accept_changeset(found_changeset(request, changeset_id), person_of(request)))


@router.post("/changesets/{changeset_id}/undo", response={200: ReturnedOut, 409: ErrorOut, **FAULTS})
def post_undo(request: HttpRequest, changeset_id: str, step: str | None = None) -> dict[str, Any]:
    """Takes back your newest step through several files, or the `step` of that id. A file in which something was
    decided since stays as it is."""
    changeset = found_changeset(request, changeset_id)
    return {"files": reviews.undo_changeset(changeset, person_of(request), step)}


@router.post("/changesets/{changeset_id}/redo", response={200: ReturnedOut, 409: ErrorOut, **FAULTS})
def post_redo(request: HttpRequest, changeset_id: str, step: str | None = None) -> dict[str, Any]:
    """Makes your oldest undone step through several files again; `step` as for undo."""
    changeset = found_changeset(request, changeset_id)
    return {"files": reviews.redo_changeset(changeset, person_of(request), step)}


@router.get("/changesets/{changeset_id}/result.patch", response={409: ErrorOut, **FAULTS})
def get_patch(request: HttpRequest, changeset_id: str, pending: Pending = "rejected") -> HttpResponse:
    """The accepted hunks of all files as one unified diff that `git apply` takes; lines above it tell what is still
    undecided."""
    patch = patch_of(*_resolved(request, changeset_id, pending))
    return HttpResponse(patch.encode("utf-8"), content_type="text/plain; charset=utf-8")


@router.get("/changesets/{changeset_id}/result.zip", response={409: ErrorOut, **FAULTS})
def get_zip(request: HttpRequest, changeset_id: str, pending: Pending = "rejected") -> HttpResponse:
    """The files that changed, with their accepted hunks; the archive's comment tells what is still undecided."""
    return HttpResponse(archive_of(*_resolved(request, changeset_id, pending)), content_type="application/zip")


def found_changeset(request: HttpRequest, changeset_id: str) -> Changeset:
    """The changeset that the person may see, or 404."""
    changeset = find_changeset(person_of(request), changeset_id)
    if changeset is None:
        raise Http404("There is no such changeset.")
    return changeset


def _resolved(request: HttpRequest, changeset_id: str, pending: Pending) -> tuple[ChangesetState, list[ResolvedFile]]:
    changeset, person = found_changeset(request, changeset_id), person_of(request)
    state = changeset_state(changeset, person)
    if state.is_open:
        raise Refused("not_finished", "There is no result yet: some files are still being written.")
    return state, resolved_files(changeset, person, pending)


def _described(changeset: Changeset, state: ChangesetState) -> dict[str, Any]:
    """ChangesetOut."""
    return {
        "id": changeset.id,
        "open": state.is_open,
        "engine": changeset.engine,
        "hunks": state.counts,
        "files": [
            {
                "id": file.id,
                "path": file.path,
                "status": file.status,
                "new": file.is_new,
                "confidence": file.confidence or None,
                "hunks": file.counts,
                "added": file.added,
                "removed": file.removed,
                "extra": file.extra,
                "error": file.error or None,
                "url": f"/applies/{file.id}/",
            }
            for file in state.files
        ],
        "left_out": changeset.left_out,
        "created_at": changeset.created_at,
        "url": f"/changesets/{changeset.id}/",
        "events": f"/ws/changesets/{changeset.id}",
    }


def _pieces(pieces: Iterable[Piece]) -> list[dict[str, int]]:
    """A list of PieceOut."""
    return [{"first": piece.lines[0], "last": piece.lines[1]} for piece in pieces]
