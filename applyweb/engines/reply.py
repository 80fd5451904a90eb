"""A language model's reply on its way to a file: out of its tags, stand-ins and line ends put back, judged.

Must not know: which server sent it.
"""

from __future__ import annotations

from applyweb.core.stream import UpdateReader
from applyweb.engines.base import ApplyRequest, Confidence, Note
from applyweb.engines.copied_ends import CopiedEnds
from applyweb.engines.prompts import Prompt
from applyweb.engines.stand_ins import Revealer

_FENCES = ("```", "~~~")


class Reply:
    """Takes raw model text cut anywhere; gives the text of the file. `text` is what was given so far, joined."""

    def __init__(self, request: ApplyRequest, prompt: Prompt) -> None:
        fenced = request.original.lstrip().startswith(_FENCES)  # then a fence around the answer is the file's own
        self._reader = UpdateReader(prompt.open_tag, prompt.close_tag, unwrap_fence=not fenced)
        self.open_tag = prompt.open_tag
        self._revealer = Revealer(prompt.stand_ins)
        self._ends = CopiedEnds(request.original)
        self._given: list[str] = []
        self._emptied = bool(request.original)

    @property
    def found(self) -> bool:
        """Whether the reply holds a file at all; call it after `close`."""
        return self._reader.opened or self._reader.fence_only

    @property
    def closed(self) -> bool:
        return self._reader.closed

    @property
    def rambles(self) -> bool:
        """The answer is over and the model goes on: nothing that follows can belong to the file."""
        return bool(self._reader.trailing)

    @property
    def text(self) -> str:
        return "".join(self._given)

    def feed(self, raw: str) -> str:
        return self._give(self._ends.feed(self._revealer.feed(self._reader.feed(raw))))

    def close(self, *, whole: bool) -> str:
        """The rest of the file's text; `whole` says that the model ended by itself, so the last line is complete."""
        rest = self._ends.feed(self._revealer.feed(self._reader.close()) + self._revealer.close())
        return self._give(rest + self._ends.close(whole=whole))

    def verdict(self) -> tuple[Confidence, tuple[Note, ...]]:
        """How far the reply's own form can be trusted, of one that ended by itself; call it after `close`."""
        notes: list[Note] = []
        if self._reader.fence_only:
            message = "The model wrote the file in a code fence, without the tags that it was asked for."
            notes.append(Note("fence_for_tags", message, "info"))
        elif not self.closed:
            notes.append(Note("answer_not_closed", "The model ended without its closing tag: the end may be missing."))
        if self.rambles:
            notes.append(Note("text_after_answer", "The model wrote on after the file; that text was left out."))
        if self.open_tag in self.text:
            notes.append(Note("tag_in_answer", "The model wrote its own opening tag into the file."))
        if self._reader.fence_unclosed:
            notes.append(Note("fence_not_closed", "The model opened a code fence and never closed it."))
        if self._ends.mixed:
            notes.append(Note("mixed_line_ends", "The file mixes line ends; new lines got the commonest one."))
        if self._emptied and not any(self._given):
            notes.append(Note("empty_answer", "The model answered with an empty file."))
        sure = all(note.severity == "info" for note in notes)
        return ("certain" if sure else "unsure"), tuple(notes)

    def _give(self, text: str) -> str:
        if text:
            self._given.append(text)
        return text
