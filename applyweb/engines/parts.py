"""Asking a model about the parts of a file where the merge is unsure, or about all of it where no parts can be told,
and putting its answers into the merge.

What the merge is sure of is streamed as it is, each part as the model writes it. The whole is then weighed by the same
support and checks as any result: an answer that makes it no better is not taken. Where the model fails on one part, the
merge's reading stands there, and the other answers are weighed. Certain is only what the model reads as a merge does
that was likely right by itself. Must not know: how a part is found, any one model.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from applyweb.core import checks, languages
from applyweb.core.diff import hunks
from applyweb.core.merge import Merge, Region
from applyweb.core.support import support
from applyweb.core.text import split_lines
from applyweb.engines.base import ApplyRequest, Delta, Engine, EngineError, ErrorCode, Finished, Note
from applyweb.engines.embedded import pieces
from applyweb.engines.lanes import LaneEnded, merging
from applyweb.engines.settings import EngineSettings

_LIKELY = 0.5  # from which on a merge stands against an answer that is as good, and is certain beside an equal one
# After these nothing is asked any more: the next part would only wait for the same.
_LOST: frozenset[ErrorCode] = frozenset(
    ("unreachable", "not_ready", "timeout", "interrupted", "not_configured", "wrong_model", "rejected")
)


class PartFailed(Exception):
    """The model's answer about a part is not whole; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks against a text: failed checks and `Support.counts`, and all of it in words."""

    counts: tuple[int, ...]
    words: str

    @property
    def clean(self) -> bool:
        return not any(self.counts)

    def no_worse_than(self, other: Weighed) -> bool:
        return all(ours <= theirs for ours, theirs in zip(self.counts, other.counts, strict=True))


@dataclass(frozen=True, slots=True)
class Settled:
    """The file with the answers that were `taken`. `kept` are the regions where the merge's own reading stands against
    an answer, `agreed` those where the model wrote the same, `why` says what speaks against the other answers, ""
    where nothing does."""

    text: str
    taken: tuple[Region, ...]
    agreed: tuple[Region, ...]
    kept: tuple[Region, ...]
    why: str
    certain: bool = False


class Parts:
    """One apply whose merge is unsure of `regions`. `stream` first, then `settle`."""

    def __init__(self, request: ApplyRequest, merge: Merge) -> None:
        self.request, self.merge = request, merge
        self.regions = regions_of(request, merge)
        self.answers: dict[Region, Finished] = {}
        self.failures: dict[Region, str] = {}  # why there is no answer
        self.text = ""  # what was streamed
        self._original = split_lines(request.original)
        self._merged = split_lines(merge.text)

    async def stream(self, engine: Engine) -> AsyncGenerator[Delta, None]:
        """The merged file, with the model's lines for each region, or the merge's where the model failed. Errors:
        EngineError, PartFailed where it failed on every region."""
        given: list[str] = []
        lost: EngineError | None = None
        row = 0
        for number, region in enumerate(self.regions, 1):
            for piece in pieces("".join(self._merged[row : region.new_start])):
                given.append(piece)
                yield Delta(piece)
            if lost is None:
                try:
                    async with aclosing(engine.stream(self._question(number, region))) as events:
                        async for event in events:
                            if isinstance(event, Delta):
                                given.append(event.text)
                                yield event
                            elif isinstance(event, Finished):
                                self._keep(region, event)
                except (EngineError, PartFailed) as error:
                    lost = error if isinstance(error, EngineError) and error.code in _LOST else None
                    if not self.answers and (lost is not None or region == self.regions[-1]):
                        raise
                    self.failures[region] = str(error)
            row = region.new_end
            if region in self.answers:
                continue
            self.failures.setdefault(region, str(lost))
            for piece in pieces("".join(self._merged[region.new_start : row])):
                given.append(piece)
                yield Delta(piece)
        for piece in pieces("".join(self._merged[row:])):
            given.append(piece)
            yield Delta(piece)
        self.text = "".join(given)

    def _question(self, number: int, region: Region) -> ApplyRequest:
        if not self.merge.regions:
            return replace(self.request, draft=self.merge.text)
        return replace(
            self.request,
            request_id=f"{self.request.request_id}-part{number}",
            original="".join(self._original[region.old_start : region.old_end]),
            chat=region.chat,
            part=True,
            draft="".join(self._merged[region.new_start : region.new_end]),
        )

    def _keep(self, region: Region, answer: Finished) -> None:
        if answer.reason != "stop":
            raise PartFailed(" ".join(note.message for note in answer.notes))
        self.answers[region] = answer

    async def settle(self, settings: EngineSettings) -> Settled:
        """Which answers are taken. Errors: EngineError."""
        answers = {region: answer.text for region, answer in self.answers.items()}
        work = (self.request, self.merge, answers)
        if not settings.merge_in_process:
            return await asyncio.to_thread(settle, *work)
        try:
            return await merging.run(settle, *work, seconds=settings.merge_timeout)
        except (TimeoutError, LaneEnded) as error:
            raise EngineError("timeout", "The check of the model's lines was stopped.") from error

    def stats(self, ms: float) -> dict[str, float | int | str]:
        """The model's figures over all parts; `ms` is the time of the whole apply."""
        stats: dict[str, float | int | str] = {"ms": ms, "parts": len(self.answers)}
        stats["lines_asked"] = sum(region.old_end - region.old_start for region in self.answers)
        answers = list(self.answers.values())
        for name in ("completion_tokens", "prompt_tokens", "spec_verify_ct"):
            if found := [value for each in answers if isinstance(value := each.stats.get(name), int)]:
                stats[name] = sum(found)
        if len(answers) == 1:
            only = answers[0].stats
            stats |= {name: only[name] for name in ("first_token_ms", "spec_accept_length") if name in only}
        spent = sum(float(each.stats["ms"]) for each in answers if "ms" in each.stats)
        if spent and isinstance(tokens := stats.get("completion_tokens"), int):
            stats["tokens_per_second"] = round(tokens * 1000 / spent, 2)
        if model := next((each.stats["model"] for each in answers if "model" in each.stats), ""):
            stats["model"] = model
        return stats


def regions_of(request: ApplyRequest, merge: Merge) -> tuple[Region, ...]:
    """What a model is asked about: all of the file where the merge tells no regions."""
    whole = Region(0, len(split_lines(request.original)), 0, len(split_lines(merge.text)), request.chat, 0)
    return merge.regions or (whole,)


def settle(request: ApplyRequest, merge: Merge, answers: Mapping[Region, str]) -> Settled:
    """Weighs the merge with the model's `answers`, in the order of the file: all of them together, or else one after
    the other. An answer is taken where less speaks against the text with it, and nothing more; where nothing speaks
    against either, the likelier one stands."""
    lines, regions = split_lines(merge.text), tuple(answers)
    agreed = tuple(
        region for region, answer in answers.items() if answer == "".join(lines[region.new_start : region.new_end])
    )
    best = weigh(request, merge.text)
    everything = _with(lines, answers)
    together = weigh(request, everything)
    if together.clean and not (best.clean and merge.probability >= _LIKELY):
        taken = tuple(region for region in regions if region not in agreed)
        return Settled(everything, taken, agreed, (), "")
    chosen: dict[Region, str] = {}
    for region, answer in answers.items():
        if region in agreed or best.clean:
            continue
        if not _does_as_well(request, region, "".join(lines[region.new_start : region.new_end]), answer):
            continue
        tried = {**chosen, region: answer}
        found = weigh(request, _with(lines, tried))
        if found.counts != best.counts and found.no_worse_than(best):
            chosen, best = tried, found
    kept = tuple(region for region in regions if region not in chosen and region not in agreed)
    sound = merge.probability >= _LIKELY and all(note.severity != "error" for note in merge.notes)
    certain = sound and agreed == regions_of(request, merge)
    return Settled(_with(lines, chosen), tuple(chosen), agreed, kept, together.words, certain)


def _does_as_well(request: ApplyRequest, region: Region, merged: str, answer: str) -> bool:
    """Whether an answer does what is said about its region no worse than the merge, each seen by itself."""
    before = "".join(split_lines(request.original)[region.old_start : region.old_end])
    ours, theirs = (
        support(before, after, hunks(before, after), region.chat, path=request.path).counts
        for after in (answer, merged)
    )
    return all(mine <= other for mine, other in zip(ours, theirs, strict=True))


def weigh(request: ApplyRequest, text: str) -> Weighed:
    """What support and checks say against a text for the request."""
    original, chat, path = request.original, request.chat, request.path
    language = languages.guess(path, request.language, original).name
    failed = [
        check.message
        for check in checks.run(original, text, chat=chat, language=language, path=path)
        if check.state == "failed"
    ]
    supported = support(original, text, hunks(original, text), chat, path=path)
    words = " ".join([f"{supported.astray}."] * bool(supported.astray) + failed)
    return Weighed((len(failed), *supported.counts), words)


def lines_of(regions: Sequence[Region]) -> str:
    """The regions as a reader of the original names them; "the file" for the whole."""
    if not regions[0].chat_line:
        return "the file"
    named = [f"{region.old_start + 1}–{region.old_end}" for region in regions]
    return ("line " if named == ["1–1"] else "lines ") + ", ".join(named)


def asked(model: str, regions: Sequence[Region]) -> Note:
    what = lines_of(regions)
    message = f"The merge is not sure of {what}. So {model} is asked about {'it' if what == 'the file' else 'them'}."
    return Note("model_asked", message, "info")


def outcome(model: str, settled: Settled, failures: Mapping[Region, str]) -> list[Note]:
    """What became of the model's answers, in sentences."""
    notes: list[Note] = []
    for region in settled.taken:
        message = f"Look at {lines_of([region])}: the merge was not sure there, and this is what {model} wrote."
        notes.append(Note("model_wrote", message, "warning", region.chat_line))
    for region in settled.agreed:
        message = f"The merge was not sure of {lines_of([region])}; {model} wrote the same."
        notes.append(Note("model_agrees", message, "info", region.chat_line))
    why = f"What {model} wrote was not taken: {settled.why}" if settled.why else f"{model} reads it differently."
    for region in settled.kept:
        message = f"Look at {lines_of([region])}: the merge is not sure there. {why}"
        notes.append(Note("model_not_taken", message, "warning", region.chat_line))
    for region, error in failures.items():
        message = f"Look at {lines_of([region])}: the merge is not sure there, and the model failed. {error}"
        notes.append(Note("model_failed", message, "warning", region.chat_line))
    return notes


def _with(lines: Sequence[str], answers: Mapping[Region, str]) -> str:
    """The merged lines with these answers for their regions, which are in order."""
    parts: list[str] = []
    row = 0
    for region, answer in answers.items():
        parts += [*lines[row : region.new_start], answer]
        row = region.new_end
    return "".join([*parts, *lines[row:]])
