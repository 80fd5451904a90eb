"""The engines by name, imported on first use.

Must not know: what any engine does. A further engine is one line in `_PATHS`; one from another package is a word in
APPLYWEB_ENGINES, "name=package.module.Class", several apart by spaces.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module

from applyweb.engines.base import Engine
from applyweb.engines.settings import EngineSettings

__all__ = ["EngineSettings", "UnknownEngine", "get", "names"]

_PATHS = {
    "embedded": "applyweb.engines.embedded.EmbeddedEngine",
    "sglang": "applyweb.engines.sglang.SGLangEngine",
    "openai": "applyweb.engines.openai_compatible.OpenAIEngine",
    "auto": "applyweb.engines.auto.AutoEngine",
}


class UnknownEngine(ValueError):
    """No engine has this name; `str(error)` lists those there are."""


def names() -> tuple[str, ...]:
    """Every engine's name, in the order to offer them."""
    return tuple(_paths())


def _paths() -> dict[str, str]:
    further = (word.partition("=") for word in os.environ.get("APPLYWEB_ENGINES", "").split())
    return _PATHS | {name: path for name, _, path in further if name and path}


def get(name: str, settings: EngineSettings | None = None) -> Engine:
    """A new engine that reads `settings` (the process environment's where None). Errors: UnknownEngine."""
    paths = _paths()
    if name not in paths:
        raise UnknownEngine(f"There is no engine {name!r}. Choose one of: {', '.join(paths)}.")
    module, _, attribute = paths[name].rpartition(".")
    make: Callable[[EngineSettings], Engine] = getattr(import_module(module), attribute)
    return make(EngineSettings.from_env(os.environ) if settings is None else settings)
