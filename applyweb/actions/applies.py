"""The life of an apply: created, begun, ended. Must not know: engines' insides, requests, sockets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from applyweb.actions.blobs import store_bytes, store_text
from applyweb.actions.errors import Refused
from applyweb.actions.inputs import check_text, clean_path, require_room
from applyweb.actions.reviews import settle_early
from applyweb.core import chat as chats
from applyweb.core import languages
from applyweb.core.diff import Hunk as DiffHunk
from applyweb.models import Apply, Blob, Hunk, Status, User

# The whole event log of an apply, its last event included. It is stored together with the end itself, so that an
# ended apply can always be replayed.
Events = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that is known once an apply is finished; stored in one transaction."""

    merged: str
    engine: str
    confidence: str
    hunks: Sequence[DiffHunk]
    notes: Sequence[Mapping[str, Any]]
    checks: Sequence[Mapping[str, Any]]
    support: Mapping[str, Any]
    stats: Mapping[str, Any]
    events: Events


def create_apply(
    owner: User,
    *,
    original: str,
    chat: str,
    path: str = "",
    language: str = "",
    engine: str,
) -> Apply:
    """A queued apply. Without a path it is for the file that every piece of the chat names; where neither path nor
    language is known, the language is that of the chat's code. Errors: Refused, with nothing stored, for texts that are
    too large, binary or empty of code."""
    path = clean_path(path)
    check_text(original, "original")
    check_text(chat, "chat")
    if not chat.strip():
        raise Refused("required", "The chat is empty. Paste the assistant's whole answer.", "chat")
    answer = chats.parse(chat)
    if not answer.edits:
        raise Refused("no_code", "The chat holds no code to apply. Paste the answer with its code blocks.", "chat")
    path = path or _named(answer)
    with transaction.atomic():
        require_room(owner)
        return Apply.objects.create(
            owner=owner,
            path=path,
            language=languages.guess(path, language or chats.spoken_language(answer), original).name,
            engine=engine,
            original=store_text(original),
            chat=store_text(chat),
        )


def _named(answer: chats.Answer) -> str:
    """The one path that all pieces of an answer have of their own, "" where there is none that can be used."""
    names = {edit.path if edit.path_source == "own" else "" for edit in answer.edits}
    try:
        return clean_path(names.pop()) if len(names) == 1 else ""
    except Refused:
        return ""  # the person gave none, so there is nothing to refuse


@transaction.atomic
def begin_attempt(apply_id: str) -> Apply | None:
    """The apply, running, with one more attempt counted; None where it has ended or was asked to stop meanwhile."""
    # The row is locked so that a stop or a second worker cannot pass between the look and the write.
    apply = Apply.objects.select_for_update().filter(pk=apply_id).first()
    if apply is None or not apply.is_open or apply.stop_requested:
        return None
    apply.status = Status.RUNNING
    apply.attempt += 1
    apply.started_at = timezone.now()
    apply.save(update_fields=["status", "attempt", "started_at"])
    return apply


@transaction.atomic
def finish_apply(apply_id: str, attempt: int, outcome: Outcome) -> bool:
    """Stores the outcome; False where this attempt no longer owns the apply (stopped, or begun again elsewhere)."""
    apply = _own(apply_id, attempt)
    if apply is None:
        return False
    apply.merged = store_text(outcome.merged)
    apply.engine_used = outcome.engine
    apply.confidence = outcome.confidence
    apply.notes = list(outcome.notes)
    apply.checks = list(outcome.checks)
    apply.support = dict(outcome.support)
    apply.stats = dict(outcome.stats)
    apply.events = archive_events(outcome.events)
    apply.status = Status.FINISHED
    apply.ended_at = timezone.now()
    apply.save()
    settle_early(apply, store_hunks(apply, outcome.hunks))
    return True


@transaction.atomic
def fail_apply(
    apply_id: str,
    attempt: int,
    *,
    code: str,
    message: str,
    events: Events,
    partial: str = "",
    notes: Sequence[Mapping[str, Any]] = (),
    stats: Mapping[str, Any] | None = None,
) -> bool:
    """Ends an apply as failed. `partial` is what had been written: seen on the page, never a result."""
    apply = _own(apply_id, attempt)
    if apply is None:
        return False
    apply.status = Status.FAILED
    apply.error = {"code": code, "message": message}
    apply.notes = list(notes)
    apply.stats = dict(stats or {})
    apply.events = archive_events(events)
    apply.partial = store_text(partial) if partial else None
    apply.ended_at = timezone.now()
    apply.save()
    return True


@transaction.atomic
def request_stop(apply: Apply) -> None:
    """Marks the wish to stop, so that no attempt begins any more. Errors: Refused where the apply has ended."""
    locked = Apply.objects.select_for_update().get(pk=apply.pk)
    if not locked.is_open:
        raise Refused("already_ended", f"This apply has already ended: it is {locked.status}.")
    locked.stop_requested = True
    locked.save(update_fields=["stop_requested"])


@transaction.atomic
def mark_stopped(apply_id: str, *, events: Events, partial: str = "") -> bool:
    """Ends an apply as stopped; False where it had ended before the stop arrived."""
    apply = Apply.objects.select_for_update().filter(pk=apply_id).first()
    if apply is None or not apply.is_open:
        return False
    apply.status = Status.STOPPED
    apply.events = archive_events(events)
    apply.partial = store_text(partial) if partial else None
    apply.ended_at = timezone.now()
    apply.save()
    return True


def _own(apply_id: str, attempt: int) -> Apply | None:
    # Locked: only the attempt that still owns the apply may end it, once.
    apply = Apply.objects.select_for_update().filter(pk=apply_id, attempt=attempt).first()
    return apply if apply is not None and apply.status == Status.RUNNING else None


def store_hunks(apply: Apply, hunks: Iterable[DiffHunk]) -> list[Hunk]:
    """The hunks of an apply's diff, in order."""
    return Hunk.objects.bulk_create(
        Hunk(
            apply=apply,
            key=hunk.id,
            position=position,
            old_start=hunk.old_start,
            old_end=hunk.old_end,
            new_start=hunk.new_start,
            new_end=hunk.new_end,
        )
        for position, hunk in enumerate(hunks)
    )


def archive_events(events: Events) -> Blob:
    """An event log as it is kept."""
    return store_bytes(json.dumps(list(events), ensure_ascii=False, separators=(",", ":")).encode())
