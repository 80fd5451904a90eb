"""Trying again where that is safe: the failure may pass, and nothing was streamed yet.

Must not know: what is tried.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from itertools import count

from applyweb.engines.base import EngineError, Event
from applyweb.engines.settings import EngineSettings


async def with_retries(
    attempt: Callable[[], AsyncGenerator[Event, None]], settings: EngineSettings
) -> AsyncGenerator[Event, None]:
    """The events of an attempt; where it fails retryably before its first event, those of another one, up to
    `settings.retries` more, after a pause that doubles. Errors: the last attempt's EngineError."""
    for number in count():
        streamed = False
        try:
            async with aclosing(attempt()) as events:
                async for event in events:
                    streamed = True
                    yield event
            return
        except EngineError as error:
            if streamed or not error.retryable or number >= settings.retries:
                raise
        await asyncio.sleep(settings.retry_delay * 2**number)
