"""What the API takes and gives of proposals, as documented shapes. Must not know: the database."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from applyweb.web.api.schemas import SEEN_TEXT, ProblemOut, StandingName, StatusName, Strict


class ProposalIn(Strict):
    note: str = Field(description="What should be otherwise, for the engine. At most 2,000 characters.")
    engine: str = Field("", description="A language model that is configured; the first of them where empty.")
    seen: StandingName | None = Field(
        None, description="How the hunk stood when it was looked at. Where it stands otherwise by now: 409."
    )


class TakenIn(Strict):
    proposal: int = Field(ge=1, le=2**63 - 1, description="The id of a finished proposal for this very hunk or part.")
    seen: StandingName | None = Field(
        None, description="How the hunk stood when it was looked at. Where it stands otherwise by now: 409."
    )
    seen_text: str | None = SEEN_TEXT


class DoubtOut(Schema):
    code: str = Field(description="outside, bare, nothing, unchanged, same, syntax or check.")
    message: str


class ProposalOut(Schema):
    """Other lines for a hunk or part, asked for with a note. They change nothing until they are taken."""

    id: int
    number: int | None = Field(description="Counts from 2 on, as the merged text has the first; null until finished.")
    hunk: str
    removed: tuple[int, int] = Field(description="Which of the hunk's removed lines it is about, half open, from 0.")
    added: tuple[int, int] = Field(description="Which of its added lines it takes the place of.")
    engine: str
    note: str
    status: StatusName
    text: str | None = Field(description="The lines with their ends; null until finished.")
    doubts: list[DoubtOut] = Field(description="What speaks against it.")
    error: ProblemOut | None
    created_at: datetime
    events: str = Field(description="The path of the WebSocket with the lines while they are written.")
