"""Deleting an apply or a changeset with all that hangs on it, and the texts that nothing else uses.

Must not know: requests, sockets, what works on an apply. However large it is, the rows of a table go in one statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import models, transaction

from applyweb.actions.blobs import delete_rows, delete_unused
from applyweb.actions.errors import Refused
from applyweb.actions.notices import apply_deleted
from applyweb.models import OPEN, Apply, Blob, Changeset, Proposal, User
from applyweb.queries.deletions import Doomed, doomed_with_apply, doomed_with_changeset


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is gone. `open_applies` and `open_proposals` may still be worked on: that work is to be stopped. `changeset`
    is the one that lost a file or is gone itself, "" for none."""

    applies: tuple[str, ...]
    open_applies: tuple[str, ...]
    open_proposals: tuple[int, ...]
    changeset: str


@transaction.atomic
def delete_apply(apply: Apply, person: User) -> Deleted:
    """Deletes an apply and the newer versions that stand on it. The version before takes its place in a changeset; one
    without a file goes too. Errors: Refused `not_yours`."""
    _require_owner(apply.owner_id, person)
    return _delete(doomed_with_apply(apply))


@transaction.atomic
def delete_changeset(changeset: Changeset, person: User) -> Deleted:
    """Deletes a changeset with its files, in all their versions. Errors: as `delete_apply`."""
    _require_owner(changeset.owner_id, person)
    return _delete(doomed_with_changeset(changeset))


def _require_owner(owner_id: int, person: User) -> None:
    if owner_id != person.pk:
        raise Refused("not_yours", "Only the person who made it can delete it.")


def _delete(doomed: Doomed) -> Deleted:
    # Locked, so that nothing can be ended, decided or rebased between the look and the deletion.
    applies = Apply.objects.select_for_update().filter(pk__in=doomed.versions)
    rows = list(applies.values_list("pk", "status", "changeset_id"))
    open_applies = tuple(pk for pk, status, _ in rows if status in OPEN)
    open_proposals = Proposal.objects.filter(hunk__apply__in=doomed.versions, status__in=OPEN)
    told = Deleted(
        applies=tuple(pk for pk, _, _ in rows),
        open_applies=open_applies,
        open_proposals=tuple(open_proposals.values_list("pk", flat=True)),
        changeset=doomed.changeset or next((changeset for _, _, changeset in rows if changeset), ""),
    )
    blobs = _blobs_of(Apply, doomed.versions)
    _give_places_back(doomed)
    if doomed.changeset:
        blobs |= _blobs_of(Changeset, [doomed.changeset])
    _delete_below(Apply, doomed.versions)
    delete_rows(Changeset.objects.filter(pk=doomed.changeset))
    delete_unused(sorted(blobs))
    for apply_id in told.applies:
        transaction.on_commit(partial(apply_deleted, apply_id))
    return told


def _give_places_back(doomed: Doomed) -> None:
    """A version before that stays has the place in the changeset again."""
    going = Apply.objects.filter(pk__in=doomed.versions, changeset__isnull=False, rebased_from__isnull=False)
    places = list(going.exclude(rebased_from__in=doomed.versions).values_list("rebased_from", "changeset", "position"))
    for before, changeset, position in places:  # one at most: of all versions of a file, one has the place
        going.update(changeset=None, position=0)  # a place and a path are there once
        Apply.objects.filter(pk=before).update(changeset=changeset, position=position)


def _below(model: type[models.Model], lookup: str = "pk__in") -> Iterator[tuple[type[models.Model], str]]:
    """Every table whose rows go with rows of `model`, and how its rows are found by those; what depends on a table
    comes before it. Tables that come to hang on an apply one day are found too."""
    for field in model._meta.get_fields(include_hidden=True):
        if isinstance(field, models.ForeignObjectRel) and getattr(field, "on_delete", None) is models.CASCADE:
            related = field.related_model
            assert not isinstance(related, str)
            yield from _below(related, f"{field.field.name}__{lookup.removeprefix('pk__')}")
    yield model, lookup


def _delete_below(model: type[models.Model], ids: Sequence[str]) -> None:
    for table, lookup in _below(model):
        delete_rows(table._default_manager.filter(**{lookup: ids}))


def _blobs_of(model: type[models.Model], ids: Sequence[str]) -> set[str]:
    """The ids of all texts that rows use which go with these."""
    found: set[str] = set()
    for table, lookup in _below(model):
        columns = [field.attname for field in table._meta.concrete_fields if field.related_model is Blob]
        for row in table._default_manager.filter(**{lookup: ids}).values_list(*columns) if columns else ():
            found.update(blob for blob in row if blob is not None)
    return found
