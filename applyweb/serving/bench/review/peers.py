"""The peers from npm, in exact versions, fetched and bundled once into a folder outside of the tree.

Must not know: what is measured with them. Errors: NoPeers.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from applyweb.serving.bench.review.tools import PEER_NAMES

SOURCES = Path(__file__).with_name("peers")
_WORKER = "node_modules/monaco-editor/esm/vs/editor/editor.worker.js"
_PATIENCE = 600.0  # seconds for one command
_LAST_WORDS = 500  # characters of what a failed command wrote


class NoPeers(RuntimeError):
    """There is nothing to measure beside; `str(error)` says why."""


def bundles(cache: Path | None = None) -> Path:
    """The folder with NAME.js and NAME.css of every peer and monaco.worker.js; fetched where it is not there yet, and
    whole or not there at all. `cache` is the folder to keep it in, by default the user's."""
    home = cache if cache is not None else user_cache_path("applyweb")
    made = home / f"bench-peers-{_version()}"
    if made.is_dir():
        return made
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-peers-", dir=home) as scratch:
        work = Path(scratch) / "work"
        shutil.copytree(SOURCES, work)
        _run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], work)
        _bundle(work)
        try:
            (work / "out").rename(made)
        except OSError as error:
            if not made.is_dir():  # another run was faster
                raise NoPeers(f"Cannot keep the peers in {made}: {error.strerror}.") from error
    return made


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(SOURCES.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _bundle(work: Path) -> None:
    esbuild = ["node", "node_modules/esbuild/bin/esbuild", "--bundle", "--minify", "--log-level=warning"]
    entries = [f"{name}.js" for name in PEER_NAMES]
    _run([*esbuild, *entries, "--format=esm", "--loader:.ttf=dataurl", "--outdir=out"], work)
    _run([*esbuild, _WORKER, "--format=iife", "--outfile=out/monaco.worker.js"], work)


def _run(words: Sequence[str], folder: Path) -> None:
    program = shutil.which(words[0])
    if program is None:
        raise NoPeers(f"{words[0]} is not installed: apt-get install nodejs npm")
    quiet = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    try:
        done = subprocess.run(
            [program, *words[1:]], cwd=folder, env=quiet, capture_output=True, text=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise NoPeers(f"{words[0]} {words[1]} did not end within {_PATIENCE:g} s.") from error
    if done.returncode != 0:
        raise NoPeers(f"{words[0]} {words[1]} failed: {(done.stderr or done.stdout).strip()[-_LAST_WORDS:]}")
