"""Work that must be stoppable: each piece runs alone in a process, which is killed when nobody waits for it any more.

A pool of the standard library cannot do this: it has no way to end one piece of work, and waits for all of them when
the interpreter ends. Must not know: what the work is, engines.
"""

from __future__ import annotations

import asyncio
import os
import threading
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar, TypeVarTuple

from applyweb.engines.children import end_with_parent

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class LaneEnded(RuntimeError):
    """The process ended before its work did: killed, by us or for memory."""


class WorkFailed(RuntimeError):
    """The work raised; `str(error)` is the traceback of its process."""


class Lane:
    """One process for one piece of work at a time, started at the first. Killed once, it is of no more use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # a kill may come while the process is being started
        self._killed = False
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def begin(self, work: Callable[[*Ts], T], *args: *Ts) -> Future[T]:
        """The work's result, pickled on its way as the work is. Errors, in the future: LaneEnded, WorkFailed."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        # A daemon, so that work under way never keeps the interpreter from ending.
        threading.Thread(target=self._settle, args=(future, (work, args)), name="lane", daemon=True).start()
        return future

    def kill(self) -> None:
        """Returns at once; the work under way fails with LaneEnded."""
        with self._lock:
            self._killed = True
            if self._process is None:
                return
            self._process.kill()
        # Reaped beside the caller, who may be an event loop.
        threading.Thread(target=self._process.join, name="lane end", daemon=True).start()

    def _settle(self, future: Future[Any], call: tuple[Any, ...]) -> None:
        try:
            connection = self._connected()
            connection.send(call)
            succeeded, result = connection.recv()
            if not succeeded:
                raise WorkFailed(result)
        except (EOFError, ConnectionError):
            future.set_exception(LaneEnded("The process ended before its work did."))
        except BaseException as error:  # noqa: BLE001  # handed to the one who waits, whatever it is
            future.set_exception(error)
        else:
            future.set_result(result)

    def _connected(self) -> Connection:
        with self._lock:
            if self._killed:
                raise LaneEnded("The process was stopped before its work began.")
            if self._connection is None:
                # Spawned, not forked: a fork would copy the locks that other threads hold at that moment.
                context = get_context("spawn")
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs, os.getpid()), daemon=True)
                process.start()
                theirs.close()  # the child's own end is then the last: its death is read as an end of file
                self._process, self._connection = process, ours
            return self._connection


class Lanes:
    """Up to `count` lanes, made when needed. May be used from any thread and any event loop."""

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._unmade = count
        self._free: list[Lane] = []
        self._waiting: deque[Future[Lane]] = deque()

    async def run(self, work: Callable[[*Ts], T], *args: *Ts, seconds: float) -> T:
        """The result of a module's own function of plain values. Its process is killed when this is cancelled or takes
        more than `seconds`, waiting for a lane not counted. A process that ends by itself is tried once more.
        Errors: TimeoutError, LaneEnded, WorkFailed."""
        try:
            return await self._run_once(work, args, seconds)
        except LaneEnded:
            return await self._run_once(work, args, seconds)

    async def _run_once(self, work: Callable[[*Ts], T], args: tuple[*Ts], seconds: float) -> T:
        lane = await self._take()
        try:
            async with asyncio.timeout(seconds):
                result = await asyncio.wrap_future(lane.begin(work, *args))
        except BaseException:
            lane.kill()
            self._give(Lane())
            raise
        self._give(lane)
        return result

    async def _take(self) -> Lane:
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._unmade:
                self._unmade -= 1
                return Lane()
            taken: Future[Lane] = Future()
            self._waiting.append(taken)
        try:
            return await asyncio.wrap_future(taken)
        except asyncio.CancelledError:
            if not taken.cancel():  # the lane was handed over at the same moment
                self._give(taken.result())
            raise

    def _give(self, lane: Lane) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._free.append(lane)
                    return
                first = self._waiting.popleft()
            if first.set_running_or_notify_cancel():
                first.set_result(lane)
                return


def _serve(connection: Connection, parent: int) -> None:
    """The process's whole life: calls in, (succeeded, result or traceback) out."""
    end_with_parent(parent)
    while True:
        try:
            work, args = connection.recv()
        except EOFError:
            return
        try:
            answer = (True, work(*args))
        except Exception:  # noqa: BLE001  # told to the parent, which raises it
            answer = (False, traceback.format_exc())
        connection.send(answer)


# Two at least: one long merge must not hold up every other.
merging = Lanes(max(2, min(4, os.cpu_count() or 1)))
