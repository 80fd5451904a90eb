"""What tests of engines share: read a stream to its end, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import aclosing

from applyweb.engines.base import ApplyRequest, Delta, Engine, EngineError, Event, Restart


async def collect(engine: Engine, request: ApplyRequest) -> list[Event]:
    async with aclosing(engine.stream(request)) as events:
        return [event async for event in events]


async def read_until_error(engine: Engine, request: ApplyRequest) -> tuple[EngineError, list[Event]]:
    """The error that ends a stream, and what came before it."""
    events: list[Event] = []
    try:
        async with aclosing(engine.stream(request)) as stream:
            async for event in stream:
                events.append(event)  # noqa: PERF401  # a comprehension would lose what came before the error
    except EngineError as error:
        return error, events
    raise AssertionError(f"no error came, but {events}")


def joined(events: Iterable[Event]) -> str:
    """The text that a reader holds at the end: the deltas since the last restart."""
    text: list[str] = []
    for event in events:
        if isinstance(event, Restart):
            text.clear()
        elif isinstance(event, Delta):
            text.append(event.text)
    return "".join(text)
