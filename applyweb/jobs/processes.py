"""CPU work in processes of its own, so that no diff and no colouring takes a core's lock from the sockets.

What is run must be a module's own function of plain values, and its module must not need Django. Must not know: what
the work is.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from applyweb.engines.children import end_with_parent

P = ParamSpec("P")
T = TypeVar("T")


class Processes:
    """Up to `count` processes, started on first use and ended with their parent, however it ends."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The work's future. A pool that lost a process (killed for memory, say) is made anew; what ran in it fails
        with BrokenProcessPool."""
        with self._lock:
            if self._pool is None:
                self._pool = self._make()
            try:
                return self._pool.submit(work, *args, **kwargs)
            except BrokenProcessPool:
                self._pool.shutdown(wait=False)
                self._pool = self._make()
                return self._pool.submit(work, *args, **kwargs)

    def _make(self) -> ProcessPoolExecutor:
        # Spawned, not forked: a fork would copy the locks that other threads hold at that moment.
        return ProcessPoolExecutor(self._count, get_context("spawn"), end_with_parent, (os.getpid(),))


_cores = os.cpu_count() or 1
judging = Processes(max(1, min(4, _cores // 2)))
colouring = Processes(1)  # long work that nobody waits for: never in the way of judging
