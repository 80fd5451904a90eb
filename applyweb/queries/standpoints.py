"""Everybody's reviews of one apply, beside one's own. Must not know: how they are written or shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from applyweb.core.decisions import Counts, count
from applyweb.core.parts import Parts
from applyweb.core.standpoints import standing
from applyweb.models import Apply, Hunk, Review, User
from applyweb.queries.applies import hunks_of
from applyweb.queries.layouts import layout, layouts_of_reviews
from applyweb.queries.people import name_of

MOST = 24  # reviews besides one's own; of more those that changed most often


@dataclass(frozen=True, slots=True)
class Standpoint:
    """One person's review. `differs` are the hunks that they decided otherwise than the person who looks."""

    person_id: int
    name: str
    mine: bool
    version: int
    layout: Mapping[str, Parts]
    early: Mapping[str, str]
    differs: tuple[str, ...]

    @property
    def counts(self) -> Counts:
        return count(self.layout)


@dataclass(frozen=True, slots=True)
class Standpoints:
    """The reviews of an apply: one's own first where there is one, then the others by name. `left_out` counts further
    ones; `mine` is how the person who looks has every hunk."""

    mine: Mapping[str, Parts]
    reviews: tuple[Standpoint, ...]
    left_out: int

    @property
    def others(self) -> tuple[Standpoint, ...]:
        return tuple(each for each in self.reviews if not each.mine)


def standpoints_of(apply: Apply, person: User, hunks: Sequence[Hunk] | None = None) -> Standpoints:
    """As `person` looks at it. The same queries for any number of hunks and people."""
    hunks = hunks_of(apply) if hunks is None else hunks
    reviews = list(apply.reviews.select_related("person").order_by("-version", "pk"))
    own = next((review for review in reviews if review.person_id == person.pk), None)
    others = sorted(
        [review for review in reviews if review is not own][:MOST],
        key=lambda review: (name_of(review.person).casefold(), review.person_id),
    )
    shown = [own, *others] if own is not None else others
    layouts = layouts_of_reviews(hunks, shown)
    mine = layouts[own.pk] if own is not None else layout(hunks, None)
    found = tuple(_standpoint(review, layouts[review.pk], mine, review is own) for review in shown)
    return Standpoints(mine, found, len(reviews) - len(shown))


def _standpoint(review: Review, theirs: Mapping[str, Parts], mine: Mapping[str, Parts], is_mine: bool) -> Standpoint:
    differs = () if is_mine else tuple(key for key in theirs if standing(mine[key], theirs[key]) == "differs")
    return Standpoint(review.person_id, name_of(review.person), is_mine, review.version, theirs, review.early, differs)
