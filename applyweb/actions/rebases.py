"""A review carried over to the file as it was edited meanwhile: a new version of the apply, and the old one stays as it
is, with all its history.

Must not know: requests, how a rebase is worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from applyweb.actions.applies import archive_events, store_hunks
from applyweb.actions.blobs import store_text
from applyweb.actions.errors import Refused
from applyweb.core.parts import Part, Parts, Point, starts
from applyweb.core.rebase import Rebased
from applyweb.models import Apply, Comment, Decision, Discussion, Hunk, Proposal, Review, Status, Thread, User


@dataclass(frozen=True, slots=True)
class NewBase:
    """What a new version is made of. `seen` are the versions of all reviews, by person, that `rebased` was made of, in
    the order of its layouts."""

    original: str
    rebased: Rebased
    seen: Mapping[int, int]
    confidence: str
    checks: Sequence[Mapping[str, Any]]
    support: Mapping[str, Any]


@transaction.atomic
def rebase_apply(apply: Apply, person: User, base: NewBase, version: int | None = None) -> Apply:
    """The new version, finished. `version` is that of the person's review when they said so. Errors: Refused
    `changed_meanwhile` where a review is not as it was seen."""
    # Locked, so that no decision can be made between the look and the copy, and be missing from the new version.
    now = dict(Review.objects.select_for_update().filter(apply=apply).values_list("person_id", "version"))
    if now != base.seen or (version is not None and version != now.get(person.pk, 0)):
        raise Refused("changed_meanwhile", "The review was changed meanwhile. Look at what would become of it now.")
    fresh = _new_version(apply, base, _take_place(apply))
    hunks = store_hunks(fresh, base.rebased.hunks)
    for person_id, layout in zip(base.seen, base.rebased.layouts, strict=True):
        _carry_review(Review.objects.create(apply=fresh, person_id=person_id, version=1), hunks, layout)
    _carry_threads(apply, fresh, base.rebased)
    return fresh


def _take_place(apply: Apply) -> dict[str, Any]:
    """The place in a changeset of the apply, or of the later version that has it, which is free from now on."""
    family = [apply.pk]
    while family:
        # Locked, so that two new versions made at once do not both take the place.
        holder = Apply.objects.select_for_update().filter(pk__in=family, changeset__isnull=False).first()
        if holder is not None:
            Apply.objects.filter(pk=holder.pk).update(changeset=None, position=0)
            return {"changeset_id": holder.changeset_id, "position": holder.position}
        family = list(Apply.objects.filter(rebased_from__in=family).values_list("pk", flat=True))
    return {}


def _new_version(apply: Apply, base: NewBase, place: Mapping[str, Any]) -> Apply:
    now = timezone.now()
    total = len(base.rebased.hunks)
    conflicts = _conflict_notes(len(base.rebased.conflicts))
    confidence = "unsure" if conflicts else base.confidence
    merged = store_text(base.rebased.merged)
    # how likely the merge was right was weighed for the base before: of lines in conflict it says nothing
    stats = {key: value for key, value in apply.stats.items() if not (conflicts and key == "probability")}
    event = {
        "seq": 1,
        "type": "finished",
        "status": Status.FINISHED,
        "confidence": confidence,
        "engine": apply.engine_used,
        "hunks": {"total": total, "accepted": 0, "rejected": 0, "pending": total},
        "merged_sha256": merged.pk,
        "stats": stats,
    }
    return Apply.objects.create(
        owner=apply.owner,
        shared=apply.shared,
        path=apply.path,
        language=apply.language,
        engine=apply.engine,
        engine_used=apply.engine_used,
        status=Status.FINISHED,
        confidence=confidence,
        original=store_text(base.original),
        chat=apply.chat,
        merged=merged,
        events=archive_events([event]),
        notes=[*apply.notes, *conflicts],
        checks=list(base.checks),
        support=dict(base.support),
        stats=stats,
        attempt=1,
        started_at=now,
        ended_at=now,
        rebased_from=apply,
        rebase=_told(base),
        hidden=apply.hidden,
        **place,
    )


def _conflict_notes(count: int) -> list[dict[str, Any]]:
    """Why a version with conflicts is unsure, as a note of the merge."""
    if not count:
        return []
    what = "One change conflicts" if count == 1 else f"{count} changes conflict"
    message = f"{what} with the file as it is now; the lines of both stand below."
    return [{"code": "conflict", "message": message, "severity": "warning", "chat_line": 0}]


def _told(base: NewBase) -> dict[str, Any]:
    """What `Apply.rebase` keeps."""
    had = dict(zip(base.seen, base.rebased.had, strict=True))
    return {
        "fates": [[fate.hunk, fate.state, list(fate.to)] for fate in base.rebased.fates],
        "conflicts": {
            key: {**asdict(conflict), "had": {person: each[key] for person, each in had.items()}}
            for key, conflict in base.rebased.conflicts.items()
        },
    }


def _carry_review(review: Review, hunks: Sequence[Hunk], layout: Mapping[str, Parts]) -> None:
    """The decisions are where the review of the new version begins: no step of it undoes them."""
    Decision.objects.bulk_create(
        Decision(
            review=review,
            hunk=hunk,
            position=position,
            removed=part.removed,
            added=part.added,
            verdict=part.verdict,
            reason=part.reason,
            text=None if part.text is None else store_text(part.text),
            joined=part.joined,
            proposal=_carried_proposal(hunk, start, part),
        )
        for hunk in hunks
        for position, (start, part) in enumerate(zip(starts(layout[hunk.key]), layout[hunk.key], strict=True))
        if len(layout[hunk.key]) > 1 or part.verdict != "pending" or not part.is_plain
    )


def _carried_proposal(hunk: Hunk, start: Point, part: Part) -> Proposal | None:
    """A copy of the later proposal that stands in a part, on the hunk that this is of now. Those that nobody took stay
    with the version before."""
    if part.proposal is None or part.text is None:
        return None
    proposal = Proposal.objects.get(pk=part.proposal)
    asked = proposal.created_at
    proposal.pk, proposal.hunk = None, hunk
    proposal.removed_start, proposal.added_start = start
    proposal.removed, proposal.added = part.removed, part.added
    proposal.text = store_text(part.text)
    proposal._state.adding = True
    proposal.save()
    Proposal.objects.filter(pk=proposal.pk).update(created_at=asked)
    return proposal


def _carry_threads(apply: Apply, fresh: Apply, rebased: Rebased) -> None:
    """Copies of all threads, each at the line and hunk that its own became; what is gone is found again by its text, or
    shown as gone."""
    became = {fate.hunk: fate.to[0] if fate.to else "" for fate in rebased.fates}
    places = {"old": rebased.old_lines, "new": rebased.new_lines}
    copied = False
    for thread in apply.threads.prefetch_related("comments"):
        comments = list(thread.comments.all())
        lines = places[thread.side]
        place = lines[thread.line - 1] if thread.line <= len(lines) else None
        begun = thread.created_at
        thread.pk, thread.apply = None, fresh
        thread.hunk_key = became.get(thread.hunk_key, "")
        thread.line = thread.line if place is None else place + 1
        thread._state.adding = True
        thread.save()
        Thread.objects.filter(pk=thread.pk).update(created_at=begun)
        _carry_comments(thread, comments)
        copied = True
    if copied:
        Discussion.objects.create(apply=fresh, version=1)


def _carry_comments(thread: Thread, comments: Sequence[Comment]) -> None:
    written = [comment.created_at for comment in comments]
    for comment in comments:
        comment.pk, comment.thread = None, thread
    # The table gives each new row the present time, so the time of writing is put back.
    copies = Comment.objects.bulk_create(comments)
    for copy, moment in zip(copies, written, strict=True):
        copy.created_at = moment
    Comment.objects.bulk_update(copies, ["created_at"])
