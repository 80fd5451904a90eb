"""The task broker and its tasks: taskiq, in memory; a Redis stream broker takes the same tasks.

Must not know: what a task does inside; threads (that is `worker`).
"""

from __future__ import annotations

from channels.db import database_sync_to_async
from taskiq import InMemoryBroker

from applyweb.jobs.changesets import tell_changeset
from applyweb.jobs.run_apply import end_stopped, run_apply
from applyweb.jobs.run_proposal import end_stopped_proposal, run_proposal
from applyweb.jobs.stoppable import Stoppable
from applyweb.queries.applies import owner_id
from applyweb.queries.proposals import person_id

broker = InMemoryBroker(max_async_tasks=1000)  # waiting for a slot is done by Stoppable

_applies = Stoppable(run_apply, end_stopped, database_sync_to_async(owner_id))
# Slots of their own: a person waits for a few lines, and not behind whole files.
_proposals = Stoppable(run_proposal, end_stopped_proposal, database_sync_to_async(person_id))


@broker.task(task_name="run_apply")
async def run_apply_task(apply_id: str) -> None:
    """Runs one apply when a slot is free; the work itself can be stopped by `stop_apply`."""
    try:
        await _applies.run(apply_id)
    finally:
        await tell_changeset(apply_id)


@broker.task(task_name="stop_apply")
async def stop_apply_task(apply_id: str) -> None:
    """Stops an apply wherever it is: waiting for a slot, in its engine, or not known to this process."""
    await _applies.stop(apply_id)
    await tell_changeset(apply_id)


@broker.task(task_name="run_proposal")
async def run_proposal_task(proposal_id: int) -> None:
    """Has a hunk written anew when a slot is free."""
    await _proposals.run(proposal_id)


@broker.task(task_name="stop_proposal")
async def stop_proposal_task(proposal_id: int) -> None:
    """Ends the work on a proposal that was stopped."""
    await _proposals.stop(proposal_id)
