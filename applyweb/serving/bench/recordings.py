"""Answers of a served model, case by case, to be replayed. Must not know: arguments, files, how any engine works."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import aclosing

from applyweb.core import languages
from applyweb.core.cases import Case
from applyweb.engines.base import ApplyRequest, Engine, EngineError, Finished


def answers(cases: Iterable[Case], engine: Engine) -> Iterator[tuple[Case, str | None, str]]:
    """Each case, what the engine made of it, and "" or why that is None: a file that is not whole is no answer."""
    for case in cases:
        yield case, *asyncio.run(_answer(case, engine))


async def _answer(case: Case, engine: Engine) -> tuple[str | None, str]:
    language = case.language or languages.guess(case.path).name
    request = ApplyRequest(f"replay-{case.id}", case.original, case.chat, case.path, language)
    try:
        async with aclosing(engine.stream(request)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    return (event.text, "") if event.reason == "stop" else (None, "incomplete")
    except EngineError as error:
        return None, f"{error.code}: {error}"
    return None, "bad_reply: it ended without a result"
