"""Deciding on all files of a changeset at once, each file's part of it one undoable step. Must not know: requests."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from applyweb.actions.errors import Refused
from applyweb.actions.reviews import decide_all
from applyweb.models import OPEN, Apply, Changeset, Status, User
from applyweb.queries.applies import diff_hunks_of
from applyweb.queries.doubts import doubts_by_hunk
from applyweb.queries.reviews import review_state


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """What became of one file: how many hunks were `accepted` by this, how many are `left` undecided, and the
    version of the review that it left."""

    id: str
    path: str
    accepted: int
    left: int
    version: int


@transaction.atomic
def accept_changeset(changeset: Changeset, person: User) -> list[AcceptedFile]:
    """Accepts every undecided hunk that nothing speaks against, in every file with a result. Files whose result is
    unsure, hunks that nobody asked for or that are in doubt, and conflicts wait for a decision of their own. Errors:
    Refused `not_finished` while a file is being written."""
    applies = Apply.objects.filter(changeset=changeset).order_by("position")
    if applies.filter(status__in=OPEN).exists():
        raise Refused("not_finished", "Some files are still being written. Accept all when they have ended.")
    return [_accept(apply, person) for apply in applies.filter(status=Status.FINISHED)]


def _accept(apply: Apply, person: User) -> AcceptedFile:
    before = review_state(apply, person)
    if apply.confidence != "unsure" and before.counts.pending:
        doubtful = {*apply.support.get("unjustified", ()), *doubts_by_hunk(apply, diff_hunks_of(apply))}
        decide_all(apply, person, "accepted", rest=True, but=doubtful)
    after = review_state(apply, person)
    left = after.counts.pending
    return AcceptedFile(apply.id, apply.path, before.counts.pending - left, left, after.version)
