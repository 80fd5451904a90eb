"""Launch profiles: data read from TOML, and the command that each stands for.

Must not know: the host, processes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

BUILT_IN = Path(__file__).with_name("profiles.toml")
Precision = Literal["bf16", "fp8", "float32"]
Device = Literal["cuda", "cpu"]
_BYTES = {"bf16": 2.0, "fp8": 1.0, "float32": 4.0}
_GIB = 1 << 30
_OURS = {"APPLY", "APPLY_EAGLE3"}
_LAUNCH = ("-m", "sglang.launch_server")


class ProfileError(ValueError):
    """No such profile, or a file of profiles that cannot be read; `str(error)` says which and what is there."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`parameters` in billions; `kv_bytes` of one token in the cache at two bytes a number. `shape` is the model's own
    configuration, {} where it is not told. `launch` are the words between the Python and SGLang's arguments."""

    name: str
    about: str
    model: str
    parameters: float
    kv_bytes: int
    longest: int
    context: int
    running: int
    precision: Precision
    device: Device
    speculation: tuple[str, ...]
    draft_model: bool
    arguments: tuple[str, ...]
    launch: tuple[str, ...]
    shape: Mapping[str, Any]

    @property
    def drafts_from_merge(self) -> bool:
        """Whether SGLang must have applyweb's plugin."""
        return not _OURS.isdisjoint(self.speculation)

    @property
    def bytes_a_number(self) -> float:
        return _BYTES[self.precision]

    @property
    def bytes_loaded(self) -> float:
        """What a number takes until the whole model is loaded: SGLang makes FP8 of 16-bit weights only then."""
        return max(2.0, self.bytes_a_number)

    @property
    def weight_bytes(self) -> float:
        return self.parameters * 1e9 * self.bytes_a_number

    @property
    def memory(self) -> float:
        """GiB, by the profile's own figures."""
        return needed_gib(self.weight_bytes, self.context * self.kv_bytes, self.parameters * 1e9 * self.bytes_loaded)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose beside the profile; "" and 0 leave it to the profile."""

    model: str = ""
    draft: str = ""
    draft_tokens: int = 0
    host: str = "127.0.0.1"
    port: int = 30000
    gpus: int = 1
    api_key: str = field(default="", repr=False)  # that the server asks for; "" for none


def needed_gib(weight_bytes: float, cache_bytes: float, loaded_bytes: float) -> float:
    """What a GPU must have free: the weights, a cache for one request of full length, and room for the rest
    (activations, CUDA graphs); or the weights as they are loaded, before there is a cache, where that is more. An
    estimate for a check, no measurement."""
    return max(weight_bytes * 1.1 + cache_bytes, loaded_bytes * 1.1) / _GIB + 3.0


def load(files: Iterable[Path] = ()) -> dict[str, Profile]:
    """The built-in profiles and those of the files, later ones over earlier ones. Errors: ProfileError."""
    tables: dict[str, dict[str, Any]] = {"models": {}, "speculation": {}, "profiles": {}}
    for file in (BUILT_IN, *files):
        try:
            found = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ProfileError(f"The profiles in {file} cannot be read: {error}") from error
        for name, table in found.items():
            if name not in tables or not isinstance(table, dict):
                raise ProfileError(f"{file} has a table [{name}]. There are: {', '.join(tables)}.")
            tables[name] |= table
    return {name: _profile(name, tables) for name in tables["profiles"]}


def named(name: str, profiles: Mapping[str, Profile]) -> Profile:
    """Errors: ProfileError, with the names there are."""
    if name not in profiles:
        raise ProfileError(f"There is no profile {name!r}. Choose one of: {', '.join(profiles)}.")
    return profiles[name]


def command(profile: Profile, choice: Choice, python: str) -> list[str]:
    """The words that start SGLang."""
    words = [python, *profile.launch, "--model-path", choice.model or profile.model]
    words += ["--host", choice.host, "--port", str(choice.port), "--device", profile.device]
    words += {
        "bf16": ["--dtype", "bfloat16"],
        "fp8": ["--dtype", "bfloat16", "--quantization", "fp8"],
        "float32": ["--dtype", "float32"],
    }[profile.precision]
    words += ["--context-length", str(profile.context), "--max-running-requests", str(profile.running)]
    if choice.gpus > 1:
        # SGLang's own dispatcher. Its router, a program of its own, drops `custom_params` and with them the drafts
        # (sglang-router 0.3.2), and does not pass on /tokenize, /server_info and /abort_request.
        words += ["--dp-size", str(choice.gpus)]
    # The Engines page's figures are those of the last step: else of every fortieth, and a drafted file takes fewer.
    words += ["--enable-metrics", "--decode-log-interval", "1", "--load-snapshot-publish-interval", "1"]
    words += ["--api-key", choice.api_key] if choice.api_key else []
    words += [*_speculation(profile, choice), *profile.arguments]
    return words


def _speculation(profile: Profile, choice: Choice) -> list[str]:
    words = list(profile.speculation)
    if choice.draft_tokens and "--speculative-num-draft-tokens" in words:
        words[words.index("--speculative-num-draft-tokens") + 1] = str(choice.draft_tokens)
        if "--speculative-num-steps" in words:
            words[words.index("--speculative-num-steps") + 1] = str(choice.draft_tokens - 1)
    if profile.draft_model and choice.draft:
        words += ["--speculative-draft-model-path", choice.draft]
    return words


def _profile(name: str, tables: Mapping[str, Mapping[str, Any]]) -> Profile:
    row = tables["profiles"][name]
    try:
        model, speculation = tables["models"][row["model"]], tables["speculation"][row["speculation"]]
        made = Profile(
            name=name,
            about=str(row.get("about", "")),
            model=str(model["path"]),
            parameters=float(model["parameters"]),
            kv_bytes=int(model["kv_bytes"]),
            longest=int(model["context"]),
            context=int(row["context"]),
            running=int(row["running"]),
            precision=row["precision"],
            device=row.get("device", "cuda"),
            speculation=tuple(map(str, speculation["arguments"])),
            draft_model=bool(speculation.get("draft_model", False)),
            arguments=tuple(map(str, row.get("arguments", ()))),
            launch=tuple(map(str, row.get("launch", _LAUNCH))),
            shape=dict(model.get("shape", {})),
        )
    except KeyError as error:
        raise ProfileError(f"The profile {name!r} lacks {error}, or what it names is not there.") from error
    except (TypeError, ValueError) as error:
        raise ProfileError(f"The profile {name!r} has a value of a wrong kind: {error}") from error
    if min(made.parameters, made.kv_bytes, made.longest, made.context, made.running) <= 0:
        raise ProfileError(f"The profile {name!r} needs numbers above 0 for parameters, kv_bytes, context and running.")
    if made.precision not in get_args(Precision) or made.device not in get_args(Device):
        raise ProfileError(
            f"The profile {name!r} has precision {made.precision!r} and device {made.device!r}. Precisions are "
            f"{', '.join(get_args(Precision))}; devices are {', '.join(get_args(Device))}."
        )
    return made
