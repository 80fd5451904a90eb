"""The model servers that `manage.py serve_model` runs on this machine, a file each in the data folder: the site uses
the one that was registered last of those that are there, without a restart. An address in the environment goes before
it.

Must not know: how a server is started; requests, templates.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from applyweb.engines.settings import EngineSettings

_NAMES = "model_server-*.json"  # … the port: two servers have two
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
    path = _path(server)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(server)) + "\n", encoding="utf-8")
    beside.replace(path)


def unregister(server: Registered) -> None:
    """Only where it is still this one: another may have taken its place at the same port."""
    if _read(_path(server)) == server:
        _path(server).unlink(missing_ok=True)


def registered() -> Registered | None:
    """The server that was registered last of those that are still there; None where there is none."""
    found = sorted(((_written(path), path) for path in Path(settings.DATA_DIR).glob(_NAMES)), reverse=True)
    return next((server for _, path in found if (server := _read(path)) is not None), None)


def _read(path: Path) -> Registered | None:
    """A file that cannot be read (a full disk cuts it off) is said in the log and names none: whoever needs no model
    must not fail for it."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        return Registered(str(row["url"]), str(row["profile"]), str(row["model"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read, so its model server is not used: %r. Start serve_model again.", path, error)
        return None


def _path(server: Registered) -> Path:
    return Path(settings.DATA_DIR) / _NAMES.replace("*", str(urlsplit(server.url).port))


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0  # its server has ended just now
