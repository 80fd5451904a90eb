"""The deterministic merge first, a model where that is not sure.

A model is asked only about what the merge cannot settle: about the lines in question (`parts`), or about the file
where no lines can be told. A chat without code, or for another file, is refused: a model could only invent something.
What a model wrote is certain only where the merge reads it the same way. Must not know: how either works.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from applyweb.core.merge import Merge
from applyweb.engines import embedded, parts
from applyweb.engines.base import (
    ApplyRequest,
    Delta,
    Engine,
    EngineError,
    EngineStatus,
    Event,
    Finished,
    Note,
    Restart,
)
from applyweb.engines.embedded import EmbeddedEngine
from applyweb.engines.parts import PartFailed, Parts
from applyweb.engines.registry import get
from applyweb.engines.settings import EngineSettings

_NO_MODEL = Note("no_model", "No model is configured to settle this: look at each change before you take it.")
_MODELS_TO_SETTLE = ("cannot_place", "timeout")


class AutoEngine:
    name = "auto"

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        """The merge where it is certain or no model is configured, else what the model makes of the lines in question.
        Where the model fails, stops short or does worse, the merge's best guess follows, and its first note says so."""
        model = self._model()
        try:
            merge, ms = await embedded.merged(request, self._settings)
        except EngineError as refusal:
            if refusal.code not in _MODELS_TO_SETTLE:
                raise
            if model is None:
                raise EngineError(refusal.code, str(refusal), notes=(*refusal.notes, _NO_MODEL)) from refusal
            async with aclosing(self._ask_alone(model, request, refusal)) as events:
                async for event in events:
                    yield event
            return
        if merge.confidence == "certain" or model is None:
            for event in embedded.told(merge, ms, *([] if merge.confidence == "certain" else [_NO_MODEL])):
                yield event
            return
        async with aclosing(self._ask_about_parts(model, request, merge, ms)) as events:
            async for event in events:
                yield event

    async def status(self) -> EngineStatus:
        model = self._model()
        message = f"Asks {model} where the merge is unsure." if model else "The merge alone: no model is set."
        facts = (("First", EmbeddedEngine.name), ("Then", model or "no model is configured"))
        return EngineStatus(self.name, "Automatic", "ready", message, facts)

    def _model(self) -> str | None:
        return next(iter(self._settings.language_models), None)

    def _engine(self, model: str) -> Engine:
        return get(model, self._settings)

    async def _ask_alone(self, model: str, request: ApplyRequest, refusal: EngineError) -> AsyncGenerator[Event, None]:
        """There is no guess: the model's answer, whatever it is."""
        yield Restart(model, Note("model_asked", f"{refusal} So {model} is asked.", "info"))
        try:
            async with aclosing(self._engine(model).stream(replace(request, draft=""))) as events:
                async for event in events:
                    yield _doubted(event, model)
        except EngineError as error:
            message = f"{refusal} Then a model was asked. {error}"
            raise EngineError(error.code, message, notes=refusal.notes) from error

    async def _ask_about_parts(
        self, model: str, request: ApplyRequest, merge: Merge, ms: float
    ) -> AsyncGenerator[Event, None]:
        began = time.perf_counter()
        asking = Parts(request, merge)
        yield Restart(model, parts.asked(model, asking.regions))
        try:
            async with aclosing(asking.stream(self._engine(model))) as deltas:
                async for delta in deltas:
                    yield delta
            settled = await asking.settle(self._settings)
        except (EngineError, PartFailed) as error:
            for each in _guess(merge, ms + _since(began), _failed(error)):
                yield each
            return
        notes = parts.outcome(model, settled, asking.failures)
        if settled.text == merge.text and not settled.certain:  # kept, all of them
            for each in _guess(merge, ms + _since(began), *notes):
                yield each
            return
        if settled.text != asking.text:
            yield Restart(model, next(note for note in notes if note.severity == "warning"))
            for piece in embedded.pieces(settled.text):
                yield Delta(piece)
        stats = asking.stats(round(ms + _since(began), 1))
        own = embedded.to_notes(merge.notes) if not settled.certain else ()
        yield Finished(settled.text, "stop", model, "certain" if settled.certain else "unsure", (*notes, *own), stats)


def _doubted(event: Event, model: str) -> Event:
    """A file that only the model made is unsure, however it ended."""
    if not isinstance(event, Finished):
        return event
    note = Note("model_wrote", f"Look at each change: the merge placed nothing, and this is what {model} wrote.")
    return replace(event, confidence="unsure", notes=(note, *event.notes))


def _failed(error: Exception) -> Note:
    return Note("model_failed", f"This is the merge's best guess, as the model failed. {error}")


def _since(began: float) -> float:
    """Milliseconds."""
    return round((time.perf_counter() - began) * 1000, 1)


def _guess(merge: Merge, ms: float, *notes: Note) -> list[Event]:
    """What the merge made of it, after all; the first note says why."""
    return [Restart(EmbeddedEngine.name, notes[0]), *embedded.told(merge, ms, *notes)]
