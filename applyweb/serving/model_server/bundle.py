"""Packing a model server for a host without internet: wheels, weights, hashes and the `install` that checks them.

Must not know: profiles beyond the start command it is given; Django.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from applyweb.serving.model_server import install
from applyweb.serving.model_server.install import FORMAT, sha256

MANIFEST = "MANIFEST.json"
MARKER = ".applyweb-bundle"  # only a folder with it is emptied
EXTRA = "serve"
# What a host with glibc 2.39 takes (Ubuntu 24.04). pip matches each word exactly, so the older ones are named too.
PLATFORMS = tuple(
    [f"manylinux_2_{minor}_x86_64" for minor in range(39, 4, -1)]
    + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]
)
_CHUNK = 1 << 20


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
    python: str = "3.12"
    platforms: Sequence[str] = PLATFORMS
    machine: str = "x86_64"
    part_size: int = 0  # bytes; 0 leaves files whole
    pip: Sequence[str] = field(default_factory=lambda: (sys.executable, "-m", "pip"))


def serve_requirements(root: Path) -> list[str]:
    """What the `serve` extra of the project in `root` asks for: the one place where the server's version is written.
    Errors: BundleError where that is no checkout."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except FileNotFoundError as error:
        raise BundleError(f"{root} has no pyproject.toml. Run this from a checkout of the project.") from error
    return list(project["optional-dependencies"][EXTRA])


def pack(plan: Plan, out: Path) -> Iterator[str]:
    """Makes the bundle, and says each step before it is done. MANIFEST.json comes last, so that an unfinished bundle is
    none. Errors: BundleError."""
    for name, folder in plan.folders.items():
        _check_model(name, folder)
        _check_apart(out, folder)
    _make_room(out)
    try:
        if plan.requirements:
            yield from _wheels(plan, out / "wheels")
        for name, folder in plan.folders.items():
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                where = out / name / path.relative_to(folder)
                yield f"copying {name}/{path.relative_to(folder)}"
                where.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, where)  # follows links: a hub's cache is made of them
        files = []
        for path in sorted(each for each in out.rglob("*") if each.is_file() and each.name != MARKER):
            yield f"hashing {path.relative_to(out)}"
            files.append(_entry(path, out, plan.part_size))
        script = out / "install"
        shutil.copyfile(install.__file__, script)
        script.chmod(0o755)
        (out / MANIFEST).write_text(json.dumps(_manifest(plan, files), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise BundleError(f"{error.filename or out}: {error.strerror}. The bundle in {out} is not whole.") from error


def _make_room(out: Path) -> None:
    """Empties an earlier bundle, and nothing else. Errors: BundleError for a folder with anything else in it."""
    if out.exists() and not out.is_dir():
        raise BundleError(f"{out} is a file. Choose a new folder.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise BundleError(f"{out} is not empty and no bundle of ours. Choose a new folder.")
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).write_text("applyweb packs a model server into this folder, and empties it before it does.\n")
    for name in (MANIFEST, "install"):
        (out / name).unlink(missing_ok=True)
    for name in ("wheels", "model", "draft"):
        shutil.rmtree(out / name, ignore_errors=True)


def _check_apart(out: Path, folder: Path) -> None:
    """Packing empties its folder, so what is packed may not lie in it. Errors: BundleError."""
    here, there = out.resolve(), folder.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise BundleError(f"{out} and {folder} lie in one another. Choose another folder for the bundle.")


def _check_model(name: str, folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise BundleError(f"{folder} has no config.json. Give the folder of a model to --{name}.")
    if not any(folder.glob("*.safetensors")):
        raise BundleError(f"{folder} has no *.safetensors. Is its download whole?")


def _wheels(plan: Plan, folder: Path) -> Iterator[str]:
    target = ["--only-binary=:all:", "--python-version", plan.python, "--implementation", "cp"]
    for each in plan.platforms:
        target += ["--platform", each]
    yield f"downloading wheels for Python {plan.python}: {', '.join(plan.requirements)}"
    _pip(plan, "download", "--dest", str(folder), *target, *plan.requirements)
    if plan.root is not None:
        yield "building the project's own wheel"
        _pip(plan, "wheel", "--no-deps", "--wheel-dir", str(folder), str(plan.root))


def _pip(plan: Plan, *words: str) -> None:
    done = subprocess.run([*plan.pip, *words, "--quiet"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()[-3:]
        raise BundleError(f"pip {words[0]} failed. {' '.join(told)}")


def _entry(path: Path, out: Path, part_size: int) -> dict[str, Any]:
    """The file's row of the manifest; cuts it where it is longer than a part may be."""
    size = path.stat().st_size
    entry = {"path": path.relative_to(out).as_posix(), "size": size, "sha256": sha256(path), "parts": []}
    if part_size and size > part_size:
        entry["parts"] = list(_cut(path, out, part_size))
        path.unlink()
    return entry


def _cut(path: Path, out: Path, part_size: int) -> Iterator[dict[str, Any]]:
    with path.open("rb") as whole:
        number = 0
        while whole.tell() < path.stat().st_size:
            part = path.with_name(f"{path.name}.part{number:03}")
            with part.open("wb") as sink:
                left = part_size
                while left and (chunk := whole.read(min(_CHUNK, left))):
                    sink.write(chunk)
                    left -= len(chunk)
            yield {"path": part.relative_to(out).as_posix(), "size": part.stat().st_size, "sha256": sha256(part)}
            number += 1


def _manifest(plan: Plan, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "python": plan.python,
        "machine": plan.machine,
        "platforms": list(plan.platforms),
        "requirements": list(plan.requirements),
        "alone": list(plan.alone) if plan.root is not None else [],
        "start": list(plan.start),
        "files": files,
    }
