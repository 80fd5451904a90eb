"""Steps of reviews as they are kept, and the decisions that they leave. However many reviews go a step at once, the
queries are as many as for one.

Must not know: what a step is about, who takes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.db.models import Count

from applyweb.actions.blobs import delete_unused, store_texts
from applyweb.actions.notices import review_changed
from applyweb.core.parts import Layout, Part, Parts
from applyweb.models import Decision, Hunk, Review, Step, StepText

_AT_ONCE = 10_000  # SQLite takes 32,766 parameters


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step makes of one review: the hunks of its apply, their parts before it, and those that it changes."""

    review: Review
    hunks: Sequence[Hunk]
    before: Layout
    after: Layout


def take_steps(taken: Sequence[Taken], together: str = "") -> None:
    """One step more for each review in which anything changes; what could be redone there ends. The reviews are locked,
    and of different applies."""
    changes = _changes(taken)
    found = [(each.review, changes[each.review.pk]) for each in taken if changes[each.review.pk]]
    if not found:
        return
    counts = step_counts(review for review, _ in found)
    unneeded = _drop_undone([review for review, _ in found], counts)
    steps = [
        Step(review=review, number=counts[review.pk] - review.undone + 1, changes=changed, together=together)
        for review, changed in found
    ]
    for review, _ in found:
        review.undone = 0
    record_steps(steps)
    write_steps([(step.review, step) for step in steps], "after")
    if unneeded:
        delete_unused(unneeded)


def step_counts(reviews: Iterable[Review]) -> dict[int, int]:
    """How many steps each review has, undone ones too, by its key."""
    wanted = {review.pk: 0 for review in reviews}
    rows = Step.objects.filter(review__in=wanted).order_by().values_list("review").annotate(Count("pk"))
    return wanted | dict(rows)


def rows_of(parts: Parts, stored: Mapping[str, str]) -> list[list[Any]]:
    """A hunk's parts as a step keeps them; none for one pending part. `stored` has the blob id of each text."""
    if len(parts) == 1 and parts[0].verdict == "pending" and parts[0].is_plain:
        return []
    return [
        [
            part.removed,
            part.added,
            part.verdict,
            part.reason,
            None if part.text is None else stored[part.text],
            part.joined,
        ]
        + ([] if part.proposal is None else [part.proposal])
        for part in parts
    ]


def record_steps(steps: Sequence[Step]) -> None:
    """Stores steps that are to be taken, and their hold on the texts that they name."""
    Step.objects.bulk_create(steps)
    StepText.objects.bulk_create(
        StepText(step=step, blob_id=text) for step in steps for text in _texts_in(step.changes)
    )


def write_steps(taken: Sequence[tuple[Review, Step]], side: Literal["before", "after"]) -> None:
    """Sets the decisions as they are on one `side` of each step. The reviews are of different applies."""
    reviews = [review for review, _ in taken]
    hunks = [change["hunk"] for _, step in taken for change in step.changes]
    for start in range(0, len(hunks), _AT_ONCE):
        Decision.objects.filter(review__in=reviews, hunk_id__in=hunks[start : start + _AT_ONCE]).delete()
    Decision.objects.bulk_create(row for review, step in taken for row in _decisions(review, step.changes, side))
    for review in reviews:
        review.early = {}
    changed(reviews)


def changed(reviews: Sequence[Review]) -> None:
    """Saves the reviews as their next versions and tells their pages."""
    for review in reviews:
        review.version += 1
    Review.objects.bulk_update(reviews, ["version", "undone", "early"])
    told = [(review.apply_id, review.person_id, review.version) for review in reviews]

    def tell() -> None:
        for each in told:
            review_changed(*each)

    transaction.on_commit(tell)


def _changes(taken: Sequence[Taken]) -> dict[int, list[dict[str, Any]]]:
    """By review's key: the hunks whose parts are others, as a step keeps them."""
    found = {
        each.review.pk: [
            (hunk.pk, each.before[hunk.key], each.after[hunk.key])
            for hunk in each.hunks
            if each.before[hunk.key] != each.after[hunk.key]
        ]
        for each in taken
    }
    every = [part for rows in found.values() for _, before, after in rows for part in (*before, *after)]
    stored = _stored(every)
    return {
        key: [
            {"hunk": hunk, "before": rows_of(before, stored), "after": rows_of(after, stored)}
            for hunk, before, after in rows
        ]
        for key, rows in found.items()
    }


def _stored(parts: Iterable[Part]) -> dict[str, str]:
    texts = list(dict.fromkeys(part.text for part in parts if part.text is not None))
    return dict(zip(texts, store_texts(texts), strict=True)) if texts else {}


def _drop_undone(reviews: Sequence[Review], counts: Mapping[int, int]) -> list[str]:
    """Ends what could be redone. Returns the ids of the texts that no step may need any more."""
    if not any(review.undone for review in reviews):
        return []
    stand = {review.pk: counts[review.pk] - review.undone for review in reviews}
    numbers = Step.objects.filter(review__in=reviews).values_list("pk", "review", "number")
    undone = Step.objects.filter(pk__in=[pk for pk, review, number in numbers if number > stand[review]])
    texts = list(StepText.objects.filter(step__in=undone).values_list("blob_id", flat=True))
    undone.delete()
    return texts


def _texts_in(changes: list[dict[str, Any]]) -> set[str]:
    rows = (row for change in changes for side in ("before", "after") for row in change[side])
    return {row[4] for row in rows if row[4] is not None}


def _decisions(review: Review, changes: list[dict[str, Any]], side: str) -> Iterator[Decision]:
    for change in changes:
        for position, (removed, added, verdict, reason, text, joined, *proposal) in enumerate(change[side]):
            yield Decision(
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
