"""The deterministic merge as an engine: no model, no network.

Must not know: how a merge is found (that is `core.merge`); other engines.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Iterator

from applyweb.core.merge import Merge, MergeNote, MergeRefused, merge
from applyweb.engines.base import ApplyRequest, Delta, EngineError, EngineStatus, Event, Finished, Note
from applyweb.engines.settings import EngineSettings

PIECE = 16 * 1024  # characters, so a piece is at most 64 KiB of UTF-8


class EmbeddedEngine:
    name = "embedded"

    def __init__(self, settings: EngineSettings) -> None:
        """All engines are made alike; this one has nothing to set."""

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        """The whole file at once, in pieces; the merge runs in a thread, so the loop stays free. A merge that nobody
        waits for any more still ends on its own (milliseconds), as a thread cannot be stopped."""
        began = time.perf_counter()
        result = await asyncio.to_thread(run_merge, request)
        ms = round((time.perf_counter() - began) * 1000, 3)
        for piece in pieces(result.text):
            yield Delta(piece)
        yield Finished(result.text, "stop", self.name, result.confidence, to_notes(result.notes), {"ms": ms})

    async def status(self) -> EngineStatus:
        return EngineStatus(self.name, "Embedded merge", "ready", "Always there: needs no model and no network.")


def run_merge(request: ApplyRequest) -> Merge:
    """Errors: EngineError with the code of the refusal."""
    try:
        return merge(request.original, request.chat, path=request.path, language=request.language)
    except MergeRefused as refusal:
        raise EngineError(refusal.code, str(refusal), notes=to_notes(refusal.notes)) from refusal


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
