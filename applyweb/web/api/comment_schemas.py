"""What the API takes and gives of comments, as documented shapes. Must not know: the database."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from applyweb.web.api.schemas import Strict

SideName = Literal["old", "new"]
_TEXT = "Plain text; what stands between `backticks` is shown as code. At most 10,000 characters."


class ThreadIn(Strict):
    """Where to begin: `side` and `line`, or `hunk`."""

    text: str = Field(description=_TEXT)
    side: SideName | None = Field(None, description="old: the original. new: the merged text.")
    line: int | None = Field(None, ge=1, le=10**9, description="From 1.")
    hunk: str | None = Field(None, max_length=24, description="The id of a hunk, to comment on all of it.")


class CommentIn(Strict):
    text: str = Field(description=_TEXT)


class ResolvedIn(Strict):
    resolved: bool


class CommentOut(Schema):
    """A comment. A deleted one has no text; in a thread it stands only where another follows it."""

    id: int
    writer: str
    mine: bool = Field(description="You wrote it, so you may edit and delete it.")
    text: str
    created_at: datetime
    edited_at: datetime | None
    deleted: bool


class ThreadOut(Schema):
    id: int
    on: Literal["line", "hunk"]
    side: SideName
    line: int | None = Field(description="Its line now; null where the line is gone.")
    written_line: int = Field(description="Its line when the thread was begun.")
    line_text: str = Field(description="The beginning of that line: by it the line is found again in a later diff.")
    hunk: str | None = Field(description="The hunk that it is in now.")
    resolved: bool
    resolved_by: str | None
    created_at: datetime
    comments: list[CommentOut]


class ThreadsOut(Schema):
    version: int = Field(description="Grows with every change.")
    threads: list[ThreadOut] = Field(description="In the diff's order; those whose place is gone come last.")
