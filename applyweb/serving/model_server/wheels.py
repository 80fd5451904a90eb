"""The wheels that a host of another Python and another Linux needs, fetched with pip.

Must not know: bundles, weights, Django.
"""

from __future__ import annotations

import email
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

EXTRA = "serve"
PLATFORMS = ("manylinux_2_39_x86_64",)  # Ubuntu 24.04
_PLATFORM = re.compile(r"manylinux_2_(?P<minor>\d+)_(?P<machine>\w+)")
_OLD_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_SHOWN = ("Collecting ", "Downloading ", "Saved ")
_NOT_BUILT = shutil.ignore_patterns(".*", "*.egg-info", "build", "dist", "node_modules", "tests")  # in the root


class WheelError(RuntimeError):
    """There is no full set of wheels; `str(error)` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where the wheels are to work: its Python, and the newest manylinux_2_N_MACHINE that it takes."""

    python: str = "3.12"
    platforms: Sequence[str] = PLATFORMS
    pip: Sequence[str] = field(default_factory=lambda: (sys.executable, "-m", "pip"))

    def machine(self) -> str:
        """Errors: WheelError for platforms of no or of several machines."""
        found = [_PLATFORM.fullmatch(each) for each in self.platforms]
        machines = {each["machine"] for each in found if each}
        if None in found or len(machines) != 1:
            raise WheelError(f"--platform must be such as manylinux_2_28_x86_64, not {', '.join(self.platforms)}.")
        if not re.fullmatch(r"3\.\d+", self.python):
            raise WheelError(f"--python must be such as 3.12, not {self.python}.")
        return machines.pop()

    def takes(self) -> list[str]:
        """Each platform with the older ones that the same host takes: pip takes every name by the letter."""
        machine = self.machine()
        newest = max(int(found["minor"]) for each in self.platforms if (found := _PLATFORM.fullmatch(each)))
        names = []
        for minor in range(newest, 4, -1):
            names += [f"manylinux_2_{minor}_{machine}"]
            names += [f"{_OLD_NAMES[minor]}_{machine}"] if minor in _OLD_NAMES else []
        return [*names, f"linux_{machine}"]


def serve_requirements(root: Path) -> list[str]:
    """What the `serve` extra of the project in `root` asks for: the one place where the server's version is written.
    Errors: WheelError where that is no checkout."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except FileNotFoundError as error:
        raise WheelError(f"{root} has no pyproject.toml. Run this from a checkout of the project.") from error
    return list(project["optional-dependencies"][EXTRA])


def fetch(host: Host, requirements: Sequence[str], folder: Path) -> Iterator[str]:
    """Downloads wheels for the requirements and all their needs, and tells what is done. Errors: WheelError."""
    words = ["download", "--dest", str(folder), "--only-binary=:all:", "--implementation", "cp"]
    words += ["--python-version", host.python]
    for each in host.takes():
        words += ["--platform", each]
    yield f"downloading wheels for Python {host.python}: {', '.join(requirements)}"
    yield from run_pip(host, *words, *requirements)
    asked: list[str] = []
    while more := missing(host, requirements, folder):
        if more == asked:
            raise WheelError(f"pip fetched {', '.join(more)}, and the wheels do not have these names.")
        asked = more
        yield f"which Python {host.python} also needs: {', '.join(more)}"
        yield from run_pip(host, *words, "--no-deps", *more)


def missing(host: Host, requirements: Sequence[str], folder: Path) -> list[str]:
    """What the wheels in `folder` ask for on the host and have not there. pip reads conditions such as
    `python_version < "3.12"` for the Python it runs in, whatever its --python-version says (pypa/pip#11664)."""
    version = {"python_version": host.python, "python_full_version": f"{host.python}.0"}
    here = {key: str(value) for key, value in default_environment().items()}
    system = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "implementation_name": "cpython"}
    environment = here | version | system | {"platform_machine": host.machine()}
    needs = {canonicalize_name(path.name.split("-")[0]): _needs(path) for path in folder.glob("*.whl")}
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(need, "") for each in requirements if (need := _parsed(each)) is not None]
    while todo:
        need, extra = todo.pop()
        if need.marker is not None and not need.marker.evaluate(environment | {"extra": extra}):
            continue
        name = canonicalize_name(need.name)
        if name not in needs:
            found[name] = f"{need.name}{need.specifier}"
            continue
        for wanted in ("", *need.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                todo += [(each, wanted) for each in needs[name]]
    return sorted(found.values())


def build(host: Host, root: Path, folder: Path) -> Iterator[str]:
    """A wheel of the project in `root`, made of a copy: setuptools leaves a build/, which gets into the next one.
    Errors: WheelError."""
    yield "building the project's own wheel"
    with tempfile.TemporaryDirectory() as beside:
        copy = Path(beside) / "project"
        shutil.copytree(root, copy, ignore=lambda top, names: _NOT_BUILT(top, names) if Path(top) == root else ())
        yield from run_pip(host, "wheel", "--no-deps", "--wheel-dir", str(folder), str(copy))


def run_pip(host: Host, *words: str) -> Iterator[str]:
    """Runs pip and tells what it fetches. Errors: WheelError, with pip's own words."""
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    process = subprocess.Popen(
        [*host.pip, words[0], *quiet, *words[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.strip())
            if lines[-1].startswith(_SHOWN):
                yield lines[-1]
        code = process.wait()
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if code != 0:
        told = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")] or lines[-3:]
        raise WheelError(f"pip {words[0]} failed: {' '.join(told)}")


def _needs(wheel: Path) -> list[Requirement]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            name = next(each for each in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", each))
            metadata = email.message_from_bytes(archive.read(name))
    except (zipfile.BadZipFile, StopIteration) as error:
        raise WheelError(f"{wheel.name} is not a wheel. Empty pip's cache and try again.") from error
    lines = [str(each) for each in metadata.get_all("Requires-Dist", [])]
    return [need for each in lines if (need := _parsed(each)) is not None]


def _parsed(requirement: str) -> Requirement | None:
    """None for what only pip understands, such as the path of a file."""
    try:
        return Requirement(requirement)
    except InvalidRequirement:
        return None
