"""What a deletion would take along: which applies, and what people have put into them.

Must not know: how anything is deleted or shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from applyweb.models import OPEN, Apply, Changeset, Comment, Decision, Proposal, Review, Verdict
from applyweb.queries.rebases import befores_of


@dataclass(frozen=True, slots=True)
class Doomed:
    """`versions` are the ids of applies that go: for one apply itself and the newer versions that stand on it, for a
    changeset all versions of its files. `changeset` goes too, "" for none; `staying` are its other files that do not.
    `is_open`: something is still being written."""

    versions: tuple[str, ...]
    changeset: str
    staying: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Losses:
    """What people have put into the applies that go: parts that are decided, comments that stand, proposals that were
    asked for, and how many other people's decisions or comments are among them."""

    decided: int
    comments: int
    proposals: int
    others: int


def doomed_with_apply(apply: Apply) -> Doomed:
    """What goes with one apply. Its changeset goes where it would be without a file."""
    versions = _standing_on([apply.pk], befores_of(apply.owner_id))
    rows = Apply.objects.filter(pk__in=versions)
    place = rows.filter(changeset__isnull=False).values_list("changeset_id", "rebased_from_id").first()
    is_open = rows.filter(status__in=OPEN).exists()
    if place is None or place[0] is None:
        return Doomed(versions, "", 0, is_open)
    staying = Apply.objects.filter(changeset=place[0]).exclude(pk__in=versions).count()
    taken_back = place[1] is not None and place[1] not in versions  # by the version before
    return Doomed(versions, "" if staying or taken_back else place[0], staying, is_open)


def doomed_with_changeset(changeset: Changeset) -> Doomed:
    """What goes with a changeset: no version of its files would make sense without it."""
    befores = befores_of(changeset.owner_id)
    files = list(Apply.objects.filter(changeset=changeset).values_list("pk", flat=True))
    versions = _standing_on([_first(file, befores) for file in files], befores)
    is_open = Apply.objects.filter(pk__in=versions, status__in=OPEN).exists()
    return Doomed(versions, changeset.pk, 0, is_open)


def losses(doomed: Doomed, owner_id: int) -> Losses:
    """Counted for the question whether to go on. As many queries for a large apply as for a small one."""
    versions = doomed.versions
    decisions = Decision.objects.filter(review__apply__in=versions).exclude(verdict=Verdict.PENDING)
    comments = Comment.objects.filter(thread__apply__in=versions, deleted_at__isnull=True)
    decided_by = Review.objects.filter(decisions__in=decisions)
    others = {*decided_by.values_list("person_id", flat=True), *comments.values_list("writer_id", flat=True)}
    return Losses(
        decided=decisions.count(),
        comments=comments.count(),
        proposals=Proposal.objects.filter(
            Q(number__isnull=False) | Q(status__in=OPEN), hunk__apply__in=versions
        ).count(),
        others=len(others - {owner_id}),
    )


def _first(version: str, befores: dict[str, str]) -> str:
    while version in befores:
        version = befores[version]
    return version


def _standing_on(roots: Iterable[str], befores: dict[str, str]) -> tuple[str, ...]:
    """The roots and all versions that were made of them, older ones first."""
    newer: dict[str, list[str]] = {}
    for version, before in befores.items():
        newer.setdefault(before, []).append(version)
    found: list[str] = []
    waiting: Collection[str] = list(roots)
    while waiting:
        found.extend(waiting)
        waiting = [version for before in waiting for version in newer.get(before, ())]
    return tuple(found)
