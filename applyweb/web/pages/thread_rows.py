"""The threads of an apply as the review page shows them, as values. Must not know: requests, queries' insides, where in
the page a thread is put (static/js/review/threads.js)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString

from applyweb.models import Apply, Hunk, User
from applyweb.queries.applies import hunks_of
from applyweb.queries.comments import CommentState, ThreadState, discussion_of
from applyweb.web.names import initials
from applyweb.web.pages.apply_rows import ago
from applyweb.web.render.comment import comment_html, excerpt


@dataclass(frozen=True, slots=True)
class CommentRow:
    """`text` is what its writer edits, "" for everybody else."""

    id: int
    writer: str
    initials: str
    html: SafeString
    text: str
    created_at: datetime
    when: str
    edited: bool
    deleted: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """`hunk` is the key of the hunk around it. `at` tells where among the hunks it is: twice the hunk's number, the odd
    number between for what stands between two. `quote` is what a line said that is gone."""

    id: int
    on_hunk: bool
    side: str
    line: int | None
    hunk: str
    at: int
    lost: bool
    quote: str
    where: str
    moved: str
    resolved: bool
    resolved_by: str
    excerpt: str
    comments: tuple[CommentRow, ...]


@dataclass(frozen=True, slots=True)
class ThreadsView:
    """All threads in the diff's order."""

    version: int
    threads: tuple[ThreadRow, ...]


def threads_view(apply: Apply, person: User) -> ThreadsView:
    """The threads as `person` sees them; the apply must have its texts loaded."""
    discussion = discussion_of(apply)
    if not discussion.threads:
        return ThreadsView(discussion.version, ())
    hunks = hunks_of(apply)
    now = timezone.now()
    rows = tuple(_thread(thread, person, hunks, now) for thread in discussion.threads)
    return ThreadsView(discussion.version, rows)


def _thread(thread: ThreadState, person: User, hunks: Sequence[Hunk], now: datetime) -> ThreadRow:
    hunk = thread.place.hunk if thread.place else ""
    old_index = thread.place.old_index if thread.place else None
    number = next((each.position + 1 for each in hunks if each.key == hunk), 0)
    standing = next(comment for comment in thread.comments if not comment.deleted)
    return ThreadRow(
        id=thread.id,
        on_hunk=thread.on_hunk,
        side=thread.side,
        line=thread.line,
        hunk=hunk,
        at=2 * number or 2 * _hunks_before(old_index, hunks) + 1,
        lost=thread.place is None,
        quote="" if thread.on_hunk or thread.line else thread.line_text.strip(),
        where=_where(thread, number),
        moved=_moved(thread),
        resolved=thread.resolved,
        resolved_by=thread.resolved_by,
        excerpt=f"{standing.writer}: {excerpt(standing.text)}",
        comments=tuple(_comment(comment, person, now) for comment in thread.comments),
    )


def _hunks_before(old_index: int | None, hunks: Sequence[Hunk]) -> int:
    """All of them for what has no place: it stands below the diff."""
    return len(hunks) if old_index is None else sum(hunk.old_end <= old_index for hunk in hunks)


def _where(thread: ThreadState, number: int) -> str:
    if thread.on_hunk and number:
        return f"on hunk {number}"
    if thread.on_hunk:
        return "on a hunk that is gone" if thread.place is None else f"on a former hunk, line {thread.line}"
    old = "old " if thread.side == "old" else ""
    return f"on {old}line {thread.line}" if thread.line else f"on {old}line {thread.written_line}, which is gone"


def _moved(thread: ThreadState) -> str:
    moved = not thread.on_hunk and thread.line is not None and thread.line != thread.written_line
    return f"line {thread.written_line} when it was written" if moved else ""


def _comment(comment: CommentState, person: User, now: datetime) -> CommentRow:
    mine = comment.writer_id == person.pk and not comment.deleted
    return CommentRow(
        id=comment.id,
        writer=comment.writer,
        initials=initials(comment.writer),
        html=comment_html(comment.text),
        text=comment.text if mine else "",
        created_at=comment.created_at,
        when=ago(comment.created_at, now),
        edited=comment.edited_at is not None,
        deleted=comment.deleted,
        mine=mine,
    )
