"""The deterministic merge first, a model where that is not sure.

A model is asked only about what the merge cannot settle. A chat without code, or for another file, is refused: a
model could only invent something. Must not know: how either works.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace

from applyweb.engines.base import (
    ApplyRequest,
    Delta,
    EngineError,
    EngineStatus,
    Event,
    Finished,
    Note,
    Restart,
)
from applyweb.engines.embedded import EmbeddedEngine
from applyweb.engines.registry import get
from applyweb.engines.settings import EngineSettings

_NO_MODEL = Note("no_model", "No model is configured to settle this: look at each change before you take it.")


@dataclass(frozen=True, slots=True)
class _Guess:
    """What the embedded merge made of it, held back until it is known whether a model has the word."""

    deltas: tuple[Delta, ...]
    finished: Finished

    def told(self, *notes: Note) -> Iterator[Event]:
        yield from self.deltas
        yield replace(self.finished, notes=(*notes, *self.finished.notes))


class AutoEngine:
    name = "auto"

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._embedded = EmbeddedEngine(settings)

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        """The merge where it is certain or no model is configured, else the model's answer. Where the model fails or
        stops short, the merge's best guess follows, and its first note says so."""
        first = await self._merge(request)
        model = self._model()
        if isinstance(first, EngineError):
            if first.code != "cannot_place":
                raise first
            if model is None:
                raise EngineError(first.code, str(first), notes=(*first.notes, _NO_MODEL)) from first
        elif first.finished.confidence == "certain" or model is None:
            notes = () if first.finished.confidence == "certain" else (_NO_MODEL,)
            for event in first.told(*notes):
                yield event
            return
        yield Restart(model, _asked(model, first))
        async with aclosing(self._ask(model, request, first)) as events:
            async for event in events:
                yield event

    async def status(self) -> EngineStatus:
        model = self._model()
        message = f"Asks {model} where the merge is unsure." if model else "The merge alone: no model is set."
        facts = (("First", self._embedded.name), ("Then", model or "no model is configured"))
        return EngineStatus(self.name, "Automatic", "ready", message, facts)

    def _model(self) -> str | None:
        if self._settings.sglang_url:
            return "sglang"
        return "openai" if self._settings.openai_url else None

    async def _merge(self, request: ApplyRequest) -> _Guess | EngineError:
        deltas: list[Delta] = []
        try:
            async with aclosing(self._embedded.stream(request)) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        return _Guess(tuple(deltas), event)
                    if isinstance(event, Delta):
                        deltas.append(event)
        except EngineError as refusal:
            return refusal
        raise AssertionError("the embedded engine always finishes")

    async def _ask(self, model: str, request: ApplyRequest, first: _Guess | EngineError) -> AsyncGenerator[Event, None]:
        try:
            async with aclosing(get(model, self._settings).stream(request)) as events:
                async for event in events:
                    if isinstance(event, Finished) and event.reason != "stop" and isinstance(first, _Guess):
                        failure = " ".join(note.message for note in event.notes)
                        break
                    yield event
                else:
                    return
        except EngineError as error:
            if isinstance(first, EngineError):
                raise EngineError(error.code, f"{first} Then a model was asked. {error}", notes=first.notes) from error
            failure = str(error)
        if isinstance(first, _Guess):
            note = Note("model_failed", f"This is the merge's best guess, as the model failed. {failure}")
            yield Restart(self._embedded.name, note)
            for event in first.told(note):
                yield event


def _asked(model: str, first: _Guess | EngineError) -> Note:
    reason = str(first) if isinstance(first, EngineError) else "The merge is not sure of every placement."
    return Note("model_asked", f"{reason} So {model} is asked.", "info")
