"""What the engines must be told: addresses, keys, limits of time and length.

Must not know: Django; where the values come from beyond a mapping of names to words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


class SettingsError(ValueError):
    """A value that cannot be used; `str(error)` names the variable."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """An empty address means: this engine is not configured. Addresses are kept without a trailing slash; keys never
    show in `repr`. `openai_url` is the client's base address, mostly ending in "/v1". Times are seconds."""

    sglang_url: str = ""
    sglang_api_key: str = field(default="", repr=False)
    sglang_model: str = ""  # the name that the server must tell of its model; "" takes any
    openai_url: str = ""
    openai_api_key: str = field(default="", repr=False)
    openai_model: str = ""  # "" takes the first that the server lists
    connect_timeout: float = 5.0
    first_token_timeout: float = 120.0  # from the request to the first event: queueing and reading the prompt
    stall_timeout: float = 60.0  # between two pieces of a stream
    status_timeout: float = 3.0
    max_tokens_margin: float = 1.25  # room for the answer, as a multiple of what original and chat need
    retries: int = 2  # further tries, only while nothing was streamed
    retry_delay: float = 0.5  # before the first further try; doubles each time
    merge_timeout: float = 60.0  # of the embedded merge, where it runs in a process
    draft_wait: float = 0.1  # for the merge that is sent to SGLang as a draft, and more for a large file,
    draft_timeout: float = 2.0  # … but never more than this
    merge_in_process: bool = False  # so that it can be stopped; the site's choice, never the environment's

    def __post_init__(self) -> None:
        for name in ("sglang_url", "openai_url"):
            url = getattr(self, name).strip().rstrip("/")
            if url and "://" not in url:
                url = f"http://{url}"  # "127.0.0.1:30000", as people type it
            object.__setattr__(self, name, url)

    @property
    def language_models(self) -> tuple[str, ...]:
        """The engines that are a language model and have an address, the one to ask first."""
        return tuple(name for name, url in (("sglang", self.sglang_url), ("openai", self.openai_url)) if url)

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> EngineSettings:
        """Every field but bools by its name: `sglang_url` is APPLYWEB_SGLANG_URL. Empty variables count as unset.
        Errors: SettingsError where a number is not one."""
        values: dict[str, str | float | int] = {}
        for each in fields(cls):
            variable = f"APPLYWEB_{each.name.upper()}"
            word = environment.get(variable, "").strip()
            if not word or each.type == "bool":
                continue
            if each.type == "str":
                values[each.name] = word
            else:
                values[each.name] = _number(variable, word, int if each.type == "int" else float)
        return cls(**values)  # type: ignore[arg-type]


def _number(variable: str, word: str, kind: type[float] | type[int]) -> float | int:
    try:
        value = kind(word)
    except ValueError as error:
        raise SettingsError(f"{variable} must be a number, not {word!r}.") from error
    if not 0 <= value < 1e9:  # also false for NaN
        raise SettingsError(f"{variable} must be zero or more and finite, not {word!r}.")
    return value
