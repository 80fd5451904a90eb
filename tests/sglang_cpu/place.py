"""Where the CPU test server is installed: a folder outside the tree, named by what is installed into it.

Must not know: anything outside the standard library; `setup` runs before any environment exists.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHIM = HERE / "shim"
ROOT = HERE.parents[1]
_DECIDES = ("setup", "requirements.txt", "convert_model.py", "make_draft_head.py")


def install_folder() -> Path:
    """The folder of this very set-up: another pin or another step gives another folder, so an old install is
    never taken for a new one."""
    root = os.environ.get("APPLYWEB_TEST_CACHE")
    if not root:
        root = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "applyweb")
    digest = hashlib.sha256()
    for name in _DECIDES:
        digest.update(name.encode() + b"\0" + (HERE / name).read_bytes() + b"\0")
    return Path(root).resolve() / f"sglang_cpu-{digest.hexdigest()[:12]}"


def python(folder: Path) -> Path:
    return folder / "venv" / "bin" / "python"


def model(folder: Path) -> Path:
    return folder / "model"


def draft_head(folder: Path) -> Path:
    return folder / "eagle3-head"


def finished_marker(folder: Path) -> Path:
    """Written last: where it is missing the install is half done and starts again."""
    return folder / "finished"
