"""One person's decisions on one apply, each change one undoable step. Must not know: requests, sockets.

`seen` and `seen_text` are what the person saw when deciding, as actions.seen tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from django.conf import settings
from django.db import transaction

from applyweb.actions.errors import Refused
from applyweb.actions.seen import require_seen, require_text_seen
from applyweb.actions.steps import Taken, changed, record_steps, rows_of, take_steps, write_steps
from applyweb.core import parts as core
from applyweb.core.anew import usual_end
from applyweb.core.parts import Layout, Parts
from applyweb.core.text import TextError, require_text
from applyweb.models import Apply, Hunk, Review, Status, Step, User
from applyweb.queries.applies import hunks_of, texts_of
from applyweb.queries.layouts import layout
from applyweb.queries.proposals import extent_of, place_at
from applyweb.queries.rebases import conflicts_of

Change = Callable[[Layout], Mapping[str, Parts]]
_HUNK_ID = re.compile(r"[0-9a-f]{12}(?:-[1-9][0-9]{0,6})?")
_MOST_EARLY = 5_000


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a hunk, counted from 0 and half open: some of those it removes, some of those it adds."""

    removed: range
    added: range


@transaction.atomic
def decide_hunk(
    apply: Apply, person: User, name: str, verdict: core.Verdict, reason: str = "", seen: str | None = None
) -> Review:
    """Sets the decision of one hunk or part, and of what is joined to it. While the apply is open the hunk is one that
    has settled: the verdict is kept for the end. Errors: Refused `not_finished`, `unknown_hunk`,
    `changed_meanwhile`."""
    if apply.is_open:
        # Locked, so that the end cannot pass between the look and the write: it takes what is here along.
        apply = Apply.objects.select_for_update().get(pk=apply.pk)
        if apply.is_open:
            return _decide_early(apply, person, name, verdict)
    return take_step(apply, person, lambda now: core.decide(now, name, verdict, reason), name, seen)


def _decide_early(apply: Apply, person: User, name: str, verdict: core.Verdict) -> Review:
    if not _HUNK_ID.fullmatch(name):
        raise Refused("unknown_hunk", f"There is no hunk {name!r} in this apply.")
    review, _ = Review.objects.get_or_create(apply=apply, person=person)
    early = {key: value for key, value in review.early.items() if key != name}
    if verdict != "pending":
        early[name] = verdict
    if len(early) > _MOST_EARLY:
        raise Refused("too_many", f"Up to {_MOST_EARLY:,} hunks can be decided before the end. Decide the rest then.")
    review.early = early
    changed([review])
    return review


def settle_early(apply: Apply, hunks: Sequence[Hunk]) -> None:
    """At the end of an apply, in its transaction: what was decided early becomes one step of each review, as far as
    there are hunks of these ids."""
    for review in Review.objects.select_for_update().filter(apply=apply).exclude(early={}):
        changes = [
            {
                "hunk": hunk.pk,
                "before": [],
                "after": rows_of((core.Part(*_size(hunk), verdict=cast(core.Verdict, review.early[hunk.key])),), {}),
            }
            for hunk in hunks
            if hunk.key in review.early
        ]
        known = {hunk.key for hunk in hunks}
        left = {key: verdict for key, verdict in review.early.items() if key not in known}
        if changes:
            step = Step(review=review, number=1, changes=changes)
            record_steps([step])
            write_steps([(review, step)], "after")
        review.early = left
        changed([review])


def _size(hunk: Hunk) -> tuple[int, int]:
    return hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start


@transaction.atomic
def decide_lines(
    apply: Apply,
    person: User,
    name: str,
    lines: Lines,
    verdict: core.Verdict,
    reason: str = "",
    seen: str | None = None,
) -> Review:
    """Sets the decision of some lines of a hunk; they become a part. Errors: as `decide_hunk`, and Refused
    `invalid`."""

    def change(now: Layout) -> Mapping[str, Parts]:
        hunk_id, _ = core.find(now, name)
        return {hunk_id: core.decide_lines(now[hunk_id], lines.removed, lines.added, verdict, reason)}

    return take_step(apply, person, change, name, seen)


@transaction.atomic
def cut_hunk(apply: Apply, person: User, name: str, at: core.Point) -> Review:
    """Cuts a hunk where `at` of its removed and added lines stand above. Errors: Refused `not_finished`,
    `unknown_hunk`, `invalid`."""

    def change(now: Layout) -> Mapping[str, Parts]:
        hunk_id, _ = core.find(now, name)
        return {hunk_id: core.cut(now[hunk_id], at)}

    return take_step(apply, person, change, name)


@transaction.atomic
def join_hunk(apply: Apply, person: User, name: str, *, joined: bool) -> Review:
    """Joins a hunk or part to the one before it, or lets it go. Errors: as `cut_hunk`."""
    return take_step(apply, person, lambda now: core.join(now, name, joined=joined), name)


@transaction.atomic
def write_hunk(
    apply: Apply, person: User, name: str, text: str | None, seen: str | None = None, seen_text: str | None = None
) -> Review:
    """Accepts one hunk or part with the person's own text in place of the proposed lines, with the file's line ends;
    None goes back to the proposed lines. Errors: as `decide_hunk`, and Refused `invalid`, `too_large`, `binary`,
    `undecodable`."""

    def change(now: Layout) -> Mapping[str, Parts]:
        if seen is not None:
            require_text_seen(now, name, seen_text)
        wanted = None if text is None else _fitting(apply, now, name, text)
        return core.write(now, name, wanted)

    return take_step(apply, person, change, name, seen)


@transaction.atomic
def keep_both(
    apply: Apply,
    person: User,
    name: str,
    first: Literal["original", "proposed"],
    seen: str | None = None,
    seen_text: str | None = None,
) -> Review:
    """Accepts one hunk or part with the lines that it removes and those that it proposes, one below the other, as the
    person's own text. Errors: as `write_hunk`, `invalid` also where one of the two has no lines."""

    def change(now: Layout) -> Mapping[str, Parts]:
        if seen is not None:
            require_text_seen(now, name, seen_text)
        extent = extent_of(now, name)
        if extent is None:
            raise core.BadCut("This hunk has several parts. Keep both sides of one of them.")
        texts = texts_of(apply)
        place = place_at(texts, apply.hunks.get(key=core.find(now, name)[0]), extent)
        if not place.original or not place.proposed:
            raise core.BadCut("Only one of the two sides has lines here.")
        return core.write(now, name, place.both(first, usual_end(texts.original, texts.merged or "")))

    return take_step(apply, person, change, name, seen)


@transaction.atomic
def decide_all(
    apply: Apply,
    person: User,
    verdict: core.Verdict,
    version: int | None = None,
    *,
    rest: bool = False,
) -> Review:
    """Sets the decision of every hunk, of undecided ones alone for `rest`, as one step; a conflict, and what is joined
    to it, is accepted only by itself. Errors: Refused `not_finished`, `changed_meanwhile`."""
    held = conflicts_of(apply) if verdict == "accepted" else ()
    return take_step(apply, person, lambda now: core.decide_all(now, verdict, rest=rest, held=held), version=version)


@transaction.atomic
def undo_step(apply: Apply, person: User, version: int | None = None) -> Review:
    """Takes back the newest step that still stands. Errors: Refused `nothing_to_undo`, `changed_meanwhile`."""
    review = _locked_review(apply, person, version)
    step = _step_at(review, review.undone)
    if step is None:
        raise Refused("nothing_to_undo", "There is nothing to undo.")
    review.undone += 1
    write_steps([(review, step)], "before")
    return review


@transaction.atomic
def redo_step(apply: Apply, person: User, version: int | None = None) -> Review:
    """Makes the oldest undone step again. Errors: Refused `nothing_to_redo`, `changed_meanwhile`."""
    review = _locked_review(apply, person, version)
    if review.undone == 0:
        raise Refused("nothing_to_redo", "There is nothing to redo.")
    review.undone -= 1
    step = _step_at(review, review.undone)
    if step is None:
        raise Refused("nothing_to_redo", "There is nothing to redo.")
    write_steps([(review, step)], "after")
    return review


def _locked_review(apply: Apply, person: User, version: int | None = None) -> Review:
    if apply.status != Status.FINISHED:
        raise Refused("not_finished", f"Hunks can be decided when the apply is finished; it is {apply.status}.")
    Review.objects.get_or_create(apply=apply, person=person)
    # Locked, so that two windows of one person take their steps one after the other and none is lost.
    review = Review.objects.select_for_update().get(apply=apply, person=person)
    if version is not None and version != review.version:
        raise Refused("changed_meanwhile", "Your review was changed in another window meanwhile; it is shown now.")
    return review


def take_step(
    apply: Apply,
    person: User,
    change: Change,
    name: str | None = None,
    seen: str | None = None,
    *,
    version: int | None = None,
) -> Review:
    """One undoable step, to the hunks that `change` gives from all as they stand. Errors: as `decide_lines`."""
    review = _locked_review(apply, person, version)
    hunks = hunks_of(apply)
    now = layout(hunks, review)
    try:
        if name is not None and seen is not None:
            require_seen(now, name, seen)
        after = {**now, **change(now)}
    except core.UnknownPart as error:
        raise Refused("unknown_hunk", str(error)) from error
    except core.BadCut as error:
        raise Refused("invalid", str(error)) from error
    take_steps([Taken(review, hunks, now, after)])
    return review


def _fitting(apply: Apply, now: Layout, name: str, text: str) -> str | None:
    """The text with the file's line ends, its last line ending as the one that it replaces; None where it is what was
    proposed."""
    texts = texts_of(apply)
    if len(text.encode("utf-8", "replace")) > settings.TEXT_LIMIT:
        raise Refused("too_large", f"The text may have {settings.TEXT_LIMIT:,} bytes.", "text")
    try:
        require_text(text)
    except TextError as error:
        raise Refused(error.code, str(error), "text") from error
    extent = extent_of(now, name)
    if extent is None:
        return text  # of several parts: core says no
    place = place_at(texts, apply.hunks.get(key=core.find(now, name)[0]), extent)
    wanted = place.fitted(text, usual_end(texts.original, texts.merged or ""))
    return None if wanted == "".join(place.proposed) else wanted


def _step_at(review: Review, newer: int) -> Step | None:
    return review.steps.filter(number=review.steps.count() - newer).first()
