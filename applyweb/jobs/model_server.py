"""The model server that `manage.py serve_model` runs on this machine, as a file in the data folder: the site uses it
while it is there, without a restart. An address in the environment goes before it.

Must not know: how a server is started; requests, templates.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings

from applyweb.engines.settings import EngineSettings

_NAME = "model_server.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registered:
    url: str
    profile: str
    model: str


def engine_settings() -> EngineSettings:
    """What the environment says, and the registered server where it names none."""
    found = EngineSettings.from_env(os.environ)
    server = None if found.sglang_url else registered()
    if server is None:
        return found
    return replace(found, sglang_url=server.url, sglang_model=found.sglang_model or server.model)


def register(server: Registered) -> None:
    """Errors: OSError."""
    path = _path()
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(server)) + "\n", encoding="utf-8")
    beside.replace(path)


def unregister(server: Registered) -> None:
    """Only where it is still this one: another may have taken its place."""
    if registered() == server:
        _path().unlink(missing_ok=True)


def registered() -> Registered | None:
    """The server that was registered last; None where there is none. A file that cannot be read (a full disk cuts it
    off) is said in the log and names none: whoever needs no model must not fail for it."""
    try:
        row = json.loads(_path().read_text(encoding="utf-8"))
        return Registered(str(row["url"]), str(row["profile"]), str(row["model"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read, so its model server is not used: %r. Start serve_model again.", _path(), error)
        return None


def _path() -> Path:
    return Path(settings.DATA_DIR) / _NAME
