"""The deterministic merge as an engine: no model, no network.

Must not know: how a merge is found (that is `core.merge`); other engines.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from applyweb.core.merge import Merge, MergeNote, MergeRefused, merge
from applyweb.engines.base import ApplyRequest, Delta, EngineError, EngineStatus, Event, Finished, Note
from applyweb.engines.lanes import LaneEnded, merging
from applyweb.engines.settings import EngineSettings

PIECE = 16 * 1024  # characters, so a piece is at most 64 KiB of UTF-8
WARM_UP_TIMEOUT = 60.0  # seconds: a machine that starts may be slow


class EmbeddedEngine:
    name = "embedded"

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        """The whole file at once, in pieces; the loop stays free meanwhile. With `merge_in_process` a merge that nobody
        waits for any more is stopped, and so is one that takes over `merge_timeout`; in a thread it runs to its end."""
        for event in told(*await merged(request, self._settings)):
            yield event

    async def status(self) -> EngineStatus:
        return EngineStatus(self.name, "Embedded merge", "ready", "Always there: needs no model and no network.")


async def merged(request: ApplyRequest, settings: EngineSettings) -> tuple[Merge, float]:
    """The merge, and the milliseconds that it took, without the way to its process. Errors: EngineError."""
    if settings.merge_in_process:
        result, ms = await _merge_in_process(request, settings.merge_timeout)
    else:
        result, ms = await asyncio.to_thread(_timed_merge, request)
    if isinstance(result, Refusal):
        raise EngineError(result.code, result.message, notes=to_notes(result.notes))
    return result, ms


def told(result: Merge, ms: float, *notes: Note) -> Iterator[Delta | Finished]:
    """A merge as an engine's events, `notes` before its own."""
    for piece in pieces(result.text):
        yield Delta(piece)
    stats = {"ms": ms, "probability": round(result.probability, 4)}
    all_notes = (*notes, *to_notes(result.notes))
    yield Finished(result.text, "stop", EmbeddedEngine.name, result.confidence, all_notes, stats)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A MergeRefused as a value, which can be sent between processes; the exception cannot."""

    code: Literal["no_code", "wrong_file", "cannot_place"]
    message: str
    notes: tuple[MergeNote, ...]


def attempt_merge(request: ApplyRequest) -> Merge | Refusal:
    """The merge, or why there is none."""
    try:
        return merge(request.original, request.chat, path=request.path, language=request.language)
    except MergeRefused as refusal:
        return Refusal(refusal.code, str(refusal), refusal.notes)


def _timed_merge(request: ApplyRequest) -> tuple[Merge | Refusal, float]:
    began = time.perf_counter()
    return attempt_merge(request), round((time.perf_counter() - began) * 1000, 3)


async def warm_up() -> None:
    """Starts a process for merges and loads what the first apply would wait for."""
    request = ApplyRequest("warm-up", "a = 1\n", "```python\na = 2\n```\n", "a.py", "python")
    await _merge_in_process(request, WARM_UP_TIMEOUT)


async def _merge_in_process(request: ApplyRequest, seconds: float) -> tuple[Merge | Refusal, float]:
    """Errors: EngineError where it takes too long, or its process ends."""
    try:
        return await merging.run(_timed_merge, request, seconds=seconds)
    except TimeoutError as error:
        message = (
            f"The merge took more than {seconds:g} seconds and was stopped. Apply fewer changes at once, or choose an "
            "engine with a model."
        )
        raise EngineError("timeout", message) from error
    except LaneEnded as error:
        message = "The merge's process was ended twice, perhaps for want of memory. Apply fewer changes at once."
        raise EngineError("server_error", message) from error


def to_notes(notes: Iterable[MergeNote]) -> tuple[Note, ...]:
    return tuple(Note(note.code, note.message, note.severity, note.chat_line) for note in notes)


def pieces(text: str) -> Iterator[str]:
    """`text` in pieces of at most PIECE characters that end at line ends where they can."""
    start = 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield text[start:end]
        start = end
