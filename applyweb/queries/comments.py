"""Reading the comments on an apply, each thread at the line where it stands by now. Must not know: how they are written
or shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet

from applyweb.core.anchors import Place, Side, below_hunk, find_line, lines_of, place_of
from applyweb.core.diff import Hunk as DiffHunk
from applyweb.core.text import split_lines
from applyweb.models import Apply, Comment, Discussion, Thread
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of
from applyweb.queries.people import name_of


@dataclass(frozen=True, slots=True)
class CommentState:
    """A comment; one that was deleted has no words, and stands only where another follows it."""

    id: int
    writer_id: int
    writer: str
    text: str
    created_at: datetime
    edited_at: datetime | None
    deleted: bool


@dataclass(frozen=True, slots=True)
class ThreadState:
    """A thread. `line` is where its line stands in the diff as it is now, None where it is gone; `written_line` and
    `line_text` are what it was begun on. `place` is None where neither its line nor its hunk is there any more."""

    id: int
    on_hunk: bool
    side: Side
    written_line: int
    line_text: str
    line: int | None
    place: Place | None
    resolved: bool
    resolved_by: str
    created_at: datetime
    comments: tuple[CommentState, ...]


@dataclass(frozen=True, slots=True)
class DiscussionState:
    """The threads on an apply as a reader of the diff meets them, those without a place last."""

    version: int
    threads: tuple[ThreadState, ...]


def discussion_of(apply: Apply) -> DiscussionState:
    """Every thread that has a standing comment. The apply must have its texts loaded."""
    # Read before the threads: a version must never be later than what is told under it, or a page would not fetch what
    # was written in between.
    version = version_of(apply)
    threads = [thread for thread in _states(apply, apply.threads.all()) if thread.comments]
    return DiscussionState(version, tuple(sorted(threads, key=_order)))


def thread_of(apply: Apply, thread_id: int) -> ThreadState:
    """One thread that exists, also where no comment of it stands."""
    return _states(apply, apply.threads.filter(pk=thread_id))[0]


def version_of(apply: Apply) -> int:
    """The version of the comments on an apply, 0 where there never was one."""
    return Discussion.objects.filter(apply=apply).values_list("version", flat=True).first() or 0


def count_open_threads(apply: Apply) -> int:
    """How many threads are neither resolved nor deleted as a whole."""
    standing = Comment.objects.filter(thread=OuterRef("pk"), deleted_at=None)
    return apply.threads.filter(Exists(standing), resolved_at=None).count()


def comment_state(comment: Comment) -> CommentState:
    """A comment with its writer loaded."""
    deleted = comment.deleted_at is not None
    return CommentState(
        id=comment.pk,
        writer_id=comment.writer_id,
        writer=name_of(comment.writer),
        text="" if deleted else comment.text,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        deleted=deleted,
    )


def _states(apply: Apply, threads: QuerySet[Thread]) -> list[ThreadState]:
    found = list(threads.select_related("resolved_by").prefetch_related("comments__writer"))
    if not found:
        return []
    texts = texts_of(apply)
    lines = {"old": split_lines(texts.original), "new": split_lines(texts.merged or "")}
    hunks = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    return [_state(thread, lines[thread.side], hunks) for thread in found]


def _state(thread: Thread, lines: Sequence[str], hunks: Sequence[DiffHunk]) -> ThreadState:
    side = cast(Side, thread.side)  # the column's choices are the type's words
    hunk = next((hunk for hunk in hunks if hunk.id == thread.hunk_key), None)
    line = find_line(lines, thread.line, thread.line_text, lines_of(hunk, side) if hunk else range(0))
    return ThreadState(
        id=thread.pk,
        on_hunk=thread.on_hunk,
        side=side,
        written_line=thread.line,
        line_text=thread.line_text,
        line=line,
        place=_place(thread.on_hunk, side, line, hunk, hunks),
        resolved=thread.resolved_at is not None,
        resolved_by=name_of(thread.resolved_by) if thread.resolved_by else "",
        created_at=thread.created_at,
        comments=_standing(comment_state(comment) for comment in thread.comments.all()),
    )


def _place(
    on_hunk: bool, side: Side, line: int | None, hunk: DiffHunk | None, hunks: Sequence[DiffHunk]
) -> Place | None:
    """A hunk is known again by its key, a line by its text; where that fails, each is asked for the other's place."""
    if hunk is not None and (on_hunk or line is None):
        return below_hunk(hunk)
    return None if line is None else place_of(hunks, side, line)


def _standing(comments: Iterable[CommentState]) -> tuple[CommentState, ...]:
    found = list(comments)
    while found and found[-1].deleted:
        found.pop()
    return tuple(found)


def _order(thread: ThreadState) -> tuple[bool, tuple[int, ...], int]:
    return (thread.place is None, thread.place.order if thread.place else (), thread.id)
