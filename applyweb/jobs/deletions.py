"""Deleting an apply or a changeset: its rows, then the work that is still done on it, then who looks on is told.

Must not know: requests, how anything is stored.
"""

from __future__ import annotations

from applyweb.actions import deletions as actions
from applyweb.jobs.changesets import waking_key
from applyweb.jobs.event_log import event_log
from applyweb.jobs.worker import worker
from applyweb.models import Apply, Changeset, User


def delete_apply(apply: Apply, person: User) -> actions.Deleted:
    """Errors: Refused `not_yours`."""
    return _ended(actions.delete_apply(apply, person))


def delete_changeset(changeset: Changeset, person: User) -> actions.Deleted:
    """Errors: as `delete_apply`."""
    return _ended(actions.delete_changeset(changeset, person))


def _ended(deleted: actions.Deleted) -> actions.Deleted:
    """Work that finds its rows gone stores nothing; it is stopped so that no engine goes on writing for nobody, and so
    that its log ends for who reads it."""
    for apply_id in deleted.open_applies:
        worker.stop_apply(apply_id)
    for proposal_id in deleted.open_proposals:
        worker.stop_proposal(proposal_id)
    if deleted.changeset:
        event_log.wake(waking_key(deleted.changeset))
    return deleted
