"""What the API takes and gives of changesets, as documented shapes. Must not know: the database."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from applyweb.web.api.schemas import CountsOut, StatusName, Strict

_PATH = "The file's path in its folder, without a leading / and without .. in it."
_ANSWERS = (
    "Which file a piece of code is for, where it names none or fits several: by its first chat line, one of the paths, "
    'a file that the answer names, or "" for none.'
)
# The keys of a JSON object are texts.
ChatLine = Annotated[int, Field(ge=1, le=10**9, strict=False)]
KindName = Literal["given", "new", "missing", "deleted", "unsafe", "unwanted", "dropped"]


class OriginalIn(Strict):
    path: str = Field(min_length=1, max_length=500, description=_PATH)
    original: str = Field(description="The file as it is, exactly.")


class ChangesetIn(Strict):
    originals: list[OriginalIn] = Field(description="The files. Those that the answer makes are not among them.")
    chat: str = Field(description="The assistant's whole answer, about all of the files.")
    engine: str = Field("", description="As for an apply.")
    answers: dict[ChatLine, str] = Field({}, description=_ANSWERS, max_length=1_000)


class PlanIn(Strict):
    paths: list[str] = Field(max_length=20_000, description="The paths of the files that there are.")
    chat: str
    answers: dict[ChatLine, str] = Field({}, description=_ANSWERS, max_length=1_000)


class PieceOut(Schema):
    """A piece of code of the answer, by its chat lines, both ends included."""

    first: int
    last: int


class PlanFileOut(Schema):
    path: str
    kind: KindName = Field(
        description="given: it is there. new: the answer makes it. missing: it is not there, and the answer changes "
        "what it holds. deleted: the answer deletes it. unsafe: its path leaves the folder. unwanted: somebody said "
        "no. Only given and new ones become applies."
    )
    given_as: str = Field(description="The path under which it was given; empty for others.")
    pieces: list[PieceOut]


class QuestionOut(Schema):
    """A piece of code that could be for several files, or names none."""

    piece: PieceOut
    names: list[str] = Field(description="What the answer calls its file.")
    candidates: list[str]


class PlanOut(Schema):
    files: list[PlanFileOut]
    untouched: list[str] = Field(description="Files that there are and that the answer is not for.")
    questions: list[QuestionOut] = Field(description="None may be left when the changeset is made.")
    commands: list[PieceOut] = Field(description="Commands and output: for no file.")


class ChangesetFileOut(Schema):
    """An apply of the changeset; `id` and `url` are the apply's own."""

    id: str
    path: str
    status: StatusName
    new: bool = Field(description="It has no original: the answer makes it.")
    confidence: Literal["certain", "unsure"] | None
    hunks: CountsOut
    added: int = Field(description="Lines that its merge adds.")
    removed: int
    extra: int = Field(description="Hunks that no line of the chat asks for.")
    error: str | None
    url: str


class LeftOutOut(Schema):
    """What of the answer became no apply."""

    path: str
    kind: KindName
    lines: list[int] = Field(description="The first chat line of each of its pieces.")


class AcceptIn(Strict):
    decision: Literal["accepted"]


class AcceptedFileOut(Schema):
    id: str
    path: str
    accepted: int = Field(description="Hunks that were accepted by this, as one step of the file's review.")
    left: int = Field(
        description="Hunks that are undecided still: not asked for, in doubt, in conflict, or joined to such."
    )
    version: int = Field(description="Of your review of the file now.")
    doubts: list[str] = Field(
        description="What speaks against the file as a whole, so that nothing in it was accepted."
    )


class AcceptedOut(Schema):
    step: str = Field(description="For undo and redo; empty where nothing was accepted.")
    files: list[AcceptedFileOut]


class ReturnedFileOut(Schema):
    id: str
    path: str
    stays: bool = Field(description="It did not go along: something was decided in it since.")


class ReturnedOut(Schema):
    """The files of a step that went back or forth."""

    files: list[ReturnedFileOut]


class ChangesetOut(Schema):
    id: str
    open: bool = Field(description="Some file is still queued or running.")
    engine: str
    hunks: CountsOut = Field(description="Of all files, under your own review.")
    files: list[ChangesetFileOut]
    left_out: list[LeftOutOut]
    created_at: datetime
    url: str
    events: str = Field(description="The path of the WebSocket that tells of changes.")
