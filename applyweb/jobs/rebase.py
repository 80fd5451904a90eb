"""A review over another original: what would become of it, and the new version of the apply.

Must not know: requests, how it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from applyweb.actions.errors import Refused
from applyweb.actions.inputs import check_text
from applyweb.actions.rebases import NewBase, rebase_apply
from applyweb.core.rebase import Rebased
from applyweb.jobs.changesets import waking_key
from applyweb.jobs.event_log import event_log
from applyweb.jobs.processes import judging
from applyweb.jobs.rebase_work import Reviewed, rebased, rebased_and_judged
from applyweb.jobs.worker import worker
from applyweb.models import Apply, User
from applyweb.queries.applies import own_chat, texts_of
from applyweb.queries.rebases import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a review, and the version of it that this is about."""

    rebased: Rebased
    version: int


def preview_rebase(apply: Apply, person: User, original: str) -> Preview:
    """Writes nothing. The apply must have its texts loaded. Errors: Refused `not_finished`, `same_original`, `binary`,
    `undecodable`, `too_large`."""
    standing = standing_of(apply)
    reviewed = _reviewed(apply, standing, original)
    return Preview(judging.submit(rebased, reviewed, original).result(), standing.versions.get(person.pk, 0))


def make_rebase(apply: Apply, person: User, original: str, version: int | None = None) -> Apply:
    """The new version. Errors: as `preview_rebase`, and Refused `changed_meanwhile`."""
    standing = standing_of(apply)
    reviewed = _reviewed(apply, standing, original)
    work = judging.submit(rebased_and_judged, reviewed, original, own_chat(apply), apply.path, apply.language)
    found, judgement = work.result()
    base = NewBase(
        original=original,
        rebased=found,
        seen=standing.versions,
        confidence=apply.confidence if judgement.sound else "unsure",
        checks=judgement.checks,
        support=judgement.support,
    )
    fresh = rebase_apply(apply, person, base, version)
    if fresh.changeset_id is not None:
        event_log.wake(waking_key(fresh.changeset_id))
    worker.prepare_colours(fresh.id)
    return fresh


def _reviewed(apply: Apply, standing: Standing, original: str) -> Reviewed:
    texts = texts_of(apply)
    if texts.merged is None:
        raise Refused("not_finished", f"There is no review to carry over: the apply is {apply.status}.")
    check_text(original, "original")
    if original == texts.original:
        raise Refused(
            "same_original", "This is the file that the review stands on: there is nothing to do.", "original"
        )
    return Reviewed(texts.original, texts.merged, standing.hunks, standing.layouts)
