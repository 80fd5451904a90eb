"""SGLang's native `/generate` stream, read event by event. Seen with SGLang 0.5.23.

Each event carries the whole text so far, often several tokens more than the one before; the last one carries the
figures of the run. An error can come as an event after HTTP 200. Must not know: HTTP, prompts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, get_args

from applyweb.engines.base import EngineError, FinishReason
from applyweb.engines.failures import bad_reply, brief, from_status

END = "[DONE]"
_FIGURES = (
    "prompt_tokens",
    "completion_tokens",
    "cached_tokens",
    "decode_throughput",
    "spec_accept_length",
    "spec_accept_rate",
    "spec_verify_ct",
    "spec_num_correct_drafts",
    "spec_num_proposed_drafts",
)


@dataclass(slots=True)
class GenerateStream:
    """What was heard so far of one answer. `over`: the server works on it no more; then `reason` says why it ended,
    or None where it failed. `figures` are the server's own."""

    who: str
    text: str = ""
    tokens: int = 0
    over: bool = False
    reason: FinishReason | None = None
    figures: dict[str, float | int] = field(default_factory=dict)

    def take(self, data: str, *, streamed: bool) -> tuple[str, int]:
        """One event's data; gives the text and the number of tokens that it adds. `streamed`: some of the answer
        was already given away. Errors: EngineError."""
        event = self._parse(data)
        if "error" in event:
            self.over = True
            raise self._failure(event["error"], streamed)
        text, meta = event.get("text"), event.get("meta_info")
        if not isinstance(text, str) or not isinstance(meta, dict):
            raise bad_reply(self.who, f"an event without text or meta_info: {brief(data)}")
        if not text.startswith(self.text):
            raise bad_reply(
                self.who,
                "an event that does not continue the text before it. A server started with "
                "--incremental-streaming-output must be started without it.",
            )
        tokens = _count(meta.get("completion_tokens"), self.tokens)
        added = text[len(self.text) :], tokens - self.tokens
        self.text, self.tokens = text, tokens
        self._finish(meta)
        return added

    def ended_by(self) -> FinishReason:
        """Why the model stopped. Errors: EngineError where the server never said."""
        if self.reason is None:
            raise bad_reply(self.who, "an answer without a finish reason")
        return self.reason

    def _finish(self, meta: dict[str, Any]) -> None:
        finish = meta.get("finish_reason")
        if finish is None:
            return
        kind = finish.get("type") if isinstance(finish, dict) else finish
        if kind not in get_args(FinishReason):
            raise bad_reply(self.who, f"an unknown finish reason {brief(repr(finish))}")
        self.over = True
        self.reason = kind
        self.figures = {name: meta[name] for name in _FIGURES if _is_number(meta.get(name))}

    def _parse(self, data: str) -> dict[str, Any]:
        try:
            event = json.loads(data)
        except ValueError as error:
            raise bad_reply(self.who, f"an event that is not JSON: {brief(data)}") from error
        if not isinstance(event, dict):
            raise bad_reply(self.who, f"an event that is no object: {brief(data)}")
        return event

    def _failure(self, error: object, streamed: bool) -> EngineError:
        status, message = 500, str(error)
        if isinstance(error, dict):
            status, message = _count(error.get("code"), 500), str(error.get("message", ""))
        return from_status(self.who, status, message, streamed=streamed)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
