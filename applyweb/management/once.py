"""One apply from a command: an engine run to its end, without the site.

Must not know: the database, how a command reports.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import aclosing
from dataclasses import dataclass, replace

from applyweb.engines import registry
from applyweb.engines.base import ApplyRequest, Engine, EngineError, Finished, Note
from applyweb.jobs.judge import concluded, judge
from applyweb.jobs.model_server import engine_settings


@dataclass(frozen=True, slots=True)
class Ended:
    """How an apply ended, judged as on the site: `text` is None where the engine failed, and then `failure` says why.
    `ms` is the engine's own figure where it reports one, else the time of the whole call, without the judgement."""

    text: str | None
    confidence: str
    notes: tuple[Note, ...]
    ms: float
    code: str = ""
    failure: str = ""


def apply_once(engine: str, original: str, chat: str, path: str = "", language: str = "") -> Ended:
    """A merge that takes too long is stopped, as on the site. Errors: registry.UnknownEngine."""
    request = ApplyRequest(uuid.uuid4().hex, original, chat, path, language)
    settings = replace(engine_settings(), merge_in_process=True)
    return asyncio.run(_run(registry.get(engine, settings), request))


async def _run(engine: Engine, request: ApplyRequest) -> Ended:
    began = time.perf_counter()
    finished: Finished | None = None
    try:
        async with aclosing(engine.stream(request)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    finished = event
    except EngineError as error:
        return Ended(None, "refused", error.notes, _since(began), error.code, str(error))
    if finished is None or finished.reason != "stop":
        return Ended(None, "refused", (), _since(began), "incomplete", "The engine stopped before the end of the file.")
    own, ms = finished.stats.get("ms"), _since(began)
    judgement = judge(request.original, finished.text, request.chat, request.path, request.language)
    finished = concluded(finished, judgement)
    return Ended(
        finished.text,
        finished.confidence,
        finished.notes,
        float(own) if isinstance(own, (int, float)) else ms,
    )


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
