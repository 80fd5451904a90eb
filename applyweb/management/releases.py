"""Consecutive public releases of a package, unpacked: fetched with the installed pip or npm, kept in a cache folder.

Nothing of a package is run: wheels and npm archives are only unpacked. Must not know: what the files are for.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 180.0
_MOST_BYTES = 200 * 1024 * 1024  # unpacked
_NAME = re.compile(r"(?:@[\w.-]+/)?[\w][\w.-]*")
_FINAL = re.compile(r"\d+(?:\.\d+)*")


class ReleaseError(Exception):
    """`str(error)` says which package or release could not be had, and why."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a package, unpacked in `folder`."""

    package: str
    version: str
    folder: Path


def releases(spec: str, count: int, cache: Path) -> list[Release]:
    """The last `count` final releases of a package, the oldest first. `spec` is "pypi:NAME" or "npm:NAME". Those that
    have no archive of the plain kind are left out. Errors: ReleaseError."""
    index, _, name = spec.partition(":")
    if index not in ("pypi", "npm") or not _NAME.fullmatch(name):
        raise ReleaseError(f"{spec} is no package: write pypi:NAME or npm:NAME.")
    versions = _pypi_versions(name) if index == "pypi" else _npm_versions(name)
    found: list[Release] = []
    for version in reversed([each for each in versions if _FINAL.fullmatch(each)]):
        if len(found) == count:
            break
        folder = cache / index / f"{name.replace('/', '+')}-{version}"
        if not (folder / ".done").exists() and not _fetch(index, name, version, folder):
            continue
        found.append(Release(name, version, folder))
    return found[::-1]


def kept_releases(spec: str, count: int, cache: Path) -> list[Release]:
    """The last `count` releases that the cache folder holds, the oldest first; no index is asked. Errors: ReleaseError
    where it holds none."""
    index, _, name = spec.partition(":")
    stem = f"{name.replace('/', '+')}-"
    folders = [done.parent for done in (cache / index).glob(f"{stem}*/.done")]
    versions = {folder.name.removeprefix(stem): folder for folder in folders}
    final = sorted((each for each in versions if _FINAL.fullmatch(each)), key=lambda v: [*map(int, v.split("."))])
    if not final:
        raise ReleaseError(f"The cache holds no release of {spec}.")
    return [Release(name, version, versions[version]) for version in final[-count:]]


def _run(*command: str, cwd: Path | None = None) -> str | None:
    """The command's output; None where it failed."""
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, cwd=cwd, check=False)
    except FileNotFoundError as error:
        raise ReleaseError(f"{command[0]} is not installed.") from error
    except subprocess.TimeoutExpired as error:
        raise ReleaseError(f"{command[0]} gave no answer in {_SECONDS:g} seconds.") from error
    return ended.stdout if ended.returncode == 0 else None


def _pypi_versions(name: str) -> list[str]:
    """Oldest first."""
    told = _run(sys.executable, "-m", "pip", "index", "versions", name, "--disable-pip-version-check")
    listed = re.search(r"Available versions: (.*)", told or "")
    if listed is None:
        raise ReleaseError(f"pip knows no package {name}.")
    return listed[1].split(", ")[::-1]


def _npm_versions(name: str) -> list[str]:
    told = _run("npm", "view", name, "versions", "--json")
    if told is None:
        raise ReleaseError(f"npm knows no package {name}.")
    listed = json.loads(told)
    return [str(each) for each in listed] if isinstance(listed, list) else [str(listed)]


def _fetch(index: str, name: str, version: str, folder: Path) -> bool:
    """Fetch and unpack one release. False where it has no archive of the plain kind."""
    folder.mkdir(parents=True, exist_ok=True)
    if index == "pypi":
        plain = ("--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet")
        told = _run(sys.executable, "-m", "pip", "download", *plain, "-d", str(folder), f"{name}=={version}")
        archives = list(folder.glob("*.whl"))
    else:
        told = _run("npm", "pack", "--silent", f"{name}@{version}", cwd=folder)
        archives = list(folder.glob("*.tgz"))
    if told is None or len(archives) != 1:
        return False
    unpack(archives[0], folder / "files")
    archives[0].unlink()
    (folder / ".done").touch()
    return True


def unpack(archive: Path, into: Path) -> None:
    """Errors: ReleaseError where it is too large, or would write outside of its folder."""
    into.mkdir(exist_ok=True)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            if sum(each.file_size for each in wheel.infolist()) > _MOST_BYTES:
                raise ReleaseError(f"{archive.name} is too large.")
            wheel.extractall(into)  # drops absolute paths and ".." by itself
        return
    with tarfile.open(archive) as packed:
        files = [each for each in packed if each.isfile()]  # links and devices are nothing to compare
        if sum(each.size for each in files) > _MOST_BYTES:
            raise ReleaseError(f"{archive.name} is too large.")
        for each in files:
            place = (into / each.name).resolve()
            if not place.is_relative_to(into.resolve()):
                raise ReleaseError(f"{archive.name} is not safe to unpack: it would write {each.name}.")
            place.parent.mkdir(parents=True, exist_ok=True)
            content = packed.extractfile(each)
            place.write_bytes(content.read() if content else b"")
