"""One person's decisions on one apply, each change one undoable step. Must not know: requests, sockets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from applyweb.actions.errors import Refused
from applyweb.actions.notices import review_changed
from applyweb.models import Apply, Decision, Hunk, Review, Status, Step, User, Verdict

State = tuple[str, str]  # verdict, reason
_PENDING: State = (Verdict.PENDING, "")


@transaction.atomic
def decide_hunk(apply: Apply, person: User, key: str, verdict: Verdict, reason: str = "") -> Review:
    """Sets the decision of one hunk. Errors: Refused `not_finished`, `unknown_hunk`."""
    review = _locked_review(apply, person)
    hunk = apply.hunks.filter(key=key).first()
    if hunk is None:
        raise Refused("unknown_hunk", f"There is no hunk {key!r} in this apply.")
    after = (verdict, "" if verdict == Verdict.PENDING else reason)
    return _take_step(review, [(hunk, after)])


@transaction.atomic
def decide_all(apply: Apply, person: User, verdict: Verdict) -> Review:
    """Sets the decision of every hunk, as one step. Errors: Refused `not_finished`."""
    review = _locked_review(apply, person)
    return _take_step(review, [(hunk, (verdict, "")) for hunk in apply.hunks.all()])


@transaction.atomic
def undo_step(apply: Apply, person: User) -> Review:
    """Takes back the newest step that still stands. Errors: Refused `nothing_to_undo`."""
    review = _locked_review(apply, person)
    step = _step_at(review, review.undone)
    if step is None:
        raise Refused("nothing_to_undo", "There is nothing to undo.")
    review.undone += 1
    return _write(review, step, "before")


@transaction.atomic
def redo_step(apply: Apply, person: User) -> Review:
    """Makes the oldest undone step again. Errors: Refused `nothing_to_redo`."""
    review = _locked_review(apply, person)
    if review.undone == 0:
        raise Refused("nothing_to_redo", "There is nothing to redo.")
    review.undone -= 1
    step = _step_at(review, review.undone)
    if step is None:
        raise Refused("nothing_to_redo", "There is nothing to redo.")
    return _write(review, step, "after")


def _locked_review(apply: Apply, person: User) -> Review:
    if apply.status != Status.FINISHED:
        raise Refused("not_finished", f"Hunks can be decided when the apply is finished; it is {apply.status}.")
    Review.objects.get_or_create(apply=apply, person=person)
    # Locked, so that two windows of one person take their steps one after the other and none is lost.
    return Review.objects.select_for_update().get(apply=apply, person=person)


def _take_step(review: Review, wanted: Iterable[tuple[Hunk, State]]) -> Review:
    standing = {decision.hunk_id: (decision.verdict, decision.reason) for decision in review.decisions.all()}
    changes = [
        {"hunk": hunk.pk, "before": list(before), "after": list(after)}
        for hunk, after in wanted
        if (before := standing.get(hunk.pk, _PENDING)) != after
    ]
    if not changes:
        return review
    count = review.steps.count()
    review.steps.filter(number__gt=count - review.undone).delete()  # a new step ends what could be redone
    step = Step.objects.create(review=review, number=count - review.undone + 1, changes=changes)
    review.undone = 0
    return _write(review, step, "after")


def _step_at(review: Review, newer: int) -> Step | None:
    return review.steps.filter(number=review.steps.count() - newer).first()


def _write(review: Review, step: Step, side: str) -> Review:
    changes: list[dict[str, Any]] = step.changes
    review.decisions.filter(hunk_id__in=[change["hunk"] for change in changes]).delete()
    Decision.objects.bulk_create(
        Decision(review=review, hunk_id=change["hunk"], verdict=verdict, reason=reason)
        for change in changes
        for verdict, reason in [change[side]]
        if verdict != Verdict.PENDING
    )
    review.version += 1
    review.save(update_fields=["version", "undone"])
    transaction.on_commit(lambda: review_changed(review.apply_id, review.person_id, review.version))
    return review
