"""Other lines for a hunk, asked for with a note: begun, ended, stopped, and taken as a decision.

Must not know: engines' insides, requests, sockets. Nothing of a proposal changes a review until a person takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from applyweb.actions.blobs import store_text
from applyweb.actions.errors import Refused
from applyweb.actions.notices import proposals_changed
from applyweb.actions.reviews import take_step
from applyweb.actions.seen import require_seen, require_text_seen
from applyweb.core import parts as core
from applyweb.core.parts import Layout, Parts
from applyweb.core.text import TextError, require_text
from applyweb.models import OPEN, Apply, Hunk, Proposal, Review, Status, User
from applyweb.queries.layouts import layout_of_some
from applyweb.queries.proposals import extent_of, find_proposal

LONGEST_NOTE = 2_000  # characters
MOST_LINES = 400  # removed and added ones, of a part that can be asked about
MOST_OPEN = 8  # requests of one person at once, over all applies
MOST = 20  # finished ones of one person for one hunk
_ENDED_WITHOUT = (Status.FAILED, Status.STOPPED)


@transaction.atomic
def ask_again(apply: Apply, person: User, name: str, note: str, engine: str, seen: str | None = None) -> Proposal:
    """A queued request for other lines of one hunk or part; what failed before for the same hunk is forgotten. `seen`:
    as in `reviews`. Errors: Refused `not_finished`, `unknown_hunk`, `changed_meanwhile`, `already_asked`, `too_many`,
    `invalid`, and for the note `required`, `too_large`, `binary`, `undecodable`."""
    note = _clean(note)
    if apply.merged_id is None:
        raise Refused("not_finished", f"Hunks can be asked for again when the apply is finished; it is {apply.status}.")
    key = name.partition(".")[0]
    # Locked, so that two windows cannot both find that nothing runs for this hunk.
    hunk = Hunk.objects.select_for_update().filter(apply=apply, key=key).first()
    if hunk is None:
        raise Refused("unknown_hunk", f"There is no hunk or part {name!r} in this apply.")
    extent = _extent(apply, person, name, seen)
    removed_start, added_start, removed, added = extent
    if removed + added > MOST_LINES:
        message = f"This hunk has {removed + added} lines; up to {MOST_LINES} can be asked for again. Cut it first."
        raise Refused("invalid", message)
    mine = Proposal.objects.filter(person=person)
    if mine.filter(hunk=hunk, status__in=OPEN).exists():
        raise Refused("already_asked", "Other lines for this hunk are being written already. Wait, or stop that first.")
    if mine.filter(status__in=OPEN).count() >= MOST_OPEN:
        raise Refused("too_many", f"{MOST_OPEN} hunks are being written for you. Wait for one, or stop one.")
    if mine.filter(hunk=hunk, status=Status.FINISHED).count() >= MOST:
        raise Refused(
            "too_many", f"A hunk can have {MOST} more proposals. Take one of them, or write the lines yourself."
        )
    mine.filter(hunk=hunk, status__in=_ENDED_WITHOUT).delete()
    proposal = Proposal.objects.create(
        hunk=hunk,
        person=person,
        removed_start=removed_start,
        removed=removed,
        added_start=added_start,
        added=added,
        engine=engine,
        note=note,
    )
    _tell(proposal)
    return proposal


@transaction.atomic
def begin_proposal(proposal_id: int) -> Proposal | None:
    """The proposal, running, with one more attempt counted and the apply's texts loaded; None where it has ended."""
    # Locked, so that a stop cannot pass between the look and the write.
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id, status__in=OPEN).first()
    if proposal is None:
        return None
    proposal.status = Status.RUNNING
    proposal.attempt += 1
    proposal.save(update_fields=["status", "attempt"])
    _tell(proposal)
    return Proposal.objects.select_related("hunk__apply__original", "hunk__apply__chat", "hunk__apply__merged").get(
        pk=proposal_id
    )


@transaction.atomic
def finish_proposal(
    proposal_id: int, attempt: int, text: str, doubts: Sequence[Mapping[str, str]], stats: Mapping[str, Any]
) -> bool:
    """Stores what was written; False where this attempt no longer owns it (stopped, or begun again)."""
    proposal = _own(proposal_id, attempt)
    if proposal is None:
        return False
    same = Proposal.objects.filter(hunk=proposal.hunk_id, person=proposal.person_id, status=Status.FINISHED)
    numbers = [each.number or 1 for each in same if each.extent == proposal.extent]
    proposal.number = 1 + max(numbers, default=1)
    proposal.text = store_text(text)
    proposal.doubts = [dict(doubt) for doubt in doubts]
    proposal.stats = dict(stats)
    _end(proposal, Status.FINISHED)
    return True


@transaction.atomic
def fail_proposal(proposal_id: int, attempt: int, code: str, message: str) -> bool:
    """Ends it as failed; nothing of what was written is kept. False as in `finish_proposal`."""
    proposal = _own(proposal_id, attempt)
    if proposal is None:
        return False
    proposal.error = {"code": code, "message": message}
    _end(proposal, Status.FAILED)
    return True


@transaction.atomic
def stop_proposal(apply: Apply, person: User, name: str, proposal_id: int) -> Proposal:
    """Stops one that is open, or forgets one that failed or was stopped; what it was is returned. Errors: Refused
    `unknown_proposal`, `already_ended` where it is finished."""
    proposal = known_proposal(apply, person, name, proposal_id)
    if proposal.status == Status.FINISHED:
        raise Refused("already_ended", "It is written already. It stays beside the others, and changes nothing.")
    if proposal.is_open:
        _end(proposal, Status.STOPPED)
    else:
        Proposal.objects.filter(pk=proposal.pk).delete()
        _tell(proposal)
    return proposal


@transaction.atomic
def take_proposal(
    apply: Apply, person: User, name: str, proposal_id: int, seen: str | None = None, seen_text: str | None = None
) -> Review:
    """Accepts a hunk or part with the lines of a later proposal; the others stay beside it. Errors: as
    `reviews.decide_hunk`, and Refused `unknown_proposal`, `invalid`; `changed_meanwhile` also where the hunk was cut or
    joined since."""
    proposal = known_proposal(apply, person, name, proposal_id)
    if proposal.text is None:
        raise Refused("invalid", f"This proposal cannot be taken: it is {proposal.status}.")
    text = proposal.text.text

    def change(now: Layout) -> Mapping[str, Parts]:
        if seen is not None:
            require_text_seen(now, name, seen_text)
        if extent_of(now, name) != proposal.extent:
            message = "The hunk was cut or joined since this was proposed. Undo that, or ask again."
            raise Refused("changed_meanwhile", message)
        return core.write(now, name, text, proposal.pk)

    return take_step(apply, person, change, name, seen)


def known_proposal(apply: Apply, person: User, name: str, proposal_id: int) -> Proposal:
    """Errors: Refused `unknown_proposal`."""
    proposal = find_proposal(apply, person, name, proposal_id)
    if proposal is None:
        raise Refused("unknown_proposal", f"There is no proposal {proposal_id} for this hunk.")
    return proposal


def _extent(apply: Apply, person: User, name: str, seen: str | None) -> tuple[int, int, int, int]:
    now = layout_of_some(apply, person, [name.partition(".")[0]])
    try:
        if seen is not None:
            require_seen(now, name, seen)
        extent = extent_of(now, name)
    except core.UnknownPart as error:
        raise Refused("unknown_hunk", str(error)) from error
    if extent is None:
        raise Refused("invalid", "This hunk has several parts. Ask again for one of them.")
    return extent


def _own(proposal_id: int, attempt: int) -> Proposal | None:
    # Locked: only the attempt that still owns it may end it, once.
    rows = Proposal.objects.select_for_update().filter(pk=proposal_id, attempt=attempt, status=Status.RUNNING)
    return rows.first()


def _end(proposal: Proposal, status: Status) -> None:
    proposal.status = status
    proposal.ended_at = timezone.now()
    proposal.save()
    _tell(proposal)


def _tell(proposal: Proposal) -> None:
    hunk, person = proposal.hunk, proposal.person_id
    transaction.on_commit(lambda: proposals_changed(hunk.apply_id, person, hunk.key))


def _clean(note: str) -> str:
    note = note.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not note:
        raise Refused("required", "The note is empty. Say what should be otherwise.", "note")
    if len(note) > LONGEST_NOTE:
        message = f"The note has {len(note):,} characters; the limit is {LONGEST_NOTE:,}."
        raise Refused("too_large", message, "note")
    try:
        return require_text(note)
    except TextError as error:
        raise Refused(error.code, "The note holds NUL or broken characters.", "note") from error
