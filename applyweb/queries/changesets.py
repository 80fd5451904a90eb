"""Reading changesets: their files as rows, and what they come to. Must not know: how they are written or shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Exists, F, OuterRef, Q, Sum

from applyweb.core.decisions import Counts, count, resolve
from applyweb.models import OPEN, Apply, Changeset, Hunk, Status, User
from applyweb.queries.applies import as_diff_hunk, count_decided
from applyweb.queries.layouts import layouts_of_all
from applyweb.queries.rebases import conflicts_of, without_conflicts


@dataclass(frozen=True, slots=True)
class FileRow:
    """An apply of a changeset: how its hunks stand under one person's review, and how many lines its merge adds and
    removes. `extra` counts the hunks that no line of the chat asks for."""

    id: str
    path: str
    status: str
    confidence: str
    is_new: bool
    counts: Counts
    added: int
    removed: int
    extra: int
    error: str

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_finished(self) -> bool:
        return self.status == Status.FINISHED


@dataclass(frozen=True, slots=True)
class ChangesetState:
    """A changeset under one person's review; `files` in the answer's order."""

    id: str
    files: tuple[FileRow, ...]

    @property
    def counts(self) -> Counts:
        """Of all hunks that there are so far."""
        every = [file.counts for file in self.files]
        return Counts(
            sum(each.total for each in every),
            sum(each.accepted for each in every),
            sum(each.rejected for each in every),
            sum(each.pending for each in every),
        )

    @property
    def is_open(self) -> bool:
        return any(file.is_open for file in self.files)

    @property
    def fallen(self) -> tuple[FileRow, ...]:
        """The files that ended without a result."""
        return tuple(file for file in self.files if not file.is_open and not file.is_finished)


@dataclass(frozen=True, slots=True)
class ResolvedFile:
    """A finished file of a changeset: as it was, and with what is accepted. So many hunks are not in it because they
    are `undecided`."""

    path: str
    original: str
    text: str
    undecided: int

    @property
    def is_changed(self) -> bool:
        return self.text != self.original


def find_changeset(person: User, changeset_id: str) -> Changeset | None:
    """One changeset that `person` may open, or None: their own, or one whose files are shared."""
    shared = Apply.objects.filter(changeset=OuterRef("pk"), shared=True)
    return Changeset.objects.filter(Q(owner=person) | Exists(shared), pk=changeset_id).first()


def changeset_id_of(apply_id: str) -> str | None:
    """The changeset that an apply is in, or None."""
    return Apply.objects.filter(pk=apply_id).values_list("changeset_id", flat=True).first()


def apply_ids_of(changeset: Changeset) -> list[str]:
    """The applies of a changeset, in order."""
    return list(Apply.objects.filter(changeset=changeset).order_by("position").values_list("pk", flat=True))


def hunks_by_apply(changeset: Changeset) -> dict[str, list[Hunk]]:
    """The hunks of every file that has any, in the file's order, with one query."""
    hunks: dict[str, list[Hunk]] = {}
    for hunk in Hunk.objects.filter(apply__changeset=changeset).order_by("apply_id", "position"):
        hunks.setdefault(hunk.apply_id, []).append(hunk)
    return hunks


def changeset_state(changeset: Changeset, person: User) -> ChangesetState:
    """The rows of a changeset. As many queries for fifty files as for one; no text is loaded."""
    rows = count_decided(Apply.objects.filter(changeset=changeset), person).annotate(original_size=F("original__size"))
    lines = {
        apply_id: (added, removed)
        for apply_id, added, removed in Hunk.objects.filter(apply__changeset=changeset)
        .order_by()
        .values_list("apply_id")
        .annotate(added=Sum(F("new_end") - F("new_start")), removed=Sum(F("old_end") - F("old_start")))
    }
    files = tuple(_row(apply, *lines.get(apply.id, (0, 0))) for apply in rows.order_by("position"))
    return ChangesetState(changeset.id, files)


def resolved_files(
    changeset: Changeset, person: User, pending: Literal["accepted", "rejected"] = "rejected"
) -> list[ResolvedFile]:
    """Every finished file with what `person` accepted; `pending` says how undecided hunks count, of which those in
    conflict with an edit of the file never count as accepted. As many queries for
    fifty files as for one."""
    hunks = hunks_by_apply(changeset)
    layouts = layouts_of_all(changeset, person, hunks)
    applies = Apply.objects.filter(changeset=changeset, status=Status.FINISHED).order_by("position")
    found = []
    for apply in applies.select_related("original", "merged"):
        original, merged = apply.original.text, apply.merged.text if apply.merged else ""
        own = [as_diff_hunk(hunk) for hunk in hunks.get(apply.id, [])]
        layout, held = layouts.get(apply.id, {}), conflicts_of(apply)
        text = resolve(original, merged, own, without_conflicts(layout, held), pending).text
        left_out = layout if pending == "rejected" else {key: layout[key] for key in held}
        found.append(ResolvedFile(apply.path, original, text, count(left_out).pending))
    return found


def _row(apply: Any, added: int, removed: int) -> FileRow:
    accepted, rejected = apply.accepted, apply.rejected
    return FileRow(
        id=apply.id,
        path=apply.path,
        status=apply.status,
        confidence=apply.confidence,
        is_new=apply.original_size == 0,
        counts=Counts(apply.total, accepted, rejected, apply.total - accepted - rejected),
        added=added,
        removed=removed,
        extra=len(apply.support.get("unjustified", ())),
        error=(apply.error or {}).get("message", ""),
    )
