"""Models for tests: real to look at, and as large as they say without taking the space; and a port for a server."""

from __future__ import annotations

import json
import socket
from pathlib import Path

SIZES = {"F32": 4, "BF16": 2, "I32": 4, "F8_E4M3": 1}


def safetensors(body: bytes, dtype: str = "BF16") -> bytes:
    return _header(len(body) // SIZES[dtype], dtype) + body


def write_weights(path: Path, numbers: int = 8, dtype: str = "BF16", name: str = "weight") -> None:
    """One tensor of so many numbers, all zero."""
    header = _header(numbers, dtype, name)
    path.write_bytes(header)
    with path.open("r+b") as file:
        file.truncate(len(header) + numbers * SIZES[dtype])


def _header(numbers: int, dtype: str, name: str = "weight") -> bytes:
    row = {"dtype": dtype, "shape": [numbers], "data_offsets": [0, numbers * SIZES[dtype]]}
    said = json.dumps({"__metadata__": {"format": "pt"}, name: row}).encode()
    return len(said).to_bytes(8, "little") + said


def model_folder(folder: Path, context: int = 32768) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": context}))
    write_weights(folder / "model.safetensors")
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
