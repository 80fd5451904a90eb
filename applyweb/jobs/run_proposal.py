"""Driving one proposal from "queued" to its end: an engine writes a few lines anew, they are judged, and kept or not.

Must not know: sockets, requests, any one engine, prompts.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import asdict, dataclass

from channels.db import database_sync_to_async

from applyweb.actions import proposals as actions
from applyweb.core.anew import Astray, Doubt, Found, Inside, find, speaks_against, usual_end
from applyweb.engines.base import ApplyRequest, Delta, EngineError, Finished, Restart, Rewrite
from applyweb.jobs.batcher import Batcher
from applyweb.jobs.engines import engine_for_apply
from applyweb.jobs.event_log import event_log
from applyweb.jobs.processes import judging
from applyweb.models import Proposal
from applyweb.queries.proposals import Asked, asked, is_open

MAX_ATTEMPTS = 3
_INCOMPLETE = "The model stopped before the end of the lines. Ask for less, or serve it with a larger context."
_INSIDE = "applyweb failed inside; the server's log says where. Ask again."
_RESTARTED = f"The server ended {MAX_ATTEMPTS} times while this was written. Ask again, or ask another engine."


@dataclass(frozen=True, slots=True)
class _Task:
    """One attempt and everything that it needs of the database."""

    id: int
    attempt: int
    engine: str
    note: str
    asked: Asked


def log_key(proposal_id: int) -> str:
    """The name of its event log."""
    return f"proposal-{proposal_id}"


async def run_proposal(proposal_id: int) -> None:
    """Runs one attempt. Returns when it has ended, or at once where a stop was faster. When cancelled it stays
    "running", for the next start of the server; a stop is `end_stopped_proposal`'s business."""
    task = await database_sync_to_async(_begin)(proposal_id)
    if task is None:
        await end_stopped_proposal(proposal_id)
        return
    event_log.begin(log_key(task.id), task.attempt)
    event_log.append(log_key(task.id), {"type": "started", "engine": task.engine})
    if task.attempt > MAX_ATTEMPTS:
        await _fail(task, "server_error", _RESTARTED)
        return
    try:
        finished = await _stream(task)
        text, doubts = await _judged(task, finished)
    except EngineError as error:
        await _fail(task, error.code, str(error))
    except Astray as error:
        await _fail(task, "astray", f"{error} Nothing of it was taken over.")
    except Exception:
        # A defect of ours: the person must not wait for ever, and the log must show it.
        await _fail(task, "server_error", _INSIDE)
        raise
    else:
        told = [asdict(doubt) for doubt in doubts]
        stored = await database_sync_to_async(actions.finish_proposal)(
            task.id, task.attempt, text, told, dict(finished.stats)
        )
        _end(task.id, "finished" if stored else "stopped")


async def end_stopped_proposal(proposal_id: int) -> None:
    """Ends the log of one that was stopped; where it goes on after all, nothing."""
    if not await database_sync_to_async(is_open)(proposal_id):
        _end(proposal_id, "stopped")


def _begin(proposal_id: int) -> _Task | None:
    proposal: Proposal | None = actions.begin_proposal(proposal_id)
    if proposal is None:
        return None
    return _Task(proposal.pk, proposal.attempt, proposal.engine, proposal.note, asked(proposal))


def request_of(request_id: str, note: str, asked: Asked) -> ApplyRequest:
    """What the engine is asked."""
    place = asked.place
    return ApplyRequest(
        request_id=request_id,
        original=place.before,
        chat=asked.asked,
        path=asked.path,
        language=asked.language,
        part=True,
        draft=place.after,
        rewrite=Rewrite(place.after, note, len(place.above), len(place.below)),
    )


async def _stream(task: _Task) -> Finished:
    """The engine's last event; lines that belong into the hunk go to the log as they come. Errors: EngineError."""
    request = request_of(f"proposal-{task.id}-{task.attempt}", task.note, task.asked)
    inside = Inside(task.asked.place)
    batcher = Batcher(lambda text: _emit(task.id, text))
    finished: Finished | None = None
    try:
        async with aclosing(engine_for_apply(task.engine).stream(request)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    if lines := inside.feed(event.text):
                        batcher.add(lines)
                elif isinstance(event, Restart):
                    batcher.discard()
                    inside = Inside(task.asked.place)
                    event_log.append(log_key(task.id), {"type": "started", "engine": event.engine})
                else:
                    finished = event
        if rest := inside.close():
            batcher.add(rest)
    finally:
        batcher.flush()
    if finished is None:
        raise EngineError("bad_reply", f"The engine {task.engine} ended without a result. Ask again.")
    if finished.reason != "stop":
        raise EngineError("incomplete", _INCOMPLETE)
    return finished


async def _judged(task: _Task, finished: Finished) -> tuple[str, tuple[Doubt, ...]]:
    """The lines as they would stand in the file, and what speaks against them. Errors: Astray."""
    asked = task.asked
    original, merged = asked.texts.original, asked.texts.merged or ""
    found = find(asked.place, finished.text)
    found = Found(asked.place.fitted(found.text, usual_end(original, merged)), found.outside, found.bare)
    work = judging.submit(
        speaks_against,
        found,
        asked.place,
        original,
        merged,
        asked.at,
        chat=asked.chat,
        language=asked.language,
        path=asked.path,
    )
    told = tuple(Doubt("check", note.message) for note in finished.notes if note.severity != "info")
    return found.text, (*told, *await asyncio.wrap_future(work))


async def _fail(task: _Task, code: str, message: str) -> None:
    await database_sync_to_async(actions.fail_proposal)(task.id, task.attempt, code, message)
    _end(task.id, "failed")


def _emit(proposal_id: int, text: str) -> None:
    event_log.append(log_key(proposal_id), {"type": "delta", "text": text})


def _end(proposal_id: int, kind: str) -> None:
    event_log.append(log_key(proposal_id), {"type": kind})
    event_log.drop(log_key(proposal_id))
