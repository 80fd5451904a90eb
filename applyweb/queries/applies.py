"""Reading applies and their texts. Must not know: how they are written or shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from applyweb.core.chat.pieces import without
from applyweb.core.diff import Hunk as DiffHunk
from applyweb.core.turns import in_turn
from applyweb.models import OPEN, Apply, Hunk, Review, Status, User, Verdict

# Each word is seven conditions, and SQLite refuses an expression of more than 1,000.
SEARCH_WORDS = 10


@dataclass(frozen=True, slots=True)
class Texts:
    """An apply's texts, whole. `merged` is None until it is finished."""

    original: str
    chat: str
    merged: str | None
    partial: str | None


def seen_by(person: User) -> QuerySet[Apply]:
    """The applies that `person` may open: their own, and those that are shared, whose addresses cannot be guessed."""
    return Apply.objects.filter(Q(owner=person) | Q(shared=True))


def applies_of(person: User) -> QuerySet[Apply]:
    """The applies that `person` is told of: their own, and the shared ones that they review; newest first."""
    reviewed = Q(shared=True, pk__in=Review.objects.filter(person=person).values("apply"))
    return Apply.objects.filter(Q(owner=person) | reviewed).order_by("-created_at", "-id")


def find_apply(person: User, apply_id: str) -> Apply | None:
    """One apply that `person` may see, with its texts loaded, or None."""
    return seen_by(person).filter(pk=apply_id).select_related("original", "chat", "merged", "partial").first()


def list_applies(person: User, search: str = "") -> QuerySet[Apply]:
    """The rows of the list page: `total`, `accepted` and `rejected` count hunks under `person`'s own review, a hunk in
    parts as that many; `superseded` tells of a newer version over the edited file. `search`
    looks in path, language, engine, status and id for each of its first SEARCH_WORDS words. No text is loaded."""
    newer = Apply.objects.filter(rebased_from=OuterRef("pk"))
    rows = count_decided(applies_of(person).select_related("owner").annotate(superseded=Exists(newer)), person)
    wanted = Q()
    for word in search.split()[:SEARCH_WORDS]:
        wanted &= (
            Q(path__icontains=word)
            | Q(language__icontains=word)
            | Q(engine__icontains=word)
            | Q(engine_used__icontains=word)
            | Q(status__icontains=word)
            | Q(confidence__icontains=word)
            | Q(id=word)
        )
    return rows.filter(wanted)


def count_decided(applies: QuerySet[Apply], person: User) -> QuerySet[Any]:
    """The applies with `total`, `accepted` and `rejected`, as for `list_applies`."""
    mine = Q(hunks__decisions__review__person=person)
    parts = Count("hunks__decisions", filter=mine, distinct=True)
    return applies.annotate(
        total=Count("hunks", distinct=True) - Count("hunks", filter=mine, distinct=True) + parts,
        accepted=Count("hunks__decisions", filter=mine & _decided(Verdict.ACCEPTED), distinct=True),
        rejected=Count("hunks__decisions", filter=mine & _decided(Verdict.REJECTED), distinct=True),
    )


def _decided(verdict: Verdict) -> Q:
    return Q(hunks__decisions__verdict=verdict)


def open_apply_ids() -> list[str]:
    """The applies that a start of the server must take up again, oldest first."""
    return list(Apply.objects.filter(status__in=OPEN).order_by("created_at").values_list("id", flat=True))


def owner_id(apply_id: str) -> int | None:
    """Whose apply it is; None where it is gone."""
    return Apply.objects.filter(pk=apply_id).values_list("owner_id", flat=True).first()


def place_in_queue(apply: Apply) -> int | None:
    """Which of all waiting applies it is, from 1 on, by whose turn it is: one of a person who has none under way comes
    before the second of another. None where it does not wait."""
    if apply.status != Status.QUEUED:
        return None
    running = Apply.objects.filter(status=Status.RUNNING).order_by().values_list("owner_id").annotate(Count("pk"))
    waiting = list(
        Apply.objects.filter(status=Status.QUEUED).order_by("created_at", "id").values_list("id", "owner_id")
    )
    owners = [owner for _, owner in waiting]
    begun = Apply.objects.filter(owner__in=set(owners), attempt__gt=0).order_by().values("owner_id")
    served = begun.annotate(latest=Max("started_at")).order_by("latest").values_list("owner_id", flat=True)
    turns = in_turn(owners, dict(running), served)
    return next((place for place, index in enumerate(turns, 1) if waiting[index][0] == apply.pk), None)


def texts_of(apply: Apply) -> Texts:
    """The texts of an apply from `find_apply`."""
    return Texts(
        apply.original.text,
        apply.chat.text,
        apply.merged.text if apply.merged else None,
        apply.partial.text if apply.partial else None,
    )


def own_chat(apply: Apply) -> str:
    """The chat as an engine reads it: lines for other files of its changeset are empty, and all keep their numbers."""
    return without(apply.chat.text, [(first, last) for first, last in apply.hidden])


class Gone(LookupError):
    """It was deleted."""


def archived_events(apply_id: str) -> list[dict[str, Any]] | None:
    """The whole event log of an ended apply, or None while there is none. Errors: Gone."""
    apply = Apply.objects.filter(pk=apply_id).select_related("events").first()
    if apply is None:
        raise Gone("This apply was deleted.")
    if apply.events is None:
        return None
    events: list[dict[str, Any]] = json.loads(apply.events.data)
    return events


def hunks_of(apply: Apply) -> list[Hunk]:
    """The hunks of an apply, in the file's order."""
    return list(apply.hunks.all())


def diff_hunks_of(apply: Apply) -> list[DiffHunk]:
    """The hunks of an apply as the core's values, in the file's order."""
    columns = apply.hunks.order_by("position").values_list("key", "old_start", "old_end", "new_start", "new_end")
    return [DiffHunk(*row) for row in columns]


def as_diff_hunk(hunk: Hunk) -> DiffHunk:
    """A stored hunk as the core's value."""
    return DiffHunk(hunk.key, hunk.old_start, hunk.old_end, hunk.new_start, hunk.new_end)
