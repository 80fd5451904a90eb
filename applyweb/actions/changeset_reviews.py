"""Deciding on all files of a changeset at once: one step of the person's, that goes back and forth at once too. Each
file's part of it is a step of the file's own review. However many files there are, the queries are as many as for one.

Must not know: requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from applyweb.actions.errors import RefusalCode, Refused
from applyweb.actions.steps import Taken, step_counts, take_steps, write_steps
from applyweb.core.decisions import count
from applyweb.core.parts import decide_all
from applyweb.models import Apply, Changeset, Hunk, Review, Status, Step, User
from applyweb.models.apply import new_public_id
from applyweb.queries.applies import as_diff_hunk
from applyweb.queries.changesets import hunks_by_apply
from applyweb.queries.doubts import doubts_by_hunk, doubts_of_file
from applyweb.queries.layouts import layouts_of_all
from applyweb.queries.rebases import conflicts_of


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """What became of one file: how many hunks were `accepted` by this, how many are `left` undecided, the version of
    the review that it left, and the `doubts` about the file as a whole, for which none of its hunks was accepted."""

    id: str
    path: str
    accepted: int
    left: int
    version: int
    doubts: list[str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """`step` names what was done, for undo and redo; "" where nothing was."""

    step: str
    files: list[AcceptedFile]


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file of a step that went back or forth: not this one where `stays`, as something was decided in it since."""

    id: str
    path: str
    stays: bool


@transaction.atomic
def accept_changeset(changeset: Changeset, person: User) -> Accepted:
    """Accepts every undecided hunk that nothing speaks against, in every file with a result. Hunks that nobody asked
    for or that are in doubt, conflicts, what is joined to one of these, and files that are in doubt as a whole wait for
    a decision of their own. Errors: Refused `not_finished` while a file is being written."""
    applies = list(Apply.objects.filter(changeset=changeset).order_by("position"))
    if any(apply.is_open for apply in applies):
        raise Refused("not_finished", "Some files are still being written. Accept all when they have ended.")
    files = [apply for apply in applies if apply.status == Status.FINISHED]
    found = hunks_by_apply(changeset)
    hunks = {apply.pk: found.get(apply.pk, []) for apply in files}
    doubts = {apply.pk: _doubts(apply, hunks[apply.pk]) for apply in files}
    sound = [apply for apply in files if not doubts[apply.pk]]
    reviews = _locked_reviews(files, sound, person)
    before = layouts_of_all(changeset, person, hunks)
    after = dict(before)
    for apply in sound:
        held = _held(apply, hunks[apply.pk])
        after[apply.pk] = decide_all(before[apply.pk], "accepted", rest=True, held=held)
    step = new_public_id()
    take_steps([Taken(reviews[pk], hunks[pk], before[pk], after[pk]) for pk in (apply.pk for apply in sound)], step)
    told = []
    for apply in files:
        pending, left = count(before[apply.pk]).pending, count(after[apply.pk]).pending
        why = doubts[apply.pk] if left else []
        version = reviews[apply.pk].version if apply.pk in reviews else 0
        told.append(AcceptedFile(apply.pk, apply.path, pending - left, left, version, why))
    return Accepted(step if any(file.accepted for file in told) else "", told)


@transaction.atomic
def undo_changeset(changeset: Changeset, person: User, step: str | None = None) -> list[ReturnedFile]:
    """Takes back the newest step through several files, or the one of that name, in every file where nothing was
    decided since. Errors: Refused `nothing_to_undo`."""
    return _return(changeset, person, step, "undo")


@transaction.atomic
def redo_changeset(changeset: Changeset, person: User, step: str | None = None) -> list[ReturnedFile]:
    """Makes the oldest undone step through several files again, or the one of that name. Errors: Refused
    `nothing_to_redo`."""
    return _return(changeset, person, step, "redo")


def _doubts(apply: Apply, hunks: Sequence[Hunk]) -> list[str]:
    """What speaks against the file as a whole."""
    found = doubts_of_file(apply, [as_diff_hunk(hunk) for hunk in hunks])
    return found or (["The merge is unsure."] if apply.confidence == "unsure" else [])


def _held(apply: Apply, hunks: Sequence[Hunk]) -> set[str]:
    doubtful = doubts_by_hunk(apply, [as_diff_hunk(hunk) for hunk in hunks])
    return {*apply.support.get("unjustified", ()), *doubtful, *conflicts_of(apply)}


def _locked_reviews(applies: Sequence[Apply], wanted: Sequence[Apply], person: User) -> dict[str, Review]:
    """By the apply's id, made for those `wanted` that have none yet."""
    Review.objects.bulk_create([Review(apply=apply, person=person) for apply in wanted], ignore_conflicts=True)
    # Locked, so that two windows of one person take their steps one after the other and none is lost.
    rows = Review.objects.select_for_update().filter(apply__in=applies, person=person).order_by("pk")
    return {review.apply_id: review for review in rows}


def _return(changeset: Changeset, person: User, step: str | None, way: Literal["undo", "redo"]) -> list[ReturnedFile]:
    # Locked as for accepting; always in one order, so that no two wait for each other.
    rows = Review.objects.select_for_update().filter(apply__changeset=changeset, person=person).order_by("pk")
    reviews = {review.pk: review for review in rows}
    standing = {pk: total - reviews[pk].undone for pk, total in step_counts(reviews.values()).items()}
    steps = [
        each
        for each in Step.objects.filter(review__in=reviews).exclude(together="").defer("changes").order_by("pk")
        if (each.number <= standing[each.review_id]) == (way == "undo") and step in (None, each.together)
    ]
    next_to = {pk: number if way == "undo" else number + 1 for pk, number in standing.items()}
    ready = [each for each in steps if each.number == next_to[each.review_id]]
    if not ready:
        since = " Something was decided in each of these files since: undo that in the file." if steps else ""
        code: RefusalCode = "nothing_to_undo" if way == "undo" else "nothing_to_redo"
        raise Refused(code, f"There is nothing in several files to {way}.{since}")
    together = (ready[-1] if way == "undo" else ready[0]).together
    going = [each.pk for each in ready if each.together == together]
    for pk in {each.review_id for each in ready if each.together == together}:
        reviews[pk].undone += 1 if way == "undo" else -1
    taken = [(reviews[each.review_id], each) for each in Step.objects.filter(pk__in=going).order_by("pk")]
    write_steps(taken, "before" if way == "undo" else "after")
    paths = dict(Apply.objects.filter(changeset=changeset).values_list("pk", "path"))
    return [
        ReturnedFile(apply_id, paths[apply_id], each.pk not in going)
        for each in steps
        if each.together == together and (apply_id := reviews[each.review_id].apply_id)
    ]
