"""What the site asks of engines: names, states, one for an apply. Must not know: requests, templates."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace

from applyweb.engines import registry
from applyweb.engines.base import Engine, EngineStatus
from applyweb.engines.settings import EngineSettings

DEFAULT_ENGINE = "auto"


def engine_names() -> tuple[str, ...]:
    """Every engine that an apply may ask for."""
    return registry.names()


def engine_for_apply(name: str) -> Engine:
    """A new engine whose work ends when its stream is closed. Errors: UnknownEngine."""
    return registry.get(name, replace(EngineSettings.from_env(os.environ), merge_in_process=True))


async def engine_statuses() -> list[EngineStatus]:
    """The live state of every engine, asked all at once; each bounds its own wait."""
    return list(await asyncio.gather(*(registry.get(name).status() for name in registry.names())))
