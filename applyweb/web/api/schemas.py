"""What the API takes and gives, as documented shapes. Must not know: the database."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

VerdictName = Literal["accepted", "rejected", "pending"]
StandingName = Literal["accepted", "rejected", "pending", "mixed"]
HadName = Literal["accepted", "rejected", "pending", "mixed", "written"]
StatusName = Literal["queued", "running", "finished", "failed", "stopped"]


class Strict(Schema):
    """A body whose unknown keys are errors: a misspelt option must not be ignored in silence."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ApplyIn(Strict):
    original: str = Field(description="The file as it is, exactly. May be empty: the apply creates the file.")
    chat: str = Field(description="The assistant's whole answer, with its code.")
    path: str = Field("", description="The file's path; tells the language and which edits are meant for it.")
    language: str = Field("", description="Used where the path tells no language.")
    engine: str = Field("", description="embedded, sglang, openai or auto; auto where empty.")


_SEEN = Field(
    None, description="How the hunk stood when it was looked at. Where it stands otherwise by now, the answer is 409."
)
SEEN_TEXT = Field(
    None,
    description="With `seen`: the `text_id` of what stood in place of the added lines when looked at, null where "
    "those stood as proposed. Where other lines stand there by now, the answer is 409.",
)
_VERSION = Field(
    None, description="The version of the review that was looked at. Where it is another by now, the answer is 409."
)


class DecisionIn(Strict):
    decision: VerdictName
    reason: str = Field("", max_length=500)
    seen: StandingName | None = _SEEN


class DecisionsIn(Strict):
    decision: VerdictName
    rest: bool = Field(False, description="Decide only what is undecided.")
    version: int | None = _VERSION


class LinesIn(Strict):
    """Some lines of a hunk: of those that it removes, and of those that it adds; one of the two may be empty."""

    removed: list[Annotated[int, Field(ge=0, le=10**9)]] = Field(
        min_length=2,
        max_length=2,
        description="First line of those removed, counted from 0, and the one after the last.",
    )
    added: list[Annotated[int, Field(ge=0, le=10**9)]] = Field(
        min_length=2, max_length=2, description="First line of those added, counted from 0, and the one after the last."
    )
    decision: VerdictName
    reason: str = Field("", max_length=500)
    seen: StandingName | None = _SEEN


class CutIn(Strict):
    """A place inside of a hunk: how many of the lines it removes and of those it adds stand above."""

    removed: int = Field(ge=0, le=10**9)
    added: int = Field(ge=0, le=10**9)


class JoinedIn(Strict):
    joined: bool


class TextIn(Strict):
    text: str = Field(description="What is to stand in place of the added lines. Line ends become the file's.")
    seen: StandingName | None = _SEEN
    seen_text: str | None = SEEN_TEXT


class BothIn(Strict):
    first: Literal["original", "proposed"] = Field("original", description="Whose lines stand above the others'.")
    seen: StandingName | None = _SEEN
    seen_text: str | None = SEEN_TEXT


class DeletedOut(Schema):
    applies: list[str] = Field(description="The ids of all applies that are gone.")
    url: str = Field(description="Where to go on: the changeset that lost a file, else the list.")


class CreatedOut(Schema):
    id: str
    status: StatusName
    url: str = Field(description="The review page's path.")
    events: str = Field(description="The path of the WebSocket with the events.")


class CountsOut(Schema):
    total: int
    accepted: int
    rejected: int
    pending: int


class ProblemOut(Schema):
    code: str
    message: str


class NoteOut(Schema):
    code: str
    message: str
    severity: Literal["info", "warning", "error"]
    chat_line: int = Field(description="1-based line of the chat; 0 where there is none.")


class CheckOut(Schema):
    code: str
    state: Literal["passed", "warning", "failed", "unknown"]
    message: str
    line: int | None = None


class MissingOut(Schema):
    """Lines of the chat, both ends included, that ask for something that did not land. `text` holds them."""

    chat_lines: tuple[int, int]
    text: str


class ApplyOut(Schema):
    id: str
    status: StatusName
    place: int | None = Field(None, description="Where a queued apply stands among all that wait for a turn, from 1.")
    path: str
    language: str
    engine: str = Field(description="The engine asked for; `engine_used` is the one whose text it is.")
    engine_used: str
    confidence: Literal["certain", "unsure"] | None = None
    checks: list[CheckOut]
    notes: list[NoteOut]
    missing: list[MissingOut] = Field(description="What the chat asks for and the merged text does not have.")
    leftover: list[int] = Field(
        description="1-based lines of the merged text between two lines that the chat shows as neighbours."
    )
    rebased_from: str | None = Field(None, description="The version before the file was edited during the review.")
    rebases: list[str] = Field([], description="Newer versions, over the file as it was edited later.")
    invented: list[int] = Field(
        description="1-based lines of the merged text, inside of changes that were asked for, that stand neither in "
        "the chat nor in the original."
    )
    stats: dict[str, Any]
    hunks: CountsOut
    open_threads: int = Field(description="Comment threads that are not resolved.")
    merged_sha256: str | None = None
    url: str
    events: str
    error: ProblemOut | None = None


class PartOut(Schema):
    """A part of a hunk. `removed` and `added` are ranges of the hunk's lines, counted from 0 and half open. `text` is
    what stands in place of the added lines, null where they stand as proposed, and `text_id` its SHA-256;
    `proposal` the id of the later proposal that it is, null where the reviewer wrote it. `joined`: decided together
    with the part before it."""

    id: str
    removed: tuple[int, int]
    added: tuple[int, int]
    decision: VerdictName
    reason: str
    text: str | None
    text_id: str | None
    proposal: int | None
    joined: bool


class ConflictOut(Schema):
    """The version before had `old`, and proposed `proposed` for it; the file has `new` there now. `both_added`: the
    hunk keeps what is new. `had` is how you stood to it."""

    old: list[str]
    new: list[str]
    proposed: list[str]
    both_added: bool
    had: HadName


class HunkOut(Schema):
    """A hunk. `old_start` and `new_start` count from 1 as in a unified diff: where `old_lines` is 0, `old_start` is the
    line after which the new ones stand. `old_index` and `new_index` are the same places counted from 0, without that
    exception. Lines hold their line ends."""

    id: str
    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    old_index: int
    new_index: int
    removed: list[str]
    added: list[str]
    decision: StandingName = Field(description="`mixed` where its parts are decided differently.")
    reason: str = ""
    parts: list[PartOut] = Field(description="Empty while the hunk is whole and as proposed.")
    asked_in: list[int] = Field(description="1-based lines of the chat that ask for this change.")
    extra: bool = Field(description="No line of the chat asks for this change.")
    support: Literal["justified", "extra"] = Field(description="Whether any line of the chat asks for this change.")
    chat_lines: list[tuple[int, int]] = Field(description="`asked_in` as ranges, both ends included.")
    doubts: list[str] = Field(description="What speaks against this very change, in sentences.")
    conflict: ConflictOut | None = Field(None, description="Where the original was edited at the same lines since.")


class TextOut(Schema):
    """What stands in a hunk or part now, and what was proposed, with line ends as LF and without the last one."""

    text: str
    proposed: str


class RowOut(Schema):
    id: str
    status: StatusName
    path: str
    language: str
    engine: str
    confidence: Literal["certain", "unsure"] | None = None
    hunks: CountsOut
    created_at: datetime
    url: str


class ListOut(Schema):
    total: int = Field(description="How many applies match; `items` holds those asked for, newest first.")
    items: list[RowOut]


class ReviewOut(Schema):
    version: int
    hunks: CountsOut = Field(description="A hunk in parts counts as that many.")
    decisions: dict[str, VerdictName] = Field(
        description="By the id of the hunk or part, decided ones only; every other is pending."
    )
    parts: dict[str, list[PartOut]] = Field(description="By hunk id, of hunks that are not whole and as proposed.")
    early: dict[str, VerdictName] = Field(
        description="While the apply is open: what is decided so far, by the id that the hunk's event told. "
        "After it: what of that no hunk came to have, until the next step."
    )
    conflicts: dict[str, HadName] = Field(
        description="By hunk id, those in conflict with an edit of the file, and how you stood to them before. "
        "Accepting every hunk leaves them out."
    )
    can_undo: bool
    can_redo: bool


class MendOut(Schema):
    """A decision on one hunk or part with which the result parses."""

    id: str
    decision: Literal["accepted", "rejected"]


class LooseOut(Schema):
    """A name that the result uses and nothing in it declares, and the decision that mends it."""

    name: str
    id: str
    decision: Literal["accepted", "rejected"]


class SoundnessOut(Schema):
    parses: bool | None = Field(description="null where there is no grammar, or the file is too large.")
    line: int | None = Field(description="The first line of the result that does not parse, from 1.")
    mends: list[MendOut] = Field(description="Single decisions that would make it parse, the likeliest first.")
    loose: list[LooseOut] = Field(description="Names that this selection alone leaves without a declaration.")


class ErrorBody(Schema):
    code: str
    message: str
    field: str | None = None


class ErrorOut(Schema):
    error: ErrorBody
