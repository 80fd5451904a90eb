"""What a profile needs of this host, looked up before anything is started, each want said in a sentence.

Must not know: how a server is started; Django.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from applyweb.serving.model_server.profiles import Choice, Profile

WANTED_SGLANG = ((0, 5, 23), (0, 5, 24))  # the `serve` extra's bounds: later releases move what the plugin stands on
_DRIVER = 580  # the first that runs CUDA 13, which this SGLang is built with (CUDA 13.0 release notes, table 2)
_FP8 = 8.9  # compute capability with FP8 arithmetic
_OLDEST = 8.0  # … with bfloat16 arithmetic
_ASK_WITHIN = 60.0  # seconds for a program that is only asked what it is
_QUERY = "name,memory.total,memory.free,driver_version,compute_cap"
_PACKAGES = """
import json
from importlib.metadata import PackageNotFoundError, entry_points, version
found = {}
for name in ("sglang", "torch", "applyweb"):
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
found["plugins"] = [each.value for each in entry_points(group="sglang.srt.plugins")]
print(json.dumps(found))
"""
PLUGIN = "applyweb.serving.apply_draft.plugin:register"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked up. Not `good`: the server would not start or not run well, and `says` ends with what to do."""

    what: str
    good: bool
    says: str


@dataclass(frozen=True, slots=True)
class Gpu:
    """Memory in GiB."""

    name: str
    total: float
    free: float
    driver: str
    capability: float


def look(profile: Profile, choice: Choice, python: str, *, download: bool) -> Iterator[Finding]:
    """Every finding, in the order in which a person would mend them."""
    if profile.device == "cuda":
        yield from _gpu_findings(profile, choice.gpus)
    yield from _package_findings(profile, python)
    yield _model_finding("the model", choice.model or profile.model, "--model", download=download)
    yield _context_finding(profile, choice)
    if profile.draft_model:
        yield _draft_finding(choice)
    yield _port_finding(choice)


def gpus_here() -> list[Gpu] | str:
    """The GPUs that the driver tells, or why there are none."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "There is no NVIDIA driver here (nvidia-smi is not found)."
    try:
        done = subprocess.run(
            [tool, f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=_ASK_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"nvidia-smi did not answer within {_ASK_WITHIN:g} seconds: the driver hangs. Restart the machine."
    if done.returncode != 0:
        return f"nvidia-smi failed: {(done.stdout + done.stderr).strip()}"
    return read_gpus(done.stdout)


def read_gpus(csv: str) -> list[Gpu] | str:
    """The lines of `nvidia-smi --query-gpu`, or why they cannot be read."""
    found = []
    for line in csv.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        try:
            name, total, free, driver, capability = cells
            found.append(Gpu(name, float(total) / 1024, float(free) / 1024, driver, float(capability)))
        except ValueError:
            return f"nvidia-smi said something unknown: {line!r}"
    return found or "The driver tells no GPU."


def _gpu_findings(profile: Profile, count: int) -> Iterator[Finding]:
    found = gpus_here()
    if isinstance(found, str):
        yield Finding("GPU", False, f"{found} Serve the model on a host with a GPU, and give the site its address.")
        return
    names = ", ".join(f"{gpu.name} ({gpu.free:.0f} of {gpu.total:.0f} GiB free)" for gpu in found)
    if len(found) < count:
        yield Finding("GPU", False, f"{count} GPUs are asked for, and there are {len(found)}: {names}.")
        return
    yield Finding("GPU", True, names)
    yield from _fitness(profile, found[:count])


def _fitness(profile: Profile, gpus: list[Gpu]) -> Iterator[Finding]:
    worst = min(gpus, key=lambda gpu: gpu.free)
    driver = worst.driver
    if driver.split(".")[0].isdigit() and int(driver.split(".")[0]) < _DRIVER:
        yield Finding("driver", False, f"Driver {driver} is too old for CUDA 13. Install {_DRIVER} or a later one.")
    else:
        yield Finding("driver", True, driver)
    least = _FP8 if profile.precision == "fp8" else _OLDEST
    if worst.capability < least:
        does = "calculate in FP8; choose a bf16 profile" if least == _FP8 else "run this SGLang"
        yield Finding("compute capability", False, f"{worst.name} ({worst.capability}) cannot {does}.")
    if worst.free < profile.memory:
        yield Finding(
            "GPU memory",
            False,
            f"{profile.name} needs about {profile.memory:.0f} GiB and {worst.name} has {worst.free:.1f} GiB free. End "
            "what else uses it, or choose a smaller model, fp8 or a shorter context.",
        )
    else:
        yield Finding("GPU memory", True, f"about {profile.memory:.0f} GiB are needed, {worst.free:.0f} are free")


def _package_findings(profile: Profile, python: str) -> Iterator[Finding]:
    found = _packages(python)
    if isinstance(found, str):
        yield Finding("Python", False, found)
        return
    least, below = WANTED_SGLANG
    wanted = f"{'.'.join(map(str, least))} (below {'.'.join(map(str, below))})"
    version = found.get("sglang")
    if version is None:
        yield Finding("SGLang", False, f"{python} has no SGLang. Install it there: pip install 'applyweb[serve]'")
    elif not least <= _numbers(version) < below:
        yield Finding("SGLang", False, f"{python} has SGLang {version}; {wanted} is wanted: 'applyweb[serve]' has it.")
    else:
        yield Finding("SGLang", True, f"{version}, with torch {found.get('torch', 'unknown')}")
    if profile.drafts_from_merge:
        there = PLUGIN in found.get("plugins", ())
        says = "found" if there else f"{python} does not have it. Install applyweb there: pip install --no-deps ."
        yield Finding("the apply draft's plugin", there, says)


def _packages(python: str) -> dict[str, Any] | str:
    """What is installed for `python`, or why that cannot be told."""
    try:
        done = subprocess.run(
            [python, "-c", _PACKAGES], capture_output=True, text=True, timeout=_ASK_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{python} cannot be run: {error}. Choose the Python that has SGLang with --python."
    if done.returncode != 0:
        return f"{python} fails: {done.stderr.strip().splitlines()[-1:] or done.returncode}"
    packages: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return packages


def _model_finding(what: str, model: str, option: str, *, download: bool) -> Finding:
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            return Finding(what, False, f"{folder} has no config.json. Give the folder of a model to {option}.")
        if not any(folder.glob("*.safetensors")) and not any(folder.glob("*.bin")):
            return Finding(what, False, f"{folder} has no weights (*.safetensors). Is its download whole?")
        return Finding(what, True, str(folder))
    if _in_hub_cache(model):
        return Finding(what, True, f"{model}, from the cache of downloads")
    if download:
        return Finding(what, True, f"{model}, to be downloaded by SGLang")
    return Finding(
        what,
        False,
        f"{model} is not on this host. Give its folder with {option}, or let SGLang fetch it with --download.",
    )


def _in_hub_cache(model: str) -> bool:
    home = Path(os.environ.get("HF_HOME") or "~/.cache/huggingface").expanduser()
    cache = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    snapshots = cache / f"models--{model.replace('/', '--')}" / "snapshots"
    return any(snapshots.glob("*/config.json")) and any(snapshots.glob("*/*.safetensors"))


def _context_finding(profile: Profile, choice: Choice) -> Finding:
    longest = profile.longest
    config = Path(choice.model).expanduser() / "config.json" if choice.model else None
    if config is not None and config.is_file():
        try:
            told = json.loads(config.read_text(encoding="utf-8")).get("max_position_embeddings")
        except (ValueError, AttributeError) as error:
            return Finding("context", False, f"{config} is not a model's configuration: {error}")
        longest = told if isinstance(told, int) else longest
    if profile.context > longest:
        return Finding("context", False, f"{profile.name} asks for {profile.context} tokens; the model has {longest}.")
    return Finding("context", True, f"{profile.context} tokens")


def _draft_finding(choice: Choice) -> Finding:
    if not choice.draft:
        return Finding(
            "the draft head",
            False,
            "This profile needs one, and none is public for Qwen2.5-Coder. Give the folder of yours with --draft, or "
            "choose a profile that ends in -apply, which needs none.",
        )
    return _model_finding("the draft head", choice.draft, "--draft", download=False)


def _port_finding(choice: Choice) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in choice.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((choice.host, choice.port))
        except OSError as error:
            return Finding(
                "port", False, f"Port {choice.port} of {choice.host}: {error.strerror}. Choose another --port."
            )
    return Finding("port", True, f"{choice.host}:{choice.port} is free")


def _numbers(version: str) -> tuple[int, ...]:
    """The release's numbers; what follows them ("rc1", "+cpu") does not count."""
    numbers = []
    for word in version.split("+")[0].split("."):
        digits = "".join(character for character in word if character.isdigit())
        if not word.isdigit():
            break
        numbers.append(int(digits))
    return tuple(numbers)
