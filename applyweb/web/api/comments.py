"""Comments on lines and hunks: threads, their comments, and whether a thread is resolved, each a resource.

Must not know: how they are stored or drawn.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from applyweb.actions import comments as actions
from applyweb.actions.errors import Refused
from applyweb.models import Comment, User
from applyweb.queries.comments import CommentState, ThreadState, comment_state, discussion_of, thread_of
from applyweb.web.api.applies import FAULTS, found_apply
from applyweb.web.api.comment_schemas import CommentIn, CommentOut, ResolvedIn, ThreadIn, ThreadOut, ThreadsOut
from applyweb.web.api.schemas import ErrorOut
from applyweb.web.auth import person_of

router = Router(tags=["comments"])
REFUSALS = {400: ErrorOut, 413: ErrorOut, 422: ErrorOut, 429: ErrorOut, **FAULTS}
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/applies/{apply_id}/threads", response={200: ThreadsOut, **FAULTS})
def get_threads(request: HttpRequest, apply_id: str) -> dict[str, Any]:
    """Every thread of an apply, those of other people included."""
    discussion = discussion_of(found_apply(request, apply_id))
    person = person_of(request)
    return {"version": discussion.version, "threads": [_thread(thread, person) for thread in discussion.threads]}


@router.post("/applies/{apply_id}/threads", response={201: ThreadOut, 409: ErrorOut, **REFUSALS})
def post_thread(request: HttpRequest, apply_id: str, body: ThreadIn) -> Status[dict[str, Any]]:
    """Begins a thread below a line or below a hunk."""
    apply, person = found_apply(request, apply_id), person_of(request)
    if body.hunk is not None and body.side is None and body.line is None:
        comment = actions.start_hunk_thread(apply, person, body.hunk, body.text)
    elif body.hunk is None and body.side is not None and body.line is not None:
        comment = actions.start_line_thread(apply, person, body.side, body.line, body.text)
    else:
        raise Refused("invalid", "Say where: either side and line, or hunk.", "line")
    return Status(201, _thread(thread_of(apply, comment.thread_id), person))


@router.put("/applies/{apply_id}/threads/{thread_id}/resolved", response={200: ThreadOut, **REFUSALS})
def put_resolved(request: HttpRequest, apply_id: str, thread_id: Id, body: ResolvedIn) -> dict[str, Any]:
    """Resolves a thread, or opens it again."""
    apply, person = found_apply(request, apply_id), person_of(request)
    actions.set_resolved(apply, person, thread_id, body.resolved)
    return _thread(thread_of(apply, thread_id), person)


@router.post("/applies/{apply_id}/threads/{thread_id}/comments", response={201: CommentOut, **REFUSALS})
def post_comment(request: HttpRequest, apply_id: str, thread_id: Id, body: CommentIn) -> Status[dict[str, Any]]:
    """Answers in a thread, which opens it again where it was resolved."""
    apply, person = found_apply(request, apply_id), person_of(request)
    return Status(201, _written(actions.add_comment(apply, person, thread_id, body.text), person))


@router.put("/applies/{apply_id}/comments/{comment_id}", response={200: CommentOut, **REFUSALS})
def put_comment(request: HttpRequest, apply_id: str, comment_id: Id, body: CommentIn) -> dict[str, Any]:
    """Gives your comment these words. A deleted one is back with them: its own old words undo the deletion."""
    person = person_of(request)
    return _written(actions.edit_comment(found_apply(request, apply_id), person, comment_id, body.text), person)


@router.delete("/applies/{apply_id}/comments/{comment_id}", response={200: CommentOut, 422: ErrorOut, **FAULTS})
def delete_comment(request: HttpRequest, apply_id: str, comment_id: Id) -> dict[str, Any]:
    """Deletes your comment."""
    person = person_of(request)
    return _written(actions.delete_comment(found_apply(request, apply_id), person, comment_id), person)


def _written(comment: Comment, person: User) -> dict[str, Any]:
    return _comment(comment_state(comment), person)


def _thread(thread: ThreadState, person: User) -> dict[str, Any]:
    """ThreadOut."""
    return {
        "id": thread.id,
        "on": "hunk" if thread.on_hunk else "line",
        "side": thread.side,
        "line": thread.line,
        "written_line": thread.written_line,
        "line_text": thread.line_text,
        "hunk": (thread.place.hunk or None) if thread.place else None,
        "resolved": thread.resolved,
        "resolved_by": thread.resolved_by or None,
        "created_at": thread.created_at,
        "comments": [_comment(comment, person) for comment in thread.comments],
    }


def _comment(comment: CommentState, person: User) -> dict[str, Any]:
    """CommentOut."""
    return {
        "id": comment.id,
        "writer": comment.writer,
        "mine": comment.writer_id == person.pk,
        "text": comment.text,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
        "deleted": comment.deleted,
    }
