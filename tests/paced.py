"""Engines for tests: the embedded merge, streamed at a pace, so that a test can look, stop or kill in mid-apply.

APPLYWEB_ENGINES="paced=tests.paced.PacedEngine careless=tests.paced.CarelessEngine broken=tests.paced.BrokenEngine";
the pace is set by APPLYWEB_PACED_LINES_PER_SECOND.
APPLYWEB_PACED_END is how it ends: stop (default), length, or error.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator

from applyweb.core.merge import merge
from applyweb.core.text import split_lines
from applyweb.engines.base import ApplyRequest, Delta, EngineError, EngineStatus, Event, Finished
from applyweb.engines.settings import EngineSettings


class PacedEngine:
    name = "paced"

    def __init__(self, settings: EngineSettings) -> None:
        self._pause = 1 / float(os.environ.get("APPLYWEB_PACED_LINES_PER_SECOND", "50"))
        self._end = os.environ.get("APPLYWEB_PACED_END", "stop")

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        merged = merge(request.original, request.chat, path=request.path, language=request.language)
        lines = split_lines(merged.text)
        if self._end != "stop":
            lines = lines[: len(lines) // 2]
        for line in lines:
            yield Delta(line, tokens=1)
            await asyncio.sleep(self._pause)
        if self._end == "error":
            raise EngineError("interrupted", "The model server broke the connection. Apply again.")
        reason = "length" if self._end == "length" else "stop"
        yield Finished("".join(lines), reason, self.name, merged.confidence, stats={"lines": len(lines)})

    async def status(self) -> EngineStatus:
        return EngineStatus(self.name, "Paced", "ready", "For tests.")


class CarelessEngine(PacedEngine):
    """Writes the merge with two faults, as models do: it leaves the first changed line as it was, and adds a line that
    nobody asked for at the end."""

    name = "careless"

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        merged = merge(request.original, request.chat, path=request.path, language=request.language)
        old, new = split_lines(request.original), split_lines(merged.text)
        at = next(row for row, (before, after) in enumerate(zip(old, new, strict=False)) if before != after)
        text = "".join([*new[:at], old[at], *new[at + 1 :], "UNASKED = True\n"])
        yield Delta(text)
        yield Finished(text, "stop", self.name, "certain")

    async def status(self) -> EngineStatus:
        return EngineStatus(self.name, "Careless", "ready", "For tests.")


class BrokenEngine(PacedEngine):
    """Writes half of the merge at once, and breaks."""

    name = "broken"

    def __init__(self, settings: EngineSettings) -> None:
        self._pause = 0
        self._end = "error"
