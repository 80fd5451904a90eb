"""Reading one person's review. Must not know: how it is written or shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from applyweb.core import syntax
from applyweb.core.decisions import Counts, Verdict, count, resolve
from applyweb.core.diff import Hunk as DiffHunk
from applyweb.models import Apply, Review, User
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of

_MOST_PARSED = 1_000_000  # characters; larger results are not parsed at every decision


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What a page needs to show a review. `decisions` and `reasons` hold only decided hunks, by hunk id."""

    version: int
    counts: Counts
    decisions: dict[str, Verdict]
    reasons: dict[str, str]
    can_undo: bool
    can_redo: bool


def review_state(apply: Apply, person: User, hunks: Sequence[DiffHunk] | None = None) -> ReviewState:
    """The review of `person`, all pending where there is none yet."""
    if hunks is None:
        hunks = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    review = Review.objects.filter(apply=apply, person=person).first()
    if review is None:
        return ReviewState(0, count(hunks, {}), {}, {}, can_undo=False, can_redo=False)
    rows = list(review.decisions.values_list("hunk__key", "verdict", "reason"))
    decisions = {key: cast(Verdict, verdict) for key, verdict, _ in rows}  # the column's choices are the type's words
    reasons = {key: reason for key, _, reason in rows if reason}
    can_undo = review.steps.count() > review.undone
    return ReviewState(review.version, count(hunks, decisions), decisions, reasons, can_undo, review.undone > 0)


@dataclass(frozen=True, slots=True)
class Soundness:
    """Whether the result of a review parses as well as the original and the whole merge do; None where there is no
    grammar or the file is too large. `line` is the 1-based line of the result that does not."""

    parses: bool | None
    line: int | None = None


def soundness(apply: Apply, person: User) -> Soundness:
    """Of hunks that need each other one alone may break the syntax. The apply must be finished."""
    texts = texts_of(apply)
    resolved = resolved_text(apply, person)
    if len(resolved) > _MOST_PARSED:
        return Soundness(None)
    errors = syntax.error_count(resolved, apply.language)
    if errors is None or resolved in (texts.original, texts.merged):
        return Soundness(None if errors is None else True)
    known = max(syntax.error_count(text, apply.language) or 0 for text in (texts.original, texts.merged or ""))
    return Soundness(True) if errors <= known else Soundness(False, syntax.first_error(resolved, apply.language))


def resolved_text(apply: Apply, person: User, pending: Literal["accepted", "rejected"] = "rejected") -> str:
    """Original + the hunks that `person` accepted, computed anew. The apply must be finished."""
    texts = texts_of(apply)
    if texts.merged is None:
        raise ValueError("an apply that is not finished has no result")
    hunks = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    decisions = review_state(apply, person, hunks).decisions
    return resolve(texts.original, texts.merged, hunks, decisions, pending)
