"""One model's answer as engine events: pieces of the file while it is written, then the end with its figures.

Must not know: which server wrote it, how it travelled.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from applyweb.engines.base import ApplyRequest, Delta, Event, Finished, FinishReason, Note
from applyweb.engines.prompts import Prompt
from applyweb.engines.reply import Reply

_INCOMPLETE = {
    "length": Note("incomplete", "The model reached its length limit: the file is not whole.", "error"),
    "abort": Note("aborted", "The server broke the answer off: the file is not whole.", "error"),
}


class Answer:
    """Made when the request is sent: times count from then. With `prefilled` the prompt has begun the answer."""

    def __init__(self, engine: str, request: ApplyRequest, prompt: Prompt, *, prefilled: bool) -> None:
        self.reply = Reply(request, prompt)
        self.streamed = False  # a piece was given away, so a further try would repeat it
        self._engine = engine
        self._began = time.perf_counter()
        self._first: float | None = None
        self._tokens = 0
        self._tokens_given = 0
        if prefilled:
            self.reply.feed(prompt.prefill)

    def take(self, raw: str, tokens: int = 0) -> Delta | None:
        """`tokens` more tokens that say `raw`; None while nothing of it surely belongs to the file."""
        if self._first is None and (raw or tokens):
            self._first = time.perf_counter()
        self._tokens += tokens
        return self._delta(self.reply.feed(raw))

    def finish(
        self, reason: FinishReason, figures: Mapping[str, float | int | str], model: str, note: Note | None = None
    ) -> list[Event]:
        """The last events; `note` says what the engine itself has to add to an answer that is not whole."""
        last = self._delta(self.reply.close(whole=reason == "stop"))
        confidence, notes = self.reply.verdict()
        if reason != "stop":
            confidence, notes = "unsure", (note or _INCOMPLETE[reason],)
        stats = self._stats(figures, model)
        done = Finished(self.reply.text, reason, self._engine, confidence, notes, stats)
        return [done] if last is None else [last, done]

    def _delta(self, text: str) -> Delta | None:
        """Tokens that carried nothing visible count with the next text."""
        if not text:
            return None
        self.streamed = True
        tokens, self._tokens_given = self._tokens - self._tokens_given, self._tokens
        return Delta(text, tokens)

    def _stats(self, figures: Mapping[str, float | int | str], model: str) -> dict[str, float | int | str]:
        took = time.perf_counter() - self._began
        stats: dict[str, float | int | str] = {"ms": round(took * 1000, 1), **figures}
        if self._first is not None:
            stats["first_token_ms"] = round((self._first - self._began) * 1000, 1)
        if isinstance(tokens := figures.get("completion_tokens"), int | float) and tokens:
            stats["tokens_per_second"] = round(tokens / took, 2)
        if model:
            stats["model"] = model
        return stats
