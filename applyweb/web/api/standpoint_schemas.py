"""What the API takes and gives of several people's reviews, as documented shapes. Must not know: the database."""

from __future__ import annotations

from ninja import Field, Schema

from applyweb.web.api.schemas import CountsOut, PartOut, StandingName, Strict, VerdictName


class SharedIn(Strict):
    shared: bool = Field(description="true: whoever signs in here and has the address may review it too.")


class SharedOut(Schema):
    shared: bool


class PersonOut(Schema):
    id: int
    name: str
    mine: bool = Field(description="It is you.")


class StandpointOut(Schema):
    """One person's review. Where `decisions` says "mixed", `parts` has each part; a hunk that is not in `decisions` is
    open."""

    person: PersonOut
    version: int
    hunks: CountsOut
    decisions: dict[str, StandingName] = Field(description="By hunk id, what is decided.")
    parts: dict[str, list[PartOut]] = Field(description="Hunks with parts, or with lines of this person's own.")
    early: dict[str, VerdictName] = Field(description="While the apply is open: what is decided so far.")
    differs: list[str] = Field(description="The hunks that you both decided, and not alike.")


class StandpointsOut(Schema):
    reviews: list[StandpointOut] = Field(description="Yours first where there is one, then the others by name.")
    left_out: int = Field(description="How many more people review it: only so many are told.")


class AdoptionIn(Strict):
    """What to take over: one hunk, or all that the person has decided."""

    person: int
    hunk: str | None = Field(None, max_length=24)
    theirs: int | None = Field(
        None, description="The version of their review that was looked at. Where it is another, the answer is 409."
    )
    seen: StandingName | None = Field(
        None, description="With `hunk`: how it stood in your review. Where it stands otherwise by now, 409."
    )
    version: int | None = Field(
        None, description="Without `hunk`: the version of your review. Where it is another by now, 409."
    )
