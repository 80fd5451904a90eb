"""What the pages and the API ask about engines. Must not know: requests, templates."""

from __future__ import annotations

import asyncio

from applyweb.engines import registry
from applyweb.engines.base import EngineStatus

DEFAULT_ENGINE = "auto"


def engine_names() -> tuple[str, ...]:
    """Every engine that an apply may ask for."""
    return registry.names()


async def engine_statuses() -> list[EngineStatus]:
    """The live state of every engine, asked all at once; each bounds its own wait."""
    return list(await asyncio.gather(*(registry.get(name).status() for name in registry.names())))
