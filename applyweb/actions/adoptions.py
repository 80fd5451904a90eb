"""Taking over what another person decided, as one undoable step of one's own review. The other's review stays as it is.

Must not know: requests, how standpoints are shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from applyweb.actions.errors import Refused
from applyweb.actions.reviews import take_step
from applyweb.core.parts import Layout, Parts, UnknownPart
from applyweb.core.standpoints import is_decided, take_over
from applyweb.models import Apply, Review, User
from applyweb.queries.applies import hunks_of
from applyweb.queries.layouts import layout
from applyweb.queries.people import name_of
from applyweb.queries.rebases import conflicts_of


@transaction.atomic
def adopt_hunk(
    apply: Apply, person: User, other_id: int, hunk: str, *, theirs: int | None = None, seen: str | None = None
) -> Review:
    """One hunk becomes as the other person has it; `theirs` is the version of their review that was looked at. Errors:
    Refused `not_finished`, `unknown_person`, `unknown_hunk`, `invalid`, `changed_meanwhile`."""
    found, name = _review_of(apply, person, other_id, theirs)

    def change(now: Layout) -> Mapping[str, Parts]:
        if hunk not in now:
            raise UnknownPart(hunk)
        if not is_decided(found[hunk]):
            raise Refused("invalid", f"{name} has not decided this hunk.", "hunk")
        return take_over(now, {hunk: found[hunk]})

    return take_step(apply, person, change, hunk, seen)


@transaction.atomic
def adopt_all(
    apply: Apply, person: User, other_id: int, *, theirs: int | None = None, version: int | None = None
) -> Review:
    """Every hunk that the other person has decided becomes as they have it; what they left open stays as it is, and a
    conflict is taken over only by itself. Errors: as for `adopt_hunk`."""
    found, name = _review_of(apply, person, other_id, theirs)
    held = conflicts_of(apply)
    decided = {key: parts for key, parts in found.items() if is_decided(parts) and key not in held}
    if not decided:
        raise Refused("invalid", f"{name} has decided nothing that could be taken over.", "person")
    return take_step(apply, person, lambda now: take_over(now, decided), version=version)


def _review_of(apply: Apply, person: User, other_id: int, seen: int | None) -> tuple[dict[str, Parts], str]:
    """Another person's parts of every hunk, and what they are called."""
    review = apply.reviews.filter(person=other_id).exclude(person=person).select_related("person").first()
    if review is None:
        raise Refused("unknown_person", "Nobody else of that id reviews this apply.", "person")
    name = name_of(review.person)
    found = layout(hunks_of(apply), review)
    # Read again after the decisions: they are then no older than the version that was looked at, and no newer.
    review.refresh_from_db(fields=["version"])
    if seen is not None and seen != review.version:
        raise Refused("changed_meanwhile", f"{name} has decided otherwise meanwhile; it is shown now.")
    return found, name
