"""The task broker and its tasks: taskiq, in memory; a Redis stream broker takes the same tasks.

Must not know: what a task does inside; threads (that is `worker`).
"""

from __future__ import annotations

import asyncio

from django.conf import settings
from taskiq import InMemoryBroker

from applyweb.jobs.changesets import tell_changeset
from applyweb.jobs.run_apply import end_stopped, run_apply

broker = InMemoryBroker(max_async_tasks=1000)  # waiting for a slot is done below

_running: dict[str, asyncio.Task[None]] = {}
_stopping: set[str] = set()
_slots: asyncio.Semaphore | None = None


@broker.task(task_name="run_apply")
async def run_apply_task(apply_id: str) -> None:
    """Runs one apply when a slot is free; the work itself can be stopped by `stop_apply`."""
    if apply_id in _running:
        return
    task = asyncio.create_task(_in_slot(apply_id), name=f"apply {apply_id}")
    _running[apply_id] = task
    try:
        await asyncio.wait([task])
        if apply_id in _stopping:
            await end_stopped(apply_id)  # does nothing where the end was faster than the stop
        if not task.cancelled() and (error := task.exception()):
            raise error
    finally:
        task.cancel()
        _running.pop(apply_id, None)
        _stopping.discard(apply_id)
        await tell_changeset(apply_id)


@broker.task(task_name="stop_apply")
async def stop_apply_task(apply_id: str) -> None:
    """Stops an apply wherever it is: waiting for a slot, in its engine, or not known to this process."""
    task = _running.get(apply_id)
    if task is None:
        await end_stopped(apply_id)
        await tell_changeset(apply_id)
        return
    _stopping.add(apply_id)
    task.cancel()


async def _in_slot(apply_id: str) -> None:
    global _slots  # bound to the worker's loop, so it is made there
    if _slots is None:
        _slots = asyncio.Semaphore(settings.CONCURRENT_APPLIES)
    async with _slots:
        await run_apply(apply_id)
