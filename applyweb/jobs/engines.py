"""What the site asks of engines: names, states, one for an apply. Must not know: requests, templates."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from applyweb.engines import registry
from applyweb.engines.base import Engine, EngineStatus
from applyweb.jobs.model_server import engine_settings

DEFAULT_ENGINE = "auto"


def engine_names() -> tuple[str, ...]:
    """Every engine that an apply may ask for."""
    return registry.names()


def engine_for_apply(name: str) -> Engine:
    """A new engine whose work ends when its stream is closed. Errors: UnknownEngine."""
    return registry.get(name, replace(engine_settings(), merge_in_process=True))


def language_models() -> tuple[str, ...]:
    """The engines that can be asked for other lines with a note, those without an address left out."""
    return engine_settings().language_models


async def engine_statuses() -> list[EngineStatus]:
    """The live state of every engine, asked all at once; each bounds its own wait."""
    known = engine_settings()
    return list(await asyncio.gather(*(registry.get(name, known).status() for name in registry.names())))
