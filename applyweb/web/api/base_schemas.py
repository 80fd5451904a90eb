"""What the API takes and gives of rebases, as documented shapes. Must not know: the database."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema

from applyweb.web.api.schemas import _VERSION, Strict

FateName = Literal["unchanged", "moved", "conflict", "already"]


class NewOriginalIn(Strict):
    original: str = Field(description="The file as it is now, exactly.")


class BaseIn(NewOriginalIn):
    version: int | None = _VERSION


class FateOut(Schema):
    """What becomes of a hunk. `to` are its hunks in the new version, none where the new original has it already."""

    id: str
    state: FateName
    to: list[str]


class BasePreviewOut(Schema):
    version: int = Field(description="The version of your review that this is about; send it with the new base.")
    sentence: str
    unchanged: int
    moved: int
    conflicts: int
    already: int
    hunks: list[FateOut]
