"""Installs this bundle on a host without internet: `./install TARGET`.

Every file is checked against MANIFEST.json before anything is written. It uses nothing but Python itself, and may be
run again: of what is there already, weights that are still what was packed stay, and so does a venv whose packages are
still what was installed; the rest is made anew. Must not know: the project it comes from.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

FORMAT = 1
TOPS = ("wheels", "model", "draft")
_MODELS = ("model", "draft")
_RECORD = ".model-server.json"  # in the target: the folder is ours, and what was installed there
_NOT_OURS = ("lost+found",)
_CHUNK = 1 << 20


class Refused(Exception):
    """The bundle is not installed; `str(error)` says why."""


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="install", description=__doc__)
    parser.add_argument("target", type=Path, help="the folder to install into; made where it is not there")
    target = parser.parse_args(words).target.resolve()
    bundle = Path(__file__).resolve().parent
    try:
        manifest = read_manifest(bundle)
        check_host(manifest)
        check_target(bundle, target)
        todo = to_do(bundle, manifest, target)
        check_space(manifest, target, todo)
        check_files(bundle, manifest)
        install(bundle, manifest, target, todo)
    except Refused as refused:
        return fail(str(refused))
    except OSError as error:
        return fail(f"{error.filename or target}: {error.strerror}. Put that right and run it again.")
    except KeyboardInterrupt:
        return fail("interrupted. Run it again.")
    if manifest["requirements"]:
        say("Installed. Start it with:\n")
    else:
        say("Installed, the weights alone. Start them with a Python that has SGLang:\n")
    say("  " + " ".join(shlex.quote(word.replace("{target}", str(target))) for word in manifest["start"]))
    return 0


def read_manifest(bundle: Path) -> dict[str, Any]:
    """Errors: Refused for a manifest that is not one, or whose paths lead out of the bundle."""
    try:
        manifest = json.loads((bundle / "MANIFEST.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise Refused(f"MANIFEST.json has format {manifest['format']}; this install knows {FORMAT}.")
        for name, kind in (("python", str), ("machine", str), ("requirements", list), ("alone", list), ("start", list)):
            if not isinstance(manifest[name], kind):
                raise TypeError(name)
        for file in manifest["files"]:
            for each in (file, *file["parts"]):
                _check_entry(each)
    except FileNotFoundError as error:
        raise Refused("MANIFEST.json is not there: the bundle was never finished.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"MANIFEST.json cannot be read: {error!r}") from error
    return dict(manifest)


def check_host(manifest: dict[str, Any]) -> None:
    """Errors: Refused where the wheels cannot run."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if here != manifest["python"]:
        raise Refused(
            f"The bundle is for Python {manifest['python']}, and {sys.executable} is {here}. "
            f"Name the other one: PYTHON=/path/to/python{manifest['python']} ./install TARGET"
        )
    if platform.machine() != manifest["machine"]:
        raise Refused(f"The bundle is for {manifest['machine']}, and this is {platform.machine()}.")
    if not manifest["requirements"]:
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise Refused(f"This Python cannot make a venv. On Debian and Ubuntu the package python{here}-venv is missing.")
    name, version = platform.libc_ver()
    found = re.match(r"2\.(\d+)", version)
    wanted = max((_glibc(file["path"]) for file in manifest["files"]), default=0)
    if name == "glibc" and found and int(found[1]) < wanted:
        raise Refused(f"The bundle's wheels need glibc 2.{wanted}, and this is {version}. Pack it with --platform.")


def check_target(bundle: Path, target: Path) -> None:
    """Errors: Refused for a folder in which something would be lost."""
    if target.exists() and not target.is_dir():
        raise Refused(f"{target} is a file. Choose a new folder.")
    if target == bundle or bundle in target.parents:
        raise Refused(f"{target} lies in the bundle. Choose a folder elsewhere.")
    if target in bundle.parents and bundle.relative_to(target).parts[0] in (*_MODELS, "venv"):
        raise Refused(f"The bundle lies in {target}, where it would be replaced. Move it elsewhere.")
    if target.is_dir() and not (target / _RECORD).is_file():
        there = sorted(each.name for each in target.iterdir() if each.name not in _NOT_OURS)
        if there:
            raise Refused(f"{target} is not empty: it has {', '.join(there[:3])}. Choose a new folder.")


def check_files(bundle: Path, manifest: dict[str, Any]) -> None:
    """Errors: Refused, with the first file that is missing, changed or not in the manifest."""
    known = {each["path"] for file in manifest["files"] for each in _stored(file)}
    for path in sorted(path for top in TOPS for path in (bundle / top).rglob("*") if not path.is_dir()):
        if path.relative_to(bundle).as_posix() not in known:
            raise Refused(f"{path} is not in MANIFEST.json. Remove it.")
    for path in sorted(known):
        if not (bundle / path).is_file() or (bundle / path).is_symlink():
            raise Refused(f"{bundle / path} is missing. Copy the bundle again.")
    number = 0
    for file in manifest["files"]:
        whole = hashlib.sha256()
        for each in _stored(file):
            number += 1
            say(f"checking {number} of {len(known)}: {each['path']}")
            path = bundle / each["path"]
            if path.stat().st_size != each["size"] or sha256(path, whole) != each["sha256"]:
                raise Refused(f"{path} is not what was packed. Copy it again.")
        if whole.hexdigest() != file["sha256"]:
            raise Refused(f"The parts of {file['path']} do not make it. Pack the bundle again.")


def to_do(bundle: Path, manifest: dict[str, Any], target: Path) -> list[str]:
    """What of "model", "draft" and "venv" is not there yet, or not as it was packed or installed: every byte of weights
    is looked at, and of packages every file that their installer took a digest of."""
    done, parts = _finished(bundle, target), [top for top in _MODELS if _files_of(manifest, top)]
    todo = [top for top in parts if not (done and _is_as_packed(target / top, _files_of(manifest, top), top))]
    venv_stays = not manifest["requirements"] or (done is not None and _are_as_installed(target / "venv", done))
    return todo if venv_stays else [*todo, "venv"]


def check_space(manifest: dict[str, Any], target: Path, todo: list[str]) -> None:
    """Errors: Refused. At least the bundle's own size is needed: installed wheels are larger than packed ones."""
    there = next(each for each in (target, *target.parents) if each.exists())
    tops = ["wheels" if top == "venv" else top for top in todo]
    needed, free = sum(file["size"] for top in tops for file in _files_of(manifest, top)), shutil.disk_usage(there).free
    if needed > free:
        raise Refused(f"{target} needs {needed >> 20} MiB and more, and {free >> 20} MiB are free there.")


def install(bundle: Path, manifest: dict[str, Any], target: Path, todo: list[str]) -> None:
    if not todo:
        say("All of it is installed already; weights and packages are what was packed.")
        return
    done = _record(bundle)
    target.mkdir(parents=True, exist_ok=True)
    record = target / _RECORD
    record.write_text(json.dumps(done | {"finished": False}), encoding="utf-8")
    for top in _MODELS:
        if top in todo:
            place_model(bundle, _files_of(manifest, top), target, top)
    if "venv" in todo:
        install_packages(bundle, manifest, target)
    record.write_text(json.dumps(done | {"packages": _packages(target / "venv")}), encoding="utf-8")


def place_model(bundle: Path, files: list[dict[str, Any]], target: Path, top: str) -> None:
    """The folder with these files and no others; whole, or as it was before."""
    beside = target / f".{top}.new"
    shutil.rmtree(beside, ignore_errors=True)
    for file in files:
        say(f"placing {file['path']}")
        join(bundle, file, beside / PurePosixPath(file["path"]).relative_to(top))
    if (target / top).exists():
        shutil.rmtree(target / top)
    os.replace(beside, target / top)


def install_packages(bundle: Path, manifest: dict[str, Any], target: Path) -> None:
    say("installing packages")
    venv, joined = target / "venv", target / ".wheels"
    for folder in (venv, joined):
        if folder.exists():
            shutil.rmtree(folder)
    joined.mkdir()
    for file in manifest["files"]:
        if file["parts"] and file["path"].startswith("wheels/"):
            join(bundle, file, joined / PurePosixPath(file["path"]).name)
    run([sys.executable, "-m", "venv", str(venv)])
    pip = [str(venv / "bin" / "python"), "-I", "-m", "pip", "install", "--isolated", "--no-input", "--no-index"]
    pip += ["--disable-pip-version-check", "--find-links", str(bundle / "wheels"), "--find-links", str(joined)]
    run([*pip, *manifest["requirements"]])
    if manifest["alone"]:
        run([*pip, "--no-deps", *manifest["alone"]])
    shutil.rmtree(joined)


def join(bundle: Path, file: dict[str, Any], where: Path) -> None:
    where.parent.mkdir(parents=True, exist_ok=True)
    with where.open("wb") as out:
        for each in _stored(file):
            with (bundle / each["path"]).open("rb") as part:
                shutil.copyfileobj(part, out, _CHUNK)


def run(words: list[str]) -> None:
    done = subprocess.run(words, check=False)
    if done.returncode != 0:
        raise Refused(f"{' '.join(words[:5])} … failed with {done.returncode}; it says why above. Run it again.")


def sha256(path: Path, whole: Any = None) -> str:
    """The file's digest; `whole` is fed the same bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if whole is not None:
                whole.update(chunk)
    return digest.hexdigest()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fail(why: str) -> int:
    sys.stderr.write(f"Not installed: {why}\n")
    return 1


def _stored(file: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of what lies in the bundle for it."""
    return list(file["parts"]) or [file]


def _check_entry(each: dict[str, Any]) -> None:
    path = PurePosixPath(each["path"])
    if path.is_absolute() or ".." in path.parts or len(path.parts) < 2 or path.parts[0] not in TOPS:
        raise Refused(f"MANIFEST.json names {each['path']!r}, which is no file of a bundle.")
    if not isinstance(each["size"], int) or not isinstance(each["sha256"], str):
        raise TypeError(each["path"])


def _glibc(path: str) -> int:
    """The least glibc 2.N with which the wheel of this name works; 0 where it needs none."""
    found = re.findall(r"manylinux_2_(\d+)_|manylinux(2014|2010|1)_", path) if path.endswith(".whl") else []
    old = {"2014": 17, "2010": 12, "1": 5}
    return min((int(new) if new else old[word] for new, word in found), default=0)


def _files_of(manifest: dict[str, Any], top: str) -> list[dict[str, Any]]:
    return [file for file in manifest["files"] if file["path"].startswith(top + "/")]


def _record(bundle: Path) -> dict[str, Any]:
    return {"manifest": sha256(bundle / "MANIFEST.json"), "finished": True}


def _finished(bundle: Path, target: Path) -> dict[str, str] | None:
    """The packages, where this very bundle was installed there to the end."""
    try:
        found = json.loads((target / _RECORD).read_text(encoding="utf-8"))
        packages = dict(found.pop("packages"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return packages if found == _record(bundle) else None


def _packages(venv: Path) -> dict[str, str]:
    """The digest of each package's list of its files, by the folder that this lies in."""
    return {path.parent.name: sha256(path) for path in sorted(_site(venv).glob("*.dist-info/RECORD"))}


def _are_as_installed(venv: Path, packages: dict[str, str]) -> bool:
    """Whether the venv has these packages, every file of them as it was installed. More packages may be there."""
    if not (venv / "bin" / "python").exists() or not packages.items() <= _packages(venv).items():
        return False
    site = _site(venv)
    for name in packages:
        say(f"looking at {name.removesuffix('.dist-info')}")
        with (site / name / "RECORD").open(encoding="utf-8", newline="") as rows:
            for path, digest, *_ in csv.reader(rows):
                if digest.startswith("sha256=") and not _has(site / path, digest.removeprefix("sha256=")):
                    return False
    return True


def _has(path: Path, digest: str) -> bool:
    """Whether the file is there with this digest, in the form of RECORD."""
    return path.is_file() and base64.urlsafe_b64encode(bytes.fromhex(sha256(path))).decode().rstrip("=") == digest


def _site(venv: Path) -> Path:
    return venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def _is_as_packed(folder: Path, files: list[dict[str, Any]], top: str) -> bool:
    """Whether the folder has these files and no others."""
    wanted = {folder / PurePosixPath(file["path"]).relative_to(top): file for file in files}
    if {path for path in folder.rglob("*") if not path.is_dir()} != wanted.keys():
        return False
    for path, file in wanted.items():
        say(f"looking at {path}")
        if path.stat().st_size != file["size"] or sha256(path) != file["sha256"]:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
