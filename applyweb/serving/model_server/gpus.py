"""The GPUs of this host, as their driver tells, and those of them that a process sees.

Must not know: what a GPU is needed for; Django.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

VISIBLE = "CUDA_VISIBLE_DEVICES"
_ASK_WITHIN = 60.0  # seconds
_QUERY = "index,uuid,name,memory.total,memory.free,driver_version,compute_cap"


@dataclass(frozen=True, slots=True)
class Gpu:
    """Memory in GiB. `index` is nvidia-smi's, which is CUDA's too where its order is PCI_BUS_ID."""

    index: int
    uuid: str
    name: str
    total: float
    free: float
    driver: str
    capability: float


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
            index, uuid, name, total, free, driver, capability = cells
            memory = float(total) / 1024, float(free) / 1024
            found.append(Gpu(int(index), uuid, name, *memory, driver, float(capability)))
        except ValueError:
            return f"nvidia-smi said something unknown: {line!r}"
    return found or "The driver tells no GPU."


def visible(gpus: list[Gpu], words: str | None) -> list[Gpu]:
    """Those that a process sees with this CUDA_VISIBLE_DEVICES, in its order; None: it is not set. As CUDA reads it:
    indices, or beginnings of UUIDs, up to the first that names none."""
    if words is None:
        return gpus
    found: list[Gpu] = []
    for word in words.split(","):
        named = [gpu for gpu in gpus if word.strip() and word.strip() in (str(gpu.index), gpu.uuid)] or [
            gpu for gpu in gpus if word.strip().startswith("GPU-") and gpu.uuid.startswith(word.strip())
        ]
        if len(named) != 1:
            break
        found += named
    return found
