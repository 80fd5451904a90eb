"""A model's folder: whether all of its weights are there, and how much memory they take.

Must not know: what a folder is needed for, processes, Django.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_INDEX = "model.safetensors.index.json"
_KEPT = ("embed_tokens", "lm_head")  # not quantised, so that their numbers take two bytes at least
_FLOATS = ("F64", "F32", "F16", "BF16")  # numbers that are loaded at the chosen precision; others stay as they are
_LONGEST_HEADER = 100_000_000  # bytes, as the format has it


class NotWhole(ValueError):
    """The folder is not that of a whole model; `str(error)` says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`numbers` are loaded at the chosen precision, `kept` of them are those of the token embeddings and of the output
    head; `fixed` bytes are loaded as they are stored. `kv_bytes` is one token's in the
    cache at two bytes a number, `context` the longest that the model was made for; None where config.json tells not."""

    numbers: int
    kept: int
    fixed: int
    kv_bytes: int | None
    context: int | None

    def size(self, bytes_a_number: float) -> float:
        quantised = self.numbers - self.kept
        return quantised * bytes_a_number + self.kept * max(2.0, bytes_a_number) + self.fixed


def read(folder: Path) -> Weights:
    """Of a model's or a draft head's folder; of each file of weights only its header is read. Errors: NotWhole."""
    config = _config(folder)
    numbers = kept = fixed = 0
    for name in names(folder):
        if name.endswith(".bin"):
            fixed += (folder / name).stat().st_size
            continue
        for tensor, dtype, count, size in _tensors(folder / name):
            if dtype in _FLOATS:
                numbers += count
                kept += count if any(part in _KEPT for part in tensor.split(".")) else 0
            else:
                fixed += size
    context = config.get("max_position_embeddings")
    return Weights(numbers, kept, fixed, _kv_bytes(config), context if isinstance(context, int) else None)


def names(folder: Path) -> list[str]:
    """The files of weights that the model must have; all are there. Errors: NotWhole."""
    if not (folder / "config.json").is_file():
        raise NotWhole(f"{folder} has no config.json.")
    index = folder / _INDEX
    if index.is_file():
        try:
            found = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotWhole(f"{index} cannot be read: {error!r}. Is its download whole?") from error
    else:
        found = sorted(path.name for path in folder.glob("*.safetensors")) or sorted(
            path.name for path in folder.glob("*.bin")
        )
    if not found:
        raise NotWhole(f"{folder} has no weights (*.safetensors). Is its download whole?")
    for name in found:
        if not (folder / name).is_file():
            raise NotWhole(f"{folder} has no {name}. Is its download whole?")
    return found


def _config(folder: Path) -> Mapping[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise NotWhole(f"{folder} has no config.json.")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotWhole(f"{path} is not a model's configuration: {error}") from error
    if not isinstance(config, dict):
        raise NotWhole(f"{path} is not a model's configuration.")
    return config


def _tensors(path: Path) -> Iterator[tuple[str, str, int, int]]:
    """(name, type, numbers, bytes) of each tensor, from the header: eight bytes of length, then JSON. Errors: NotWhole
    for a file that is shorter or longer than its header says."""
    total = path.stat().st_size
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= min(_LONGEST_HEADER, total - 8):
                raise ValueError("no header")
            header = json.loads(file.read(length))
        rows = [(name, row) for name, row in header.items() if name != "__metadata__"]
        found = [(name, str(row["dtype"]), math.prod(row["shape"]), row["data_offsets"]) for name, row in rows]
        tensors = [(name, dtype, count, int(end) - int(start)) for name, dtype, count, (start, end) in found]
        length_of_all = max((int(end) for *_, (_, end) in found), default=0)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise NotWhole(f"{path} is no file of weights. Is its download whole?") from error
    if 8 + length + length_of_all != total:
        raise NotWhole(f"{path} has {total:,} bytes, which are not those that its header tells. Is its download whole?")
    return iter(tensors)


def _kv_bytes(config: Mapping[str, Any]) -> int | None:
    layers, heads = config.get("num_hidden_layers"), config.get("num_attention_heads")
    pairs = config.get("num_key_value_heads") or heads
    hidden = config.get("hidden_size")
    known = [each for each in (layers, heads, pairs, hidden) if isinstance(each, int) and each > 0]
    if len(known) < 4:
        return None
    layers, heads, pairs, hidden = known
    size = config.get("head_dim") or hidden // heads
    return 2 * layers * pairs * int(size) * 2
