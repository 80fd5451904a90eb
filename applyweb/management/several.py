"""One answer applied to several files from a command, without the site: what it is for, and one patch of it all.

Must not know: the database, arguments, how a command reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from applyweb.core import chat as chats
from applyweb.core import languages
from applyweb.core.chat.pieces import without
from applyweb.core.decisions import unified_patch
from applyweb.core.merge.assign import FilePlan, Plan, assign
from applyweb.management.once import Ended, apply_once

_WHY = {
    "missing": "is not given, and the answer changes what it holds",
    "deleted": "is to be deleted, which is not done here",
    "unsafe": "would be written outside of this folder",
}


@dataclass(frozen=True, slots=True)
class EndedFile:
    """One file of the answer and how its apply ended."""

    file: FilePlan
    original: str
    ended: Ended

    @property
    def patch(self) -> str:
        return "" if self.ended.text is None else unified_patch(self.file.path, self.original, self.ended.text)


def apply_to_several(engine: str, texts: Mapping[str, str], chat: str) -> tuple[Plan, list[EndedFile]]:
    """The plan, and every file of it applied; none where a question is open. Errors: PlanError, UnknownEngine."""
    plan = assign(chat, list(texts))
    if plan.questions:
        return plan, []
    spoken = chats.spoken_language(chats.parse(chat))
    done = []
    for file in plan.to_apply:
        original, own = texts.get(file.given_as, ""), without(chat, plan.hidden_from(file))
        language = languages.guess(file.path, spoken, original).name
        done.append(EndedFile(file, original, apply_once(engine, original, own, file.path, language)))
    return plan, done


def remarks(plan: Plan) -> Iterator[str]:
    """What of the answer is not applied, in sentences."""
    for question in plan.questions:
        line = question.piece.lines[0]
        files = ", ".join(question.candidates[:5]) or "none of these files"
        yield f"chat line {line}: this code may be for {files}; give one of them, or name the file in the answer"
    for file in plan.files:
        if not file.applies:
            yield f"{file.path} {_WHY[file.kind]}"
    for path in plan.untouched:
        yield f"{path} is not touched"
