"""A step of a review as it is kept, and the decisions that it leaves.

Must not know: what a step is about, who takes it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from applyweb.actions.blobs import store_text
from applyweb.actions.notices import review_changed
from applyweb.core.parts import Parts
from applyweb.models import Decision, Review, Step, StepText


def rows_of(parts: Parts) -> list[list[Any]]:
    """A hunk's parts as a step keeps them; none for one pending part."""
    if len(parts) == 1 and parts[0].verdict == "pending" and parts[0].is_plain:
        return []
    return [
        [part.removed, part.added, part.verdict, part.reason, _stored(part.text), part.joined]
        + ([] if part.proposal is None else [part.proposal])
        for part in parts
    ]


def record_step(review: Review, number: int, changes: list[dict[str, Any]]) -> Step:
    """A step that is to be taken, and its hold on the texts that it names."""
    step = Step.objects.create(review=review, number=number, changes=changes)
    StepText.objects.bulk_create(StepText(step=step, blob_id=text) for text in _texts_in(changes))
    return step


def drop_undone(review: Review, count: int) -> list[str]:
    """Ends what could be redone, of `count` steps. Returns the ids of the texts that no step may need any more."""
    if not review.undone:
        return []
    undone = review.steps.filter(number__gt=count - review.undone)
    texts = list(StepText.objects.filter(step__in=undone).values_list("blob_id", flat=True))
    undone.delete()
    return texts


def _texts_in(changes: list[dict[str, Any]]) -> set[str]:
    rows = (row for change in changes for side in ("before", "after") for row in change[side])
    return {row[4] for row in rows if row[4] is not None}


def _stored(text: str | None) -> str | None:
    return None if text is None else store_text(text).pk


def write_step(review: Review, step: Step, side: str) -> Review:
    """Sets the decisions as they are on one `side` of a step: "before" or "after"."""
    changes: list[dict[str, Any]] = step.changes
    review.decisions.filter(hunk_id__in=[change["hunk"] for change in changes]).delete()
    Decision.objects.bulk_create(
        Decision(
            review=review,
            hunk_id=change["hunk"],
            position=position,
            removed=removed,
            added=added,
            verdict=verdict,
            reason=reason,
            text_id=text,
            joined=joined,
            proposal_id=next(iter(proposal), None),
        )
        for change in changes
        for position, (removed, added, verdict, reason, text, joined, *proposal) in enumerate(change[side])
    )
    return changed(review, early={})


def changed(review: Review, early: dict[str, str]) -> Review:
    """Saves the review as its next version and tells its pages."""
    review.early = early
    review.version += 1
    review.save(update_fields=["version", "undone", "early"])
    transaction.on_commit(lambda: review_changed(review.apply_id, review.person_id, review.version))
    return review
