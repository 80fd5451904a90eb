"""Reading one person's review. Must not know: how it is written or shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from applyweb.core.decisions import Counts, Resolved, count, resolve
from applyweb.core.parts import Parts, Verdict, find, names, starts
from applyweb.core.text import split_lines
from applyweb.models import Apply, Hunk, Review, User
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of
from applyweb.queries.layouts import layout
from applyweb.queries.rebases import had_of, without_conflicts


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What a page needs to show a review. `layout` has every hunk's parts, in the file's order. `early` are the
    verdicts from before the apply's end; after it those that no hunk came to have. `conflicts` are the hunks in
    conflict with an edit of the file, and how the person stood to them before it."""

    version: int
    layout: Mapping[str, Parts]
    can_undo: bool
    can_redo: bool
    early: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        return count(self.layout)

    @property
    def decisions(self) -> dict[str, Verdict]:
        """The verdicts of what is decided, by the name of the hunk or part."""
        return {
            name: part.verdict
            for hunk_id, parts in self.layout.items()
            for name, part in zip(names(hunk_id, parts), parts, strict=True)
            if part.verdict != "pending"
        }


def review_state(apply: Apply, person: User, hunks: Sequence[Hunk] | None = None) -> ReviewState:
    """The review of `person`, all pending where there is none yet."""
    hunks = hunks_of(apply) if hunks is None else hunks
    review = Review.objects.filter(apply=apply, person=person).first()
    if review is None:
        return ReviewState(0, layout(hunks, None), can_undo=False, can_redo=False, conflicts=had_of(apply, person))
    can_undo = review.steps.count() > review.undone
    had = had_of(apply, person)
    return ReviewState(review.version, layout(hunks, review), can_undo, review.undone > 0, review.early, had)


def resolved(apply: Apply, person: User, pending: Literal["accepted", "rejected"] = "rejected") -> Resolved:
    """Original + what `person` accepted, computed anew; an undecided conflict never counts as accepted. The apply must
    be finished."""
    hunks = hunks_of(apply)
    return resolved_as(apply, review_state(apply, person, hunks), hunks, pending)


def resolved_as(
    apply: Apply, state: ReviewState, hunks: Sequence[Hunk], pending: Literal["accepted", "rejected"] = "rejected"
) -> Resolved:
    """As `resolved`, for a review that was read and all hunks of its apply."""
    texts = texts_of(apply)
    if texts.merged is None:
        raise ValueError("an apply that is not finished has no result")
    decided = without_conflicts(state.layout, state.conflicts)
    return resolve(texts.original, texts.merged, [as_diff_hunk(hunk) for hunk in hunks], decided, pending)


def resolved_text(apply: Apply, person: User, pending: Literal["accepted", "rejected"] = "rejected") -> str:
    """The text of `resolved`."""
    return resolved(apply, person, pending).text


@dataclass(frozen=True, slots=True)
class PartText:
    """What stands in place of a part's added lines, and what was proposed: lines joined by LF, without the last end."""

    text: str
    proposed: str


def part_text(apply: Apply, person: User, name: str) -> PartText:
    """For writing it anew. Several parts are as one. Errors: core.parts.UnknownPart."""
    hunks = hunks_of(apply)
    layout = review_state(apply, person, hunks).layout
    hunk_id, indexes = find(layout, name)
    hunk = next(hunk for hunk in hunks if hunk.key == hunk_id)
    lines = [line.rstrip("\r\n") for line in split_lines(texts_of(apply).merged or "")]
    shown: list[str] = []
    proposed: list[str] = []
    for index, (_, added) in enumerate(starts(layout[hunk_id])):
        if index in indexes:
            part = layout[hunk_id][index]
            own = lines[hunk.new_start + added :][: part.added]
            proposed += own
            shown += own if part.text is None else [line.rstrip("\r\n") for line in split_lines(part.text)]
    return PartText("\n".join(shown), "\n".join(proposed))
