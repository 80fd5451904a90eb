"""Opening an apply to the other people of the site, and closing it. Must not know: requests, who looks.

The files of a changeset are shared together, and so are all versions of a file. Nobody's review goes when an apply is
closed: it is there when it is opened again.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from applyweb.actions.errors import Refused
from applyweb.actions.notices import sharing_changed
from applyweb.models import Apply, User


@transaction.atomic
def set_shared(apply: Apply, person: User, shared: bool) -> Apply:
    """Whoever signs in and has the address may review it, or nobody but its owner. Errors: Refused `not_yours`."""
    if apply.owner_id != person.pk:
        raise Refused("not_yours", "Only its owner may share an apply.")
    together = _together(apply)
    Apply.objects.filter(pk__in=together).update(shared=shared)
    apply.shared = shared
    transaction.on_commit(lambda: _tell(together))
    return apply


def _together(apply: Apply) -> set[str]:
    """The files of the changeset and every version of each, by id; the apply alone where it has neither."""
    found: set[str] = set()
    more = {apply.pk}
    if apply.changeset_id:
        more |= set(Apply.objects.filter(changeset=apply.changeset_id).values_list("pk", flat=True))
    while more:
        found |= more
        versions = Apply.objects.filter(Q(rebased_from__in=more) | Q(rebases__in=more))
        more = set(versions.values_list("pk", flat=True)) - found
    return found


def _tell(applies: Iterable[str]) -> None:
    for apply_id in applies:
        sharing_changed(apply_id)
