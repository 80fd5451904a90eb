"""Comments on lines and hunks: begun, answered, edited, deleted, resolved. Whoever sees an apply may comment on it and
resolve; only the writer edits and deletes.

Must not know: requests, sockets, how words are drawn.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from applyweb.actions.errors import Refused
from applyweb.actions.notices import comments_changed
from applyweb.core.anchors import Side, kept_text, last_line, place_of
from applyweb.core.text import TextError, require_text, split_lines
from applyweb.models import Apply, Comment, Discussion, Thread, User
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of

LONGEST = 10_000  # characters of a comment
MOST_THREADS = 1_000  # of an apply
MOST_COMMENTS = 500  # of a thread


@transaction.atomic
def start_line_thread(apply: Apply, person: User, side: Side, line: int, text: str) -> Comment:
    """A new thread below line `line`, from 1, of one side. Errors: Refused `not_finished`, `invalid` where there is no
    such line, and for the text as in `add_comment`."""
    text = _clean(text)
    lines = _lines(apply, side)
    if not 1 <= line <= len(lines):
        raise Refused("invalid", f"The {side} side has {len(lines)} lines; there is no line {line}.", "line")
    place = place_of([as_diff_hunk(hunk) for hunk in hunks_of(apply)], side, line)
    anchor = Thread(apply=apply, side=side, line=line, line_text=kept_text(lines[line - 1]), hunk_key=place.hunk)
    return _start(anchor, person, text)


@transaction.atomic
def start_hunk_thread(apply: Apply, person: User, key: str, text: str) -> Comment:
    """A new thread below a whole hunk. Errors: Refused `not_finished`, `unknown_hunk`, and as in `add_comment`."""
    text = _clean(text)
    _require_finished(apply)
    hunk = apply.hunks.filter(key=key).first()
    if hunk is None:
        raise Refused("unknown_hunk", f"There is no hunk {key!r} in this apply.", "hunk")
    side, line = last_line(as_diff_hunk(hunk))
    line_text = kept_text(_lines(apply, side)[line - 1])
    anchor = Thread(apply=apply, on_hunk=True, side=side, line=line, line_text=line_text, hunk_key=key)
    return _start(anchor, person, text)


@transaction.atomic
def add_comment(apply: Apply, person: User, thread_id: int, text: str) -> Comment:
    """An answer at the end of a thread, which opens it again where it was resolved: nobody would see it else. Errors:
    Refused `unknown_thread`, `required`, `too_large`, `binary`, `undecodable`, `too_many`."""
    text = _clean(text)
    discussion = _locked(apply)
    thread = _thread(apply, thread_id)
    if thread.comments.count() >= MOST_COMMENTS:
        raise Refused("too_many", f"A thread may have {MOST_COMMENTS} comments. Begin another.")
    comment = Comment.objects.create(thread=thread, writer=person, text=text)
    if thread.resolved_at is not None:
        _write_resolved(thread, None)
    _changed(discussion)
    return comment


@transaction.atomic
def edit_comment(apply: Apply, person: User, comment_id: int, text: str) -> Comment:
    """Gives one's own comment these words. A deleted one is back with them, so its own old words undo the deletion
    without a trace. Errors: Refused `unknown_comment`, `not_yours`, and for the text as in `add_comment`."""
    text = _clean(text)
    discussion = _locked(apply)
    comment = _own_comment(apply, person, comment_id)
    if comment.text == text and comment.deleted_at is None:
        return comment
    if comment.text != text:
        comment.text = text
        comment.edited_at = timezone.now()
    comment.deleted_at = None
    comment.save(update_fields=["text", "edited_at", "deleted_at"])
    _changed(discussion)
    return comment


@transaction.atomic
def delete_comment(apply: Apply, person: User, comment_id: int) -> Comment:
    """Takes one's own comment away; once more changes nothing. Errors: Refused `unknown_comment`, `not_yours`."""
    discussion = _locked(apply)
    comment = _own_comment(apply, person, comment_id)
    if comment.deleted_at is None:
        comment.deleted_at = timezone.now()
        comment.save(update_fields=["deleted_at"])
        _changed(discussion)
    return comment


@transaction.atomic
def set_resolved(apply: Apply, person: User, thread_id: int, resolved: bool) -> Thread:
    """Resolves a thread or opens it again; what it is already changes nothing. Errors: Refused `unknown_thread`."""
    discussion = _locked(apply)
    thread = _thread(apply, thread_id)
    if resolved != (thread.resolved_at is not None):
        _write_resolved(thread, person if resolved else None)
        _changed(discussion)
    return thread


def _start(thread: Thread, person: User, text: str) -> Comment:
    discussion = _locked(thread.apply)
    if thread.apply.threads.count() >= MOST_THREADS:
        raise Refused("too_many", f"An apply may have {MOST_THREADS:,} threads. Answer in one that is there.")
    thread.save()
    comment = Comment.objects.create(thread=thread, writer=person, text=text)
    _changed(discussion)
    return comment


def _locked(apply: Apply) -> Discussion:
    Discussion.objects.get_or_create(apply=apply)
    # Locked, so that two people who write at once are counted one after the other, and no version is given twice.
    return Discussion.objects.select_for_update().get(apply=apply)


def _changed(discussion: Discussion) -> None:
    discussion.version += 1
    discussion.save(update_fields=["version"])
    transaction.on_commit(lambda: comments_changed(discussion.apply_id, discussion.version))


def _thread(apply: Apply, thread_id: int) -> Thread:
    thread = apply.threads.filter(pk=thread_id).first()
    if thread is None:
        raise Refused("unknown_thread", f"There is no thread {thread_id} on this apply.")
    return thread


def _own_comment(apply: Apply, person: User, comment_id: int) -> Comment:
    comment = Comment.objects.filter(thread__apply=apply, pk=comment_id).first()
    if comment is None:
        raise Refused("unknown_comment", f"There is no comment {comment_id} on this apply.")
    if comment.writer_id != person.pk:
        raise Refused("not_yours", "Only its writer may edit or delete a comment.")
    return comment


def _write_resolved(thread: Thread, person: User | None) -> None:
    thread.resolved_by = person
    thread.resolved_at = timezone.now() if person else None
    thread.save(update_fields=["resolved_by", "resolved_at"])


def _require_finished(apply: Apply) -> None:
    if apply.merged_id is None:
        raise Refused("not_finished", f"An apply can be commented on when it is finished; it is {apply.status}.")


def _lines(apply: Apply, side: Side) -> list[str]:
    _require_finished(apply)
    texts = texts_of(apply)
    return split_lines(texts.original if side == "old" else texts.merged or "")


def _clean(text: str) -> str:
    """The text as it is kept: one kind of line end, no empty lines around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().lstrip("\n")
    if not text:
        raise Refused("required", "The comment is empty.", "text")
    if len(text) > LONGEST:
        raise Refused("too_large", f"The comment has {len(text):,} characters; the limit is {LONGEST:,}.", "text")
    try:
        return require_text(text)
    except TextError as error:
        raise Refused(error.code, "The comment holds NUL or broken characters.", "text") from error
