"""What a profile needs of this host, looked up before anything is started, each want said in a sentence.

Must not know: how a server is started; Django.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from applyweb.serving.apply_draft.known import fits, numbers, wanted
from applyweb.serving.model_server import weights
from applyweb.serving.model_server.gpus import VISIBLE, Gpu, gpus_here, visible
from applyweb.serving.model_server.profiles import Choice, Profile, needed_gib
from applyweb.serving.model_server.weights import NotWhole, Weights

_DRIVER = 580  # the first that runs CUDA 13, which this SGLang is built with (CUDA 13.0 release notes, table 2)
_FP8 = 8.9  # compute capability with FP8 arithmetic
_OLDEST = 8.0  # … with bfloat16 arithmetic
_ASK_WITHIN = 60.0  # seconds for a program that is only asked what it is
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
_INSTALL = "Install it there, from the folder of applyweb: pip install -e '.[serve]'"
PLUGIN = "applyweb.serving.apply_draft.plugin:register"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked up. Not `good`: the server would not start or not run well, and `says` ends with what to do."""

    what: str
    good: bool
    says: str


def look(profile: Profile, choice: Choice, python: str, *, download: bool) -> Iterator[Finding]:
    """Every finding, in the order in which a person would mend them."""
    if profile.device == "cuda":
        yield from _gpu_findings(profile, choice)
    yield from _package_findings(profile, python)
    yield _model_finding("the model", choice.model or profile.model, "--model", download=download)
    yield _context_finding(profile, choice)
    if profile.draft_model:
        yield _draft_finding(choice)
    yield _port_finding(choice)


def _gpu_findings(profile: Profile, choice: Choice) -> Iterator[Finding]:
    found = gpus_here()
    if isinstance(found, str):
        yield Finding("GPU", False, f"{found} Serve the model on a host with a GPU, and give the site its address.")
        return
    words = os.environ.get(VISIBLE)
    seen = visible(found, words)
    names = ", ".join(map(_named, seen)) or "none"
    if len(seen) < choice.gpus:
        number = "1 GPU is" if choice.gpus == 1 else f"{choice.gpus} GPUs are"
        there = f"there are {len(seen)}" if words is None else f"{VISIBLE}={words!r} leaves {len(seen)} of {len(found)}"
        yield Finding("GPU", False, f"{number} asked for, and {there}: {names}.")
        return
    yield Finding("GPU", True, names)
    yield from _fitness(profile, seen[: choice.gpus], _needed(profile, choice))


def _named(gpu: Gpu) -> str:
    return f"{gpu.name} ({gpu.free:.0f} of {gpu.total:.0f} GiB free)"


def _fitness(profile: Profile, gpus: list[Gpu], needed: float) -> Iterator[Finding]:
    """Each of the GPUs gets a copy of the model, so each must be fit."""
    driver = min((gpu.driver for gpu in gpus), key=numbers)
    if numbers(driver) and numbers(driver)[0] < _DRIVER:
        yield Finding("driver", False, f"Driver {driver} is too old for CUDA 13. Install {_DRIVER} or a later one.")
    else:
        yield Finding("driver", True, driver)
    least = _FP8 if profile.precision == "fp8" else _OLDEST
    oldest = min(gpus, key=lambda gpu: gpu.capability)
    if oldest.capability < least:
        does = "run this SGLang" if oldest.capability < _OLDEST else "calculate in FP8; choose a bf16 profile"
        others = f" Choose others with {VISIBLE}." if len(gpus) > 1 else ""
        yield Finding("compute capability", False, f"{oldest.name} ({oldest.capability}) cannot {does}.{others}")
    fullest = min(gpus, key=lambda gpu: gpu.free)
    if fullest.free < needed:
        yield Finding(
            "GPU memory",
            False,
            f"{profile.name} needs about {needed:.0f} GiB and {fullest.name} has {fullest.free:.1f} GiB free. End "
            "what else uses it, or choose a smaller model, fp8 or a shorter context.",
        )
    else:
        yield Finding("GPU memory", True, f"about {needed:.0f} GiB are needed, {fullest.free:.0f} are free")


def _needed(profile: Profile, choice: Choice) -> float:
    """GiB, by the weights that will be loaded where they are here, else by the profile's figures."""
    model, head = _weights(choice.model or profile.model), _weights(choice.draft) if choice.draft else None
    if model is None:
        held, loaded = profile.weight_bytes, profile.parameters * 1e9 * profile.bytes_loaded
    else:
        held, loaded = model.size(profile.bytes_a_number), model.size(profile.bytes_loaded)
    kv_bytes = (model and model.kv_bytes) or profile.kv_bytes
    if head is not None and profile.draft_model:
        held += head.size(2.0)  # a head is loaded as bfloat16, when the model is there
        kv_bytes += head.kv_bytes or 0
    return needed_gib(held, profile.context * kv_bytes, loaded)


def _weights(model: str) -> Weights | None:
    """None where they are not here, or not whole: that is another finding."""
    folder = _folder(model)
    try:
        return None if folder is None else weights.read(folder)
    except NotWhole:
        return None


def _package_findings(profile: Profile, python: str) -> Iterator[Finding]:
    found = packages_of(python)
    if isinstance(found, str):
        yield Finding("Python", False, found)
        return
    version = found.get("sglang")
    if version is None:
        yield Finding("SGLang", False, f"{python} has no SGLang. {_INSTALL}")
    elif not fits(version):
        yield Finding("SGLang", False, f"{python} has SGLang {version}; {wanted()} is wanted. {_INSTALL}")
    else:
        yield Finding("SGLang", True, f"{version}, with torch {found.get('torch', 'unknown')}")
    if profile.drafts_from_merge:
        there = PLUGIN in found.get("plugins", ())
        says = (
            "found"
            if there
            else f"{python} does not have it. Install applyweb there, from its folder: pip install --no-deps ."
        )
        yield Finding("the apply draft's plugin", there, says)


def packages_of(python: str) -> dict[str, Any] | str:
    """What is installed for `python`, or why that cannot be told."""
    try:
        done = subprocess.run(
            [python, "-c", _PACKAGES], capture_output=True, text=True, timeout=_ASK_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{python} cannot be run: {error}. Choose the Python that has SGLang with --python."
    if done.returncode != 0:
        return f"{python} fails: {done.stderr.strip().splitlines()[-1:] or done.returncode}"
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _model_finding(what: str, model: str, option: str, *, download: bool) -> Finding:
    folder = _folder(model)
    if folder is not None:
        try:
            weights.read(folder)
        except NotWhole as error:
            return Finding(what, False, f"{error} Give the folder of a whole model to {option}.")
        cached = folder != Path(model).expanduser()
        return Finding(what, True, f"{model}, from the cache of downloads" if cached else str(folder))
    if download:
        return Finding(what, True, f"{model}, to be downloaded by SGLang")
    return Finding(
        what,
        False,
        f"{model} is not on this host. Give its folder with {option}, or let SGLang fetch it with --download.",
    )


def _folder(model: str) -> Path | None:
    """Where the model lies: a folder, or a snapshot in a hub's cache."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    home = Path(os.environ.get("HF_HOME") or "~/.cache/huggingface").expanduser()
    cache = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    snapshots = cache / f"models--{model.replace('/', '--')}" / "snapshots"
    return next((each.parent for each in sorted(snapshots.glob("*/config.json"))), None)


def _context_finding(profile: Profile, choice: Choice) -> Finding:
    model = _weights(choice.model or profile.model)
    longest = (model and model.context) or profile.longest
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
