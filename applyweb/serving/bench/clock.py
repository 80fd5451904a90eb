"""An engine that writes the original back at a steady rate and stamps lines with the moment at which it gave them out.

It is offered to a site by APPLYWEB_ENGINES. CLOCK_MONOTONIC is one clock for all processes of a machine, so a reader in
another process can subtract. Must not know: who reads.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass

from applyweb.core.text import split_lines
from applyweb.engines.base import ApplyRequest, Delta, EngineStatus, Event, Finished
from applyweb.engines.settings import EngineSettings

ENGINES = "clock=applyweb.serving.bench.clock.ClockEngine"
TOKENS_PER_LINE = 10
CHARACTERS_PER_TOKEN = 4
_STAMP = re.compile(r"# at (\d{10,}) late (\d+)\.")
_FENCE = re.compile(r"```json\n(.*?)\n```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a clocked apply does: one line counts as TOKENS_PER_LINE tokens, every `stamp_every`-th line of the original
    is replaced by a stamp. `pause` is in seconds, before the first line: time for readers to open."""

    tokens_per_second: float
    stamp_every: int
    pause: float = 0.0

    @property
    def lines_per_second(self) -> float:
        return self.tokens_per_second / TOKENS_PER_LINE


@dataclass(frozen=True, slots=True)
class Stamp:
    """`given_ns`: time.monotonic_ns() when the line left the engine. `late_ns`: how far behind its pace the engine was
    held by then."""

    given_ns: int
    late_ns: int


def clock_chat(pace: Pace) -> str:
    """The chat that tells the engine its pace."""
    return f"Write the file at this pace:\n\n```json\n{json.dumps(asdict(pace))}\n```\n"


def clock_original(lines: int) -> str:
    """A file whose lines have the length that TOKENS_PER_LINE and CHARACTERS_PER_TOKEN say, all different."""
    width = TOKENS_PER_LINE * CHARACTERS_PER_TOKEN - 1
    return "".join(
        f"value_{number:06d} = measure({number * 7919 % 1_000_003:07d})".ljust(width, "#") + "\n"
        for number in range(lines)
    )


def stamps_in(text: str) -> list[Stamp]:
    """The stamps of all whole stamped lines in `text`, in order."""
    return [Stamp(int(given), int(late)) for given, late in _STAMP.findall(text)]


class ClockEngine:
    name = "clock"

    def __init__(self, settings: EngineSettings) -> None:
        """All engines are made alike; this one has nothing to set."""

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        """Lines that are due are given one by one; between them the engine sleeps, so it never runs ahead."""
        pace = _pace_of(request.chat)
        lines = split_lines(request.original)
        await asyncio.sleep(pace.pause)
        began = time.monotonic_ns()
        per_line = 1e9 / pace.lines_per_second
        for number, line in enumerate(lines):
            due = began + int(number * per_line)
            if (wait := due - time.monotonic_ns()) > 0:
                await asyncio.sleep(wait / 1e9)
            if number % pace.stamp_every == pace.stamp_every // 2:
                now = time.monotonic_ns()
                line = lines[number] = f"# at {now} late {now - due}.\n"
            yield Delta(line, tokens=TOKENS_PER_LINE)
        yield Finished("".join(lines), "stop", self.name, "certain", stats={"lines": len(lines)})

    async def status(self) -> EngineStatus:
        return EngineStatus(self.name, "Clock", "ready", "For measuring: stamps its lines.")


def _pace_of(chat: str) -> Pace:
    found = _FENCE.search(chat)
    if found is None:
        raise ValueError("the chat of a clocked apply holds its pace as JSON")
    return Pace(**json.loads(found[1]))
