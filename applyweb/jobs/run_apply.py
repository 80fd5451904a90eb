"""Driving one apply from "queued" to its end: the engine streams, events are logged, the end is stored once.

Must not know: sockets, requests, any one engine.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any

from channels.db import database_sync_to_async

from applyweb.actions import applies as actions
from applyweb.core.stream import Settler
from applyweb.core.text import split_lines
from applyweb.engines.base import ApplyRequest, Delta, EngineError, Finished, Restart
from applyweb.jobs.batcher import Batcher
from applyweb.jobs.changesets import waking_key
from applyweb.jobs.colours import prepare
from applyweb.jobs.engines import engine_for_apply
from applyweb.jobs.event_log import event_log
from applyweb.jobs.outcome import OutcomeParts, build_outcome
from applyweb.models import Apply
from applyweb.queries.applies import own_chat

MAX_ATTEMPTS = 3
_INCOMPLETE = (
    "The model stopped before the end of the file (its length limit). Serve it with a larger context, or use the "
    "embedded engine. What was written is shown and is not a result."
)


@dataclass(slots=True)
class _Progress:
    """What has been streamed to readers in this attempt, since the last restart."""

    apply_id: str
    original: str
    original_lines: int = field(init=False)
    settler: Settler = field(init=False)
    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.original_lines = len(split_lines(self.original))
        self.settler = Settler(self.original)

    def emit(self, text: str) -> None:
        """One delta event, and the hunks that it settled."""
        self.written.append(text)
        settled = self.settler.feed(text)
        event_log.append(self.apply_id, {"type": "delta", "text": text, "position": self.settler.position})
        for hunk in settled:
            event_log.append(self.apply_id, {"type": "hunk", **asdict(hunk)})

    def restart(self) -> None:
        self.settler = Settler(self.original)
        self.written.clear()

    @property
    def text(self) -> str:
        return "".join(self.written)


async def run_apply(apply_id: str) -> None:
    """Runs one attempt. Returns when the apply has ended, or at once where another attempt or a stop was faster. When
    cancelled the apply stays "running", for the next start of the server; a stop is `stop_apply`'s business."""
    apply = await database_sync_to_async(_begin)(apply_id)
    if apply is None:  # ended meanwhile, or asked to stop before a server that was killed could end it
        await end_stopped(apply_id)
        return
    event_log.begin(apply_id, apply.attempt)
    if apply.changeset_id is not None:
        event_log.wake(waking_key(apply.changeset_id))
    progress = _Progress(apply_id, apply.original.text)
    if apply.attempt > MAX_ATTEMPTS:
        message = f"The server ended {MAX_ATTEMPTS} times during this apply. Apply again, or choose another engine."
        await _fail(apply, progress, EngineError("server_error", message))
        return
    _log_start(apply, progress, apply.engine)
    try:
        finished = await _stream(apply, progress)
        if finished.reason != "stop":
            await _fail(apply, progress, EngineError("incomplete", _INCOMPLETE, notes=finished.notes), finished.stats)
            return
        parts = await build_outcome(apply, progress.original, finished)
        await _finish(apply, parts)
    except EngineError as error:
        await _fail(apply, progress, error)
        return
    except Exception:
        # A defect of ours: the person must not wait for ever, and the log must show it.
        message = "applyweb failed inside; the server's log says where. Apply again."
        await _fail(apply, progress, EngineError("server_error", message))
        raise
    await prepare(apply_id)


async def _finish(apply: Apply, parts: OutcomeParts) -> None:
    event = {"type": "finished", **parts.summary}
    outcome = parts.outcome([*event_log.all(apply.id), _numbered(apply.id, event)])
    if await database_sync_to_async(actions.finish_apply)(apply.id, apply.attempt, outcome):
        event_log.append(apply.id, event)
    event_log.drop(apply.id)


async def end_stopped(apply_id: str) -> None:
    """Stores the end of an apply whose task was stopped, or never began."""
    partial = "".join(event["text"] for event in _since_restart(apply_id) if event["type"] == "delta")
    event = {"type": "stopped"}
    events = [*event_log.all(apply_id), _numbered(apply_id, event)]
    if await database_sync_to_async(actions.mark_stopped)(apply_id, events=events, partial=partial):
        event_log.append(apply_id, event)
    event_log.drop(apply_id)


def _begin(apply_id: str) -> Apply | None:
    apply = actions.begin_attempt(apply_id)
    if apply is not None:
        _ = apply.original.data, apply.chat.data  # loaded here: the event loop must not touch the database
    return apply


async def _stream(apply: Apply, progress: _Progress) -> Finished:
    """The engine's events into the log; returns its last. Errors: EngineError."""
    engine = engine_for_apply(apply.engine)
    request_id = f"{apply.id}-{apply.attempt}"
    request = ApplyRequest(request_id, progress.original, own_chat(apply), apply.path, apply.language)
    batcher = Batcher(progress.emit)
    began = time.monotonic()
    finished: Finished | None = None
    try:
        async with aclosing(engine.stream(request)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    batcher.add(event.text)
                elif isinstance(event, Restart):
                    batcher.discard()
                    progress.restart()
                    _log_start(apply, progress, event.engine, note=asdict(event.note))
                else:
                    finished = event
    finally:
        batcher.flush()  # also where the engine failed or was stopped: what it wrote is shown
    if finished is None:
        raise EngineError("bad_reply", f"The engine {apply.engine} ended without a result. Apply again.")
    if finished.text != progress.text:
        raise EngineError("bad_reply", f"The engine {finished.engine} streamed another text than it finished with.")
    _log_tail(apply, progress)
    finished_stats = {"total_ms": round((time.monotonic() - began) * 1000, 1), **finished.stats}
    return Finished(
        finished.text, finished.reason, finished.engine, finished.confidence, finished.notes, finished_stats
    )


def _log_start(apply: Apply, progress: _Progress, engine: str, **more: Any) -> None:
    event = {"type": "started", "engine": engine, "attempt": apply.attempt, "original_lines": progress.original_lines}
    event_log.append(apply.id, {**event, **more})


def _log_tail(apply: Apply, progress: _Progress) -> None:
    for hunk in progress.settler.finish():
        event_log.append(apply.id, {"type": "hunk", **asdict(hunk)})


async def _fail(
    apply: Apply, progress: _Progress, error: EngineError, stats: Mapping[str, float | int | str] | None = None
) -> None:
    event = {"type": "failed", "status": "failed", "error": {"code": error.code, "message": str(error)}}
    stored = await database_sync_to_async(actions.fail_apply)(
        apply.id,
        apply.attempt,
        code=error.code,
        message=str(error),
        events=[*event_log.all(apply.id), _numbered(apply.id, event)],
        partial=progress.text,
        notes=[asdict(note) for note in error.notes],
        stats=stats or {},
    )
    if stored:
        event_log.append(apply.id, event)
    event_log.drop(apply.id)


def _numbered(apply_id: str, event: dict[str, Any]) -> dict[str, Any]:
    """The event with the number that it will have: this task is the log's only writer."""
    return {"seq": event_log.next_seq(apply_id), **event}


def _since_restart(apply_id: str) -> list[dict[str, Any]]:
    events = list(event_log.all(apply_id))
    starts = [index for index, event in enumerate(events) if event["type"] == "started"]
    return events[starts[-1] :] if starts else events
