"""The seam: what an engine is asked, what it streams, how it fails.

Must not know: any one engine, Django, the database.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Confidence = Literal["certain", "unsure"]
FinishReason = Literal["stop", "length", "abort"]
ErrorCode = Literal[
    "no_code",  # the chat holds no code to apply
    "wrong_file",  # the chat is for another file
    "cannot_place",  # no edit could be placed
    "incomplete",  # the model stopped at its length limit
    "too_long",  # the prompt does not fit the model's context
    "unreachable",  # connection refused, host unknown
    "not_ready",  # the server answers but is still loading (503)
    "timeout",
    "interrupted",  # the connection broke in mid-stream
    "rejected",  # the server refused the request (4xx)
    "server_error",  # the server failed (5xx, or an error inside the stream)
    "bad_reply",  # the reply is not what the protocol says
    "not_configured",  # no server address is set
    "wrong_model",  # the server has another model than it should
]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Lines that a person wants otherwise than they were proposed. `proposed` are the request's lines with what was
    proposed, `note` says what is wanted; the first `above` and the last `below` lines are shown only so that the others
    can be understood."""

    proposed: str
    note: str
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """One apply as an engine sees it. `request_id` is unique a try; the model server's own ids begin with it. `part`:
    `original` is a part of the file, and the answer wanted is that part. `draft` is what the answer will probably be,
    for engines that can use it to be faster; None where nobody has tried yet, "" where there is none. `rewrite`: the
    lines were proposed anew already, and `chat` is what asked for that; only language models can follow its note."""

    request_id: str
    original: str
    chat: str
    path: str = ""
    language: str = ""
    part: bool = False
    draft: str | None = None
    rewrite: Rewrite | None = None

    @property
    def update(self) -> str:
        """All that says what is to become of `original`: an answer may be as long as both."""
        return self.chat if self.rewrite is None else f"{self.chat}\n{self.rewrite.proposed}\n{self.rewrite.note}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader should know about the outcome. `code` is stable (snake_case), `chat_line` is the 1-based
    line of the chat it is about, 0 where there is none."""

    code: str
    message: str
    severity: Literal["info", "warning", "error"] = "warning"
    chat_line: int = 0


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the merged *file* (tags and fences already removed), and the tokens that carried it."""

    text: str
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Restart:
    """What was streamed so far is void: another engine takes over (auto). `note` says why, and is shown."""

    engine: str
    note: Note


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event. `text` is the whole merged file, equal to the joined deltas since the last Restart. A file is
    whole only when `reason` is "stop". `stats` holds plain figures (`completion_tokens`, `tokens_per_second`,
    `first_token_ms`, `spec_accept_length`, `spec_verify_ct`, …), only those that were really measured or reported."""

    text: str
    reason: FinishReason
    engine: str
    confidence: Confidence
    notes: tuple[Note, ...] = ()
    stats: Mapping[str, float | int | str] = field(default_factory=dict)


Event = Delta | Restart | Finished


class EngineError(Exception):
    """An engine could not finish. `str(error)` says what happened and what to do; `retryable` is True only where trying
    again may help and nothing was streamed yet, so that a retry repeats nothing."""

    def __init__(self, code: ErrorCode, message: str, *, retryable: bool = False, notes: tuple[Note, ...] = ()) -> None:
        super().__init__(message)
        self.code: ErrorCode = code
        self.retryable = retryable
        self.notes = notes


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the Engines page shows of an engine, read live. `facts` are (label, value) pairs in the order to show;
    `figures` are those that are worth watching over time, by their names, only those that the engine told."""

    name: str
    title: str
    state: Literal["ready", "starting", "down", "off"]
    message: str
    facts: tuple[tuple[str, str], ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)


class Engine(Protocol):
    """One place where merges happen. `stream` must be closed (`aclosing`) by its reader: closing it early stops the
    work behind it, on a model server too. Errors: EngineError."""

    name: str

    def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]: ...

    async def status(self) -> EngineStatus: ...
