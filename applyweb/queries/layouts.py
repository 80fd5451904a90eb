"""A review's rows as the core's parts of every hunk. Must not know: how they are written or shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from applyweb.core.decisions import layout_of
from applyweb.core.parts import Part, Parts, Verdict
from applyweb.models import Apply, Changeset, Decision, Hunk, Review, User
from applyweb.queries.applies import as_diff_hunk


def layout(hunks: Sequence[Hunk], review: Review | None) -> dict[str, Parts]:
    """The parts of all hunks of an apply, in the file's order, as `review` has them; one pending part each where there
    is none."""
    keys = {hunk.pk: hunk.key for hunk in hunks}
    found: dict[str, list[Part]] = {}
    for row in review.decisions.select_related("text") if review is not None else ():
        found.setdefault(keys[row.hunk_id], []).append(_as_part(row))
    return layout_of([as_diff_hunk(hunk) for hunk in hunks], {key: tuple(parts) for key, parts in found.items()})


def layouts_of_reviews(hunks: Sequence[Hunk], reviews: Sequence[Review]) -> dict[int, dict[str, Parts]]:
    """The parts of all hunks of an apply as each of its `reviews` has them, by the review's key, with one query."""
    keys = {hunk.pk: hunk.key for hunk in hunks}
    found: dict[int, dict[str, list[Part]]] = {review.pk: {} for review in reviews}
    rows = Decision.objects.filter(review__in=reviews).select_related("text").order_by("review", "hunk", "position")
    for row in rows:
        found[row.review_id].setdefault(keys[row.hunk_id], []).append(_as_part(row))
    core = [as_diff_hunk(hunk) for hunk in hunks]
    return {
        review: layout_of(core, {key: tuple(parts) for key, parts in decided.items()})
        for review, decided in found.items()
    }


def layout_of_some(apply: Apply, person: User, keys: Collection[str]) -> dict[str, Parts]:
    """The parts of the hunks with these keys, as the review of `person` has them. No other hunk is read."""
    hunks = [as_diff_hunk(hunk) for hunk in apply.hunks.filter(key__in=keys)]
    rows = Decision.objects.filter(review__apply=apply, review__person=person, hunk__key__in=keys)
    found: dict[str, list[Part]] = {}
    for row in rows.select_related("text", "hunk"):
        found.setdefault(row.hunk.key, []).append(_as_part(row))
    return layout_of(hunks, {key: tuple(parts) for key, parts in found.items()})


def layouts_of_all(
    changeset: Changeset, person: User, hunks: Mapping[str, Sequence[Hunk]]
) -> dict[str, dict[str, Parts]]:
    """The parts of the hunks of every apply of a changeset, both by the apply's id, as the reviews of `person` have
    them. As many queries for fifty applies as for one."""
    decided: dict[int, list[Part]] = {}
    rows = Decision.objects.filter(hunk__apply__changeset=changeset, review__person=person)
    for row in rows.select_related("text").order_by("hunk_id", "position"):
        decided.setdefault(row.hunk_id, []).append(_as_part(row))
    return {
        apply_id: layout_of(
            [as_diff_hunk(hunk) for hunk in own],
            {hunk.key: tuple(decided[hunk.pk]) for hunk in own if hunk.pk in decided},
        )
        for apply_id, own in hunks.items()
    }


def _as_part(row: Decision) -> Part:
    text = row.text.text if row.text else None
    verdict = cast(Verdict, row.verdict)  # the column's choices are the type's words
    return Part(row.removed, row.added, verdict, row.reason, text, row.joined, row.proposal_id)
