"""The worker of a one-process site: the broker's event loop in a thread of its own, so that applies neither wait for
requests nor hold them up. Interrupted applies are taken up when it starts.

Must not know: what the tasks do.
"""

from __future__ import annotations

import asyncio
import contextvars
import fcntl
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any

from channels.db import database_sync_to_async
from django.conf import settings

from applyweb.engines import embedded
from applyweb.jobs.broker import broker, run_apply_task, run_proposal_task, stop_apply_task, stop_proposal_task
from applyweb.jobs.colours import prepare
from applyweb.jobs.judge import warm_up
from applyweb.jobs.processes import judging
from applyweb.queries.applies import open_apply_ids
from applyweb.queries.proposals import open_proposal_ids


class DataFolderInUse(RuntimeError):
    """Another applyweb process already works on this data folder."""


class Worker:
    """One thread, one loop. `start` is idempotent; the thread ends with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock_file: IO[str] | None = None

    def start(self) -> None:
        """Starts the loop and takes up what an earlier process left open. Errors: DataFolderInUse."""
        with self._lock:
            if self._loop is not None:
                return
            self._lock_file = _take_folder(Path(settings.DATA_DIR))
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="applyweb worker", daemon=True).start()
            self._loop = loop
        judging.submit(warm_up)
        self._submit(embedded.warm_up())
        self._submit(_take_up()).result(timeout=60)

    def enqueue_apply(self, apply_id: str) -> None:
        """Queues an apply; returns when the broker has it."""
        self.start()
        self._submit(run_apply_task.kiq(apply_id)).result(timeout=30)

    def stop_apply(self, apply_id: str) -> None:
        """Queues the stop of an apply; returns when the broker has it."""
        self.start()
        self._submit(stop_apply_task.kiq(apply_id)).result(timeout=30)

    def enqueue_proposal(self, proposal_id: int) -> None:
        """Queues the writing of a proposal; returns when the broker has it."""
        self.start()
        self._submit(run_proposal_task.kiq(proposal_id)).result(timeout=30)

    def stop_proposal(self, proposal_id: int) -> None:
        """Queues the end of the work on a proposal; returns when the broker has it."""
        self.start()
        self._submit(stop_proposal_task.kiq(proposal_id)).result(timeout=30)

    def prepare_colours(self, apply_id: str) -> None:
        """Has the colours of a finished apply made, unless they are; returns at once. They are only looks: nothing is
        started for them where no worker runs."""
        if self._loop is not None:
            self._submit(prepare(apply_id))

    def _submit(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        assert self._loop is not None
        # In an empty context: a request's own would tie the job's database work to the request's thread, which ends.
        return contextvars.Context().run(asyncio.run_coroutine_threadsafe, work, self._loop)


async def _take_up() -> None:
    await broker.startup()
    for apply_id in await database_sync_to_async(open_apply_ids)():
        await run_apply_task.kiq(apply_id)
    for proposal_id in await database_sync_to_async(open_proposal_ids)():
        await run_proposal_task.kiq(proposal_id)


def _take_folder(folder: Path) -> IO[str]:
    """Holds the folder for this process: two workers on one SQLite file would both take up the same applies."""
    file = (folder / "worker.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise DataFolderInUse(
            f"Another applyweb is running on {folder}. Use that one, stop it, or set APPLYWEB_DATA to another folder."
        ) from error
    return file


worker = Worker()
