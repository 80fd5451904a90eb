"""Packing a model server for a host without internet: wheels, weights, hashes and the `install` that checks them.

Must not know: profiles beyond the start command it is given; Django.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from applyweb.serving.model_server import install, weights, wheels
from applyweb.serving.model_server.install import FORMAT, TOPS
from applyweb.serving.model_server.weights import NotWhole
from applyweb.serving.model_server.wheels import Host, WheelError

MANIFEST = "MANIFEST.json"
_UNFINISHED = ".unfinished-bundle"  # while it is packed: the folder is ours to empty, and is no bundle yet
_FETCHED = "fetched"
_CHUNK = 1 << 20
_SCRIPT = """\
#!/bin/sh
# Installs this bundle: ./install TARGET. Runs install.py with $PYTHON, else with the bundle's Python, else python3.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
[ -z "${PYTHON:-}" ] || exec "$PYTHON" "$here/install.py" "$@"
for python in python@PYTHON@ python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
        exec "$python" "$here/install.py" "$@"
    fi
done
echo "Not installed: there is no Python @PYTHON@ here. Name it: PYTHON=/path/to/python@PYTHON@ ./install TARGET" >&2
exit 1
"""


class BundleError(RuntimeError):
    """Nothing that looks like a bundle was left; `str(error)` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to pack. `requirements` and `alone` are installed on the host, the latter without their own needs; `root` is
    the project to make a wheel of; `folders` are those of "model" and "draft"; `start` may say {target}."""

    requirements: Sequence[str]
    alone: Sequence[str]
    root: Path | None
    folders: Mapping[str, Path]
    start: Sequence[str]
    host: Host = field(default_factory=Host)
    part_size: int = 0  # bytes; 0 leaves files whole


@dataclass(frozen=True, slots=True)
class Step:
    """What is done now ("" while a file goes on), and the bytes packed since the last step of all that are known of."""

    words: str
    done: int = 0
    total: int = 0


def pack(plan: Plan, out: Path) -> Iterator[Step]:
    """Makes the bundle, and says each step before it is done. Wheels are fetched first, beside an earlier bundle, which
    is only then replaced; MANIFEST.json comes last and whole, and what was begun is removed where it cannot be
    finished. Errors: BundleError, before anything is touched where the plan is at fault."""
    try:
        machine = plan.host.machine()
        sources = list(_sources(plan, out))
        _check_out(plan, out)
        _check_space(sources, out)
        out.mkdir(parents=True, exist_ok=True)
        (out / _UNFINISHED).touch()
        try:
            fetched = out / _FETCHED
            _remove(fetched)
            yield from _fetch(plan, fetched)
            _empty(out)
            try:
                yield from _fill(plan, machine, sources, fetched, out)
            except BaseException:
                _empty(out)
                raise
        finally:
            _remove(out / _FETCHED)
            (out / _UNFINISHED).unlink(missing_ok=True)
    except WheelError as error:
        raise BundleError(f"{error} {_left(out)}") from error
    except OSError as error:
        raise BundleError(f"{error.filename or out}: {error.strerror}. {_left(out)}") from error


def _left(out: Path) -> str:
    return f"The earlier bundle in {out} is as it was." if (out / MANIFEST).is_file() else f"Nothing was left in {out}."


def _fetch(plan: Plan, fetched: Path) -> Iterator[Step]:
    if plan.requirements:
        for words in wheels.fetch(plan.host, plan.requirements, fetched):
            yield Step(words)
    if plan.root is not None:
        for words in wheels.build(plan.host, plan.root, fetched):
            yield Step(words)


def _fill(plan: Plan, machine: str, sources: list[tuple[str, Path]], fetched: Path, out: Path) -> Iterator[Step]:
    sources = [(f"wheels/{path.name}", path) for path in sorted(fetched.glob("*.whl"))] + sources
    total = sum(path.stat().st_size for _, path in sources)
    files: list[dict[str, Any]] = []
    for name, path in sources:
        yield Step(f"packing {name}", 0, total)
        entry: dict[str, Any] = {"path": name, "size": 0, "sha256": "", "parts": []}
        for done in _store(path, out, entry, plan.part_size):
            yield Step("", done, total)
        files.append(entry)
        if path.parent == fetched:
            path.unlink()
    shutil.copyfile(install.__file__, out / "install.py")
    script = out / "install"
    script.write_text(_SCRIPT.replace("@PYTHON@", plan.host.python), encoding="utf-8")
    script.chmod(0o755)
    beside = out / (MANIFEST + ".new")
    beside.write_text(json.dumps(_manifest(plan, machine, files), indent=1) + "\n", encoding="utf-8")
    os.replace(beside, out / MANIFEST)


def _sources(plan: Plan, out: Path) -> Iterator[tuple[str, Path]]:
    """The weights, by their names in the bundle. Errors: BundleError for a folder that is no model."""
    if not plan.folders and not plan.requirements:
        raise BundleError("There is nothing to pack: without wheels it needs a --model or a --draft.")
    if plan.part_size < 0:
        raise BundleError("--part-size must be more than 0.")
    for top, folder in plan.folders.items():
        try:
            weights.read(folder)
        except NotWhole as error:
            raise BundleError(f"{error} Give the folder of a whole model to --{top}.") from error
        whole, there = folder.resolve(), out.resolve()
        if whole == there or whole in there.parents or there in whole.parents:
            raise BundleError(f"{folder} and {out} lie in one another. Choose a folder elsewhere for the bundle.")
        yield from ((f"{top}/{name}", path) for name, path in sorted(_files(folder)))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """All files by their relative names. Links are followed: a hub's cache is made of them. Hidden folders, where git
    and download tools keep their own things, are left out. Errors: BundleError for a link that leads nowhere."""
    for top, folders, files in os.walk(folder, followlinks=True):
        here = Path(top)
        if any(here.resolve() == each.resolve() for each in here.parents if each.is_relative_to(folder)):
            raise BundleError(f"{here} links to a folder that it lies in. Remove it.")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            path = here / name
            if not path.is_file():
                where = f"links to {path.readlink()}, which is not there" if path.is_symlink() else "is no file"
                raise BundleError(f"{path} {where}. Is the download whole?")
            yield path.relative_to(folder).as_posix(), path


def _check_out(plan: Plan, out: Path) -> None:
    """Errors: BundleError for a folder that holds anything but an earlier bundle of ours."""
    if out.exists() and not out.is_dir():
        raise BundleError(f"{out} is a file. Choose a new folder.")
    if not out.is_dir() or not any(out.iterdir()) or (out / _UNFINISHED).is_file():
        return
    try:
        earlier = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        if {"format", "start", "files"} <= set(earlier):
            return
    except (FileNotFoundError, ValueError, TypeError):
        pass
    raise BundleError(f"{out} is not empty and no bundle. Choose a new folder.")


def _check_space(sources: list[tuple[str, Path]], out: Path) -> None:
    there = next(each for each in (out.absolute(), *out.absolute().parents) if each.exists())
    earlier = sum(path.stat().st_size for top in TOPS for path in (out / top).rglob("*") if path.is_file())
    needed, free = sum(path.stat().st_size for _, path in sources), shutil.disk_usage(there).free + earlier
    if needed > free:
        raise BundleError(f"{out} needs {needed >> 20} MiB for the weights, and {free >> 20} MiB are free there.")


def _empty(out: Path) -> None:
    """Removes what a bundle is made of; the manifest first, so that the rest is no bundle any more."""
    for name in (MANIFEST, MANIFEST + ".new", "install", "install.py"):
        (out / name).unlink(missing_ok=True)
    for name in TOPS:
        _remove(out / name)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _store(path: Path, out: Path, entry: dict[str, Any], part_size: int) -> Iterator[int]:
    """Copies the file into the bundle, cut where it is longer than a part may be, and completes its row of the
    manifest. Gives the bytes as they are written."""
    whole = hashlib.sha256()
    cut = bool(part_size) and path.stat().st_size > part_size
    with path.open("rb") as source:
        for number in range(-(-path.stat().st_size // part_size) if cut else 1):
            name = f"{entry['path']}.part{number:03}" if cut else entry["path"]
            digest, size = hashlib.sha256(), 0
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            with (out / name).open("wb") as sink:
                while chunk := source.read(min(_CHUNK, part_size - size) if cut else _CHUNK):
                    sink.write(chunk)
                    digest.update(chunk)
                    whole.update(chunk)
                    size += len(chunk)
                    yield len(chunk)
            if cut:
                entry["parts"].append({"path": name, "size": size, "sha256": digest.hexdigest()})
            entry["size"] += size
    entry["sha256"] = whole.hexdigest()


def _manifest(plan: Plan, machine: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "python": plan.host.python,
        "machine": machine,
        "platforms": list(plan.host.platforms),
        "requirements": list(plan.requirements),
        "alone": list(plan.alone) if plan.root is not None else [],
        "start": list(plan.start),
        "files": files,
    }
