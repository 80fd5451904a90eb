"""What the tests of bundles share: tiny wheels, and a plan for a tiny server."""

from __future__ import annotations

import base64
import hashlib
import platform
import sys
import zipfile
from pathlib import Path
from typing import Any

from applyweb.serving.model_server import bundle
from applyweb.serving.model_server.bundle import Plan
from applyweb.serving.model_server.wheels import Host
from tests.serving.weights import safetensors

NEXT = f"{sys.version_info[0]}.{sys.version_info[1] + 1}"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
LINUX = f"manylinux_2_17_{platform.machine()}"
WEIGHTS = safetensors(bytes(range(256)) * 1000)


def wheel(folder: Path, name: str, *needs: str, tag: str = "py3-none-any") -> None:
    """A tiny wheel whose module says its name."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as archive:
        module = f"NAME = {name!r}\n"
        archive.writestr(f"{name}.py", module)
        lines = [
            "Metadata-Version: 2.1",
            f"Name: {name}",
            "Version: 1.0",
            *(f"Requires-Dist: {each}" for each in needs),
        ]
        archive.writestr(f"{info}/METADATA", "\n".join(lines) + "\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: {tag}\n")
        digest = base64.urlsafe_b64encode(hashlib.sha256(module.encode()).digest()).decode().rstrip("=")
        archive.writestr(f"{info}/RECORD", f"{name}.py,sha256={digest},{len(module)}\n{info}/RECORD,,\n")


def plan(model: Path, **changed: Any) -> Plan:
    start = ["{target}/venv/bin/python", "-m", "tinyserver", "--model-path", "{target}/model"]
    given: dict[str, Any] = {
        "requirements": ["tinyserver==1.0"],
        "alone": ["tinyplugin"],
        "root": None,
        "folders": {"model": model},
        "start": start,
        "host": Host(HERE, [LINUX]),
    }
    return Plan(**(given | changed))


def pack(out: Path, made: Plan) -> Path:
    list(bundle.pack(made, out))
    return out
