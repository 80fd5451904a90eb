"""Rows of the tables of applies: from annotated records to words and symbols. Must not know: queries, requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from applyweb.models import Apply, Status, User
from applyweb.queries.people import name_of
from applyweb.web.pages.engine_words import engine_words
from applyweb.web.pages.file_names import folder_and_name

_SEGMENTS = 12


@dataclass(frozen=True, slots=True)
class ApplyRow:
    """One line of a table. `segments` draws the decisions; it is empty where there are too many hunks to draw. `owner`
    is the name of another person whose apply it is, `outcome` what is said where there is no flag."""

    id: str
    folder: str
    name: str
    state: str
    state_words: str
    symbol: str
    flag: str
    flag_icon: str
    flag_words: str
    outcome: str
    changeset: str
    engine: str
    total: int
    accepted: int
    rejected: int
    created_at: datetime
    when: str
    is_own: bool
    owner: str

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected

    @property
    def pending(self) -> int:
        return self.total - self.decided

    @property
    def segments(self) -> list[str]:
        if self.total > _SEGMENTS:
            return []
        return ["accepted"] * self.accepted + ["rejected"] * self.rejected + ["pending"] * self.pending


def apply_rows(applies: Iterable[Apply], person: User, now: datetime) -> list[ApplyRow]:
    """Rows for applies of `queries.applies.list_applies`, as `person` sees them."""
    return [_row(apply, person, now) for apply in applies]


def _row(apply: Apply, person: User, now: datetime) -> ApplyRow:
    is_own = apply.owner_id == person.pk
    total, accepted, rejected, superseded = (
        getattr(apply, name) for name in ("total", "accepted", "rejected", "superseded")
    )
    state, words, symbol = state_words(apply.status, total, accepted, rejected)
    flag, icon, words_of_flag = flag_words(apply.status, apply.confidence, superseded)
    folder, name = folder_and_name(apply.path, apply.language)
    return ApplyRow(
        id=apply.id,
        folder=folder,
        name=name,
        state=state,
        state_words=words,
        symbol=symbol,
        flag=flag,
        flag_icon=icon,
        flag_words=words_of_flag,
        outcome="Certain" if apply.status == Status.FINISHED and apply.confidence == "certain" else "",
        changeset=apply.changeset_id or "",
        engine=engine_words(apply.engine_used or apply.engine).title,
        total=total,
        accepted=accepted,
        rejected=rejected,
        created_at=apply.created_at,
        when=ago(apply.created_at, now),
        is_own=is_own,
        owner="" if is_own else name_of(apply.owner),
    )


def state_words(status: str, total: int, accepted: int, rejected: int) -> tuple[str, str, str]:
    """(class, words, symbol) of the disc that opens a row."""
    if status == Status.FINISHED:
        if not total:
            return "accepted", "nothing to review", "s-accepted"
        if accepted + rejected < total:
            begun = accepted + rejected > 0
            return ("acc", "in review", "s-now") if begun else ("pending", "not reviewed yet", "s-pending")
        return ("accepted", "reviewed", "s-accepted") if accepted else ("rejected", "all rejected", "s-rejected")
    if status in (Status.QUEUED, Status.RUNNING):
        return "acc", "running" if status == Status.RUNNING else "waiting", "s-now"
    return "rejected", status, "s-ended"  # without a result; the flag says how


def flag_words(status: str, confidence: str, superseded: bool = False) -> tuple[str, str, str]:
    """(class, icon, words) of the flag, empty for an apply that needs none."""
    if status == Status.FAILED:
        return "failed", "fail", "Failed"
    if status == Status.STOPPED:
        return "stopped", "stop", "Stopped"
    if status != Status.FINISHED:
        return "running", "clock", "Writing" if status == Status.RUNNING else "Waiting"
    if superseded:
        return "earlier", "base", "Earlier version"
    return ("unsure", "warn", "Unsure") if confidence == "unsure" else ("", "", "")


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the fewest words."""
    passed = max(now - moment, timedelta())
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 60 * 24:
        return f"{minutes // 60} h ago"
    if passed.days < 7:
        return "yesterday" if passed.days == 1 else f"{passed.days} days ago"
    return f"{moment:%Y-%m-%d}"
