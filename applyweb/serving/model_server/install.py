#!/usr/bin/env python3
"""Installs this bundle on a host without internet: `./install TARGET`.

Every file is checked against MANIFEST.json before anything is written. It uses nothing but Python itself, and may be
run again: what is there already is made anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

FORMAT = 1
MARKER = ".applyweb-model-server"  # only a folder with it is changed
_CHUNK = 1 << 20
_LOOKED_INTO = ("wheels", "model", "draft")


class Refused(Exception):
    """The bundle is not installed; `str(error)` says why."""


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, help="the folder to install into; made where it is not there")
    target = parser.parse_args(words).target.absolute()
    bundle = Path(__file__).resolve().parent
    try:
        manifest = read_manifest(bundle)
        check_host(manifest)
        check_target(target)
        check_files(bundle, manifest)
        install(bundle, manifest, target)
    except Refused as refused:
        say(f"Not installed: {refused}")
        return 1
    say("Installed. Start it with:\n")
    say("  " + " ".join(word.replace("{target}", str(target)) for word in manifest["start"]))
    return 0


def read_manifest(bundle: Path) -> dict[str, Any]:
    """Errors: Refused for a manifest that is not one, or whose paths lead out of the bundle."""
    try:
        manifest = json.loads((bundle / "MANIFEST.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise Refused(f"MANIFEST.json has format {manifest['format']}; this install knows {FORMAT}.")
        stored = [each["path"] for file in manifest["files"] for each in (file, *file["parts"])]
    except FileNotFoundError as error:
        raise Refused("MANIFEST.json is not there: the bundle was never finished.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"MANIFEST.json cannot be read: {error!r}") from error
    for path in stored:
        parts = PurePosixPath(path).parts
        if not parts or PurePosixPath(path).is_absolute() or ".." in parts or parts[0] not in _LOOKED_INTO:
            raise Refused(f"MANIFEST.json names {path!r}, which is no file of a bundle.")
    return dict(manifest)


def check_host(manifest: dict[str, Any]) -> None:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if here != manifest["python"]:
        raise Refused(f"The bundle is for Python {manifest['python']}, and this is {here}. Run it with the other one.")
    if platform.machine() != manifest["machine"]:
        raise Refused(f"The bundle is for {manifest['machine']}, and this is {platform.machine()}.")


def check_target(target: Path) -> None:
    """What is there already is made anew, so the folder must be ours. Errors: Refused."""
    if target.exists() and not target.is_dir():
        raise Refused(f"{target} is a file. Choose a new folder.")
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file():
        raise Refused(f"{target} is not empty, and nothing was installed there by a bundle. Choose a new folder.")


def check_files(bundle: Path, manifest: dict[str, Any]) -> None:
    """Errors: Refused, with the first file that is missing, changed or not in the manifest."""
    stored = [each for file in manifest["files"] for each in (file["parts"] or [file])]
    known = {each["path"] for each in stored}
    there = [path for top in _LOOKED_INTO for path in (bundle / top).rglob("*") if not path.is_dir()]
    for path in there:
        if path.relative_to(bundle).as_posix() not in known:
            raise Refused(f"{path} is not in MANIFEST.json. Remove it.")
    for number, each in enumerate(stored, 1):
        path = bundle / each["path"]
        if not path.is_file() or path.is_symlink():
            raise Refused(f"{path} is missing. Copy the bundle again.")
        say(f"checking {number} of {len(stored)}: {each['path']}")
        if path.stat().st_size != each["size"] or sha256(path) != each["sha256"]:
            raise Refused(f"{path} is not what was packed. Copy it again.")


def install(bundle: Path, manifest: dict[str, Any], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    (target / MARKER).write_text("A model server was installed here; installing again makes all of it anew.\n")
    joined = target / "bundle"
    shutil.rmtree(joined, ignore_errors=True)
    for file in manifest["files"]:
        place(bundle, file, (target if file["path"].split("/")[0] != "wheels" else joined) / file["path"])
    if manifest["requirements"]:
        say("installing packages")
        venv = target / "venv"
        shutil.rmtree(venv, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(venv)])
        pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-index"]
        pip += ["--find-links", str(joined / "wheels")]
        run([*pip, *manifest["requirements"]])
        if manifest["alone"]:
            run([*pip, "--no-deps", *manifest["alone"]])
    shutil.rmtree(joined, ignore_errors=True)


def place(bundle: Path, file: dict[str, Any], where: Path) -> None:
    """A file of the bundle at its place, joined from its parts; whole, or not there at all. Errors: Refused."""
    where.parent.mkdir(parents=True, exist_ok=True)
    beside = where.with_name(where.name + ".new")
    with beside.open("wb") as out:
        for each in file["parts"] or [file]:
            with (bundle / each["path"]).open("rb") as part:
                shutil.copyfileobj(part, out, _CHUNK)
    if file["parts"] and sha256(beside) != file["sha256"]:
        beside.unlink()
        raise Refused(f"The parts of {file['path']} do not make it. Copy the bundle again.")
    os.replace(beside, where)


def run(words: list[str]) -> None:
    done = subprocess.run(words, check=False)
    if done.returncode != 0:
        raise Refused(f"{' '.join(words[:4])} … failed with {done.returncode}; it says why above.")


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
