"""Original + an assistant's answer -> merged text, with a reason for every doubt. The embedded engine.

May live here: everything that places edits. Must not know: engines, streams, files, the clock. The way of a
merge: the answer is parsed (core.chat), edits for other files and commands are set aside, each edit is planned
against the text so far (core.merge.place for patches, core.merge.code for code, which aligns), its splices are
made (core.merge.document), and the result is judged (core.merge.judge). All that speaks against it is weighed
(core.merge.confidence); "certain" is given only to what is likely enough, and never beside an error or a loss that
nobody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from applyweb.core import languages
from applyweb.core.chat import Answer, bare, parse
from applyweb.core.merge.confidence import features, is_barred, is_certain, probability
from applyweb.core.merge.document import Document
from applyweb.core.merge.judge import judge
from applyweb.core.merge.plan import MergeNote
from applyweb.core.merge.regions import Region, unsure_regions
from applyweb.core.merge.run import Run
from applyweb.core.merge.select import select
from applyweb.core.text import BOM, split_end, split_lines

__all__ = ["Merge", "MergeNote", "MergeRefused", "Region", "merge"]


UNLIKELY = "Too much was left to judgement: merges like this one are right in {percent} % of the cases."
NO_CODE = "The answer holds no code for this file. Paste the whole answer, with its code."


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged text. `probability` is the calibrated chance, 0 to 1, that it is exactly what was meant, `evidence` what
    it was reckoned from. `notes` hold at least one warning or error where the confidence is "unsure"; `regions` are
    then what is in question, none where that is the whole file."""

    text: str
    confidence: Literal["certain", "unsure"]
    notes: tuple[MergeNote, ...] = ()
    probability: float = 1.0
    evidence: Mapping[str, float] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()


class MergeRefused(Exception):
    """Nothing could be merged. `code` is stable; `str(error)` says what happened and what to do."""

    def __init__(
        self,
        code: Literal["no_code", "wrong_file", "cannot_place"],
        message: str,
        notes: tuple[MergeNote, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code: Literal["no_code", "wrong_file", "cannot_place"] = code
        self.message = message
        self.notes = notes


def _read(chat: str, original: str, language: str) -> Answer:
    """The answer's edits. In an answer that begins as the Markdown file itself does, fences are content."""
    if language == "markdown" and not chat.lstrip().startswith(("```", "~~~")):
        first = [next((line.strip() for line in text.split("\n") if line.strip()), "") for text in (chat, original)]
        if first[0] == first[1] != "":
            return bare(chat)
    return parse(chat)


def merge(original: str, chat: str, *, path: str = "", language: str = "") -> Merge:
    """Apply the whole answer `chat` to `original`. `path` tells which edits are for this file, `language` is a name of
    `core.languages` (guessed from the path when empty). Errors: MergeRefused."""
    name = languages.guess(path, language, original).name
    selection = select(_read(chat, original, name), path, name)
    if not selection.edits:
        if selection.others:
            files = ", ".join(selection.others)
            raise MergeRefused(
                "wrong_file",
                f"The answer is for {files}, not for {path}."
                " Give the answer for this file, or name the file as the answer does.",
                selection.notes,
            )
        raise MergeRefused("no_code", NO_CODE, selection.notes)
    run = Run(Document(original, name), name, path, chat)
    run.apply_all(selection.edits)
    run.finish(selection.edits, selection.prose)
    notes = [*selection.notes, *run.notes]
    if not run.placed:
        if run.foreign and run.foreign == run.seen:
            raise MergeRefused(
                "wrong_file", f"Every change of the answer is for another file than {path}.", tuple(notes)
            )
        if all(edit.format == "code" and not edit.fenced for edit in selection.edits):
            raise MergeRefused("no_code", NO_CODE, tuple(notes))
        raise MergeRefused(
            "cannot_place",
            "No change of the answer fits this file. Check that the file is the right one.",
            tuple(notes),
        )
    text = run.document.text()
    notes += judge(original, text, name, selection, run)
    evidence = features(notes, run.signals)
    likely = probability(evidence)
    certain = is_certain(likely) and not is_barred(notes)
    if certain:
        notes = [replace(note, severity="info") for note in notes]
    elif all(note.severity == "info" for note in notes):
        notes.append(MergeNote("unlikely", UNLIKELY.format(percent=round(100 * likely)), "warning", 0))
    if certain:
        return Merge(text, "certain", tuple(notes), likely, evidence)
    return Merge(text, "unsure", tuple(notes), likely, evidence, _regions(original, name, run))


def _regions(original: str, language: str, run: Run) -> tuple[Region, ...]:
    """Nothing is told of a file that could not be searched to the end."""
    if any(note.code == "too_many_changes" for note in run.notes):
        return ()
    lines = [split_end(line)[0] for line in split_lines(original.removeprefix(BOM))]
    return unsure_regions(lines, run.document.origins, run.changes, language)
