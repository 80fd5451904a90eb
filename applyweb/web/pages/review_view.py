"""What the review page shows of one apply, as one value. Must not know: requests, HTML beyond what web.render gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from applyweb.actions.proposals import LONGEST_NOTE
from applyweb.core.anew import AROUND
from applyweb.core.text import split_end, split_lines
from applyweb.jobs.engines import language_models
from applyweb.models import Apply, Status, User
from applyweb.queries.applies import place_in_queue
from applyweb.queries.people import name_of
from applyweb.queries.proposals import proposals_of
from applyweb.queries.reviews import review_state
from applyweb.web.api.views import events_path
from applyweb.web.api.views import review as review_body
from applyweb.web.pages.changeset_rows import FileNav, file_nav
from applyweb.web.pages.conflicts import VersionsView, versions_view
from applyweb.web.pages.engine_words import EngineWords, engine_words
from applyweb.web.pages.facts import facts_of
from applyweb.web.pages.file_names import folder_and_name
from applyweb.web.pages.lasting import lasting_part
from applyweb.web.pages.outline import OutlinePage, outline_pages, outline_rows
from applyweb.web.pages.part_rows import hunk_rows
from applyweb.web.pages.pieces import drawer, rows_waiting
from applyweb.web.pages.thread_rows import ThreadsView, threads_view
from applyweb.web.render.chat import ChatView
from applyweb.web.render.diff import DiffView

_PARTIAL_SHOWN = 200_000  # characters
_SEGMENTS = 16  # hunks drawn one by one in the top bar; more of them become one bar
_CHECK_SIGNS = {
    "passed": ("check", "ok"),
    "warning": ("warn", "warn"),
    "failed": ("fail", "bad"),
    "unknown": ("unknown", "q"),
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check with its sign."""

    state: str
    message: str
    line: int | None
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A chat line that did not land."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything that templates/review shows. `models` are the engines that a note can go to, of up to `longest_note`
    characters, and `around` is how many lines around a hunk they are shown. `owner` is the name of another person whose
    apply it is, "" where it is one's own."""

    id: str
    status: str
    place: int | None
    path: str
    folder: str
    file_name: str
    engine_icon: str
    engine_words: str
    confidence: str
    events_path: str
    diff: DiffView | None
    pieces: tuple[SafeString, ...]
    rows_waiting: int
    outline: tuple[OutlinePage, ...]
    chat: ChatView
    missing: tuple[MissingLine, ...]
    checks: tuple[CheckRow, ...]
    reasons: tuple[dict[str, Any], ...]
    remarks: tuple[dict[str, Any], ...]
    facts: tuple[tuple[str, str], ...]
    error: dict[str, Any] | None
    partial: str
    partial_cut: int
    elapsed_ms: int
    coloured: bool
    discussion: ThreadsView
    versions: VersionsView
    models: tuple[EngineWords, ...]
    review_json: dict[str, Any]
    changeset: FileNav | None
    shared: bool
    owner: str

    longest_note: int = LONGEST_NOTE
    around: int = AROUND

    @property
    def is_finished(self) -> bool:
        return self.status == Status.FINISHED

    @property
    def is_open(self) -> bool:
        return self.status in (Status.QUEUED, Status.RUNNING)

    @property
    def many(self) -> bool:
        return self.diff is not None and len(self.diff.hunks) > _SEGMENTS

    @property
    def asides(self) -> list[dict[str, Any]]:
        """What is good to know and speaks against nothing."""
        return [note for note in self.remarks if note["severity"] == "info"]

    @property
    def checks_to_read(self) -> list[CheckRow]:
        return [check for check in self.checks if check.state != "passed"]

    @property
    def checks_passed(self) -> list[CheckRow]:
        return [check for check in self.checks if check.state == "passed"]

    @property
    def title_word(self) -> str:
        return "review" if self.is_finished else "writing" if self.is_open else str(self.status)


def review_view(apply: Apply, person: User) -> ReviewView:
    """The page's value for an apply with its texts loaded, under the review of `person`."""
    lasting = lasting_part(apply)
    state = review_state(apply, person)
    rows = hunk_rows(lasting.hunks, state.layout)
    partial = apply.partial.text if apply.partial else ""
    folder, file_name = folder_and_name(apply.path, apply.language)
    shown = engine_words(apply.engine_used or apply.engine)
    return ReviewView(
        id=apply.id,
        status=apply.status,
        place=place_in_queue(apply),
        path=apply.path,
        folder=folder,
        file_name=file_name,
        engine_icon=shown.icon,
        engine_words=shown.title,
        confidence=apply.confidence,
        events_path=events_path(apply),
        diff=lasting.diff,
        pieces=tuple(drawer(apply, lasting, proposals_of(apply, person)).pieces(rows)),
        rows_waiting=rows_waiting(lasting),
        outline=outline_pages(outline_rows(lasting.hunks, state.layout), written=1),
        chat=lasting.chat,
        missing=_missing(apply),
        checks=tuple(_check(check) for check in apply.checks),
        reasons=_reasons(apply),
        remarks=tuple(apply.notes),
        facts=facts_of(apply),
        error=apply.error,
        partial=partial[:_PARTIAL_SHOWN],
        partial_cut=_PARTIAL_SHOWN if len(partial) > _PARTIAL_SHOWN else 0,
        elapsed_ms=_elapsed_ms(apply),
        coloured=lasting.coloured,
        discussion=threads_view(apply, person),
        versions=versions_view(apply, [part.hunk.id for part in lasting.hunks if part.conflict]),
        models=tuple(engine_words(name) for name in language_models()),
        review_json=review_body(state),
        changeset=file_nav(apply, person),
        shared=apply.shared,
        owner="" if apply.owner_id == person.pk else name_of(apply.owner),
    )


def _elapsed_ms(apply: Apply) -> int:
    began = apply.started_at
    return round((timezone.now() - began).total_seconds() * 1000) if began else 0


def _missing(apply: Apply) -> tuple[MissingLine, ...]:
    numbers = apply.support.get("missing", ())
    lines = split_lines(apply.chat.text) if numbers else []
    return tuple(MissingLine(number, split_end(lines[number - 1])[0].strip()) for number in numbers)


def _check(check: dict[str, Any]) -> CheckRow:
    icon, tone = _CHECK_SIGNS[check["state"]]
    return CheckRow(check["state"], check["message"], check.get("line"), icon, tone)


def _reasons(apply: Apply) -> tuple[dict[str, Any], ...]:
    """Why a result is unsure: the engine's notes, then the checks that failed."""
    failed = [{"message": check["message"], "chat_line": 0} for check in apply.checks if check["state"] == "failed"]
    return (*(note for note in apply.notes if note["severity"] != "info"), *failed)
