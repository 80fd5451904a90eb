"""Reading what a rebase goes by and what it left: everybody's review, and the conflicts that wait for a decision.

Must not know: how anything is written or shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from applyweb.core.diff import Hunk as DiffHunk
from applyweb.core.parts import Part, Parts
from applyweb.core.rebase import Conflict, Fate, State
from applyweb.core.rebase.carry import Had
from applyweb.core.text import split_lines
from applyweb.models import Apply, Review, User
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of
from applyweb.queries.layouts import layout


@dataclass(frozen=True, slots=True)
class Standing:
    """The hunks of an apply and each person's review of them. `versions` are by person."""

    hunks: Sequence[DiffHunk]
    reviews: Sequence[Review]
    layouts: Sequence[Mapping[str, Parts]]

    @property
    def versions(self) -> dict[int, int]:
        return {review.person_id: review.version for review in self.reviews}


def standing_of(apply: Apply) -> Standing:
    """Every review of a finished apply as it is now."""
    hunks = hunks_of(apply)
    reviews = list(apply.reviews.order_by("pk"))
    return Standing([as_diff_hunk(hunk) for hunk in hunks], reviews, [layout(hunks, review) for review in reviews])


def conflicts_of(apply: Apply) -> dict[str, Conflict]:
    """The conflicts of an apply with the version before, by hunk id."""
    found: dict[str, dict[str, Any]] = apply.rebase.get("conflicts", {})
    return {
        key: Conflict(tuple(each["old"]), tuple(each["new"]), tuple(each["proposed"]), each["both_added"])
        for key, each in found.items()
    }


@dataclass(frozen=True, slots=True)
class ConflictTexts:
    """A conflict with its lines, which hold their ends."""

    conflict: Conflict
    old: list[str]
    new: list[str]
    proposed: list[str]


def conflict_texts(apply: Apply) -> dict[str, ConflictTexts]:
    """The conflicts of an apply with their three texts, by hunk id. The apply must have its texts loaded."""
    found = conflicts_of(apply)
    before = apply.rebased_from
    if not found or before is None:
        return {}
    texts = texts_of(before)
    old, proposed = split_lines(texts.original), split_lines(texts.merged or "")
    new = split_lines(texts_of(apply).original)
    return {
        key: ConflictTexts(each, old[slice(*each.old)], new[slice(*each.new)], proposed[slice(*each.proposed)])
        for key, each in found.items()
    }


def newer_versions(apply: Apply) -> list[str]:
    """The ids of the versions over the file as it was edited later, oldest first."""
    return list(apply.rebases.order_by("created_at", "id").values_list("id", flat=True))


def befores_of(owner_id: int) -> dict[str, str]:
    """The version before of every newer version that one owner has, older ones first."""
    rows = Apply.objects.filter(owner=owner_id, rebased_from__isnull=False).order_by("created_at", "id")
    return {pk: before for pk, before in rows.values_list("pk", "rebased_from_id") if before is not None}


def version_line(apply: Apply) -> tuple[list[str], int]:
    """The ids of all versions from the first to the newest, and which of them this one is. Where a version was carried
    over more than once, its line goes on with the newest."""
    befores = befores_of(apply.owner_id)
    newest = {before: version for version, before in befores.items()}
    line = [apply.pk]
    while line[0] in befores:
        line.insert(0, befores[line[0]])
    at = len(line) - 1
    while line[-1] in newest:
        line.append(newest[line[-1]])
    return line, at


def had_of(apply: Apply, person: User) -> dict[str, Had]:
    """How `person` stood, in the version before, to what is in conflict here, by hunk id."""
    found: dict[str, dict[str, Any]] = apply.rebase.get("conflicts", {})
    return {key: cast(Had, each["had"].get(str(person.pk), "pending")) for key, each in found.items()}


def fates_of(apply: Apply) -> list[Fate]:
    """What became of the hunks of the version before, in their order; none where there was no such version."""
    return [Fate(key, cast(State, state), tuple(to)) for key, state, to in apply.rebase.get("fates", ())]


def without_conflicts(now: Mapping[str, Parts], held: Mapping[str, object]) -> dict[str, Parts]:
    """The layout with undecided conflicts rejected: only a decision of their own accepts them."""
    return {key: tuple(map(_not_pending, parts)) if key in held else parts for key, parts in now.items()}


def _not_pending(part: Part) -> Part:
    return Part(part.removed, part.added, "rejected") if part.verdict == "pending" else part
