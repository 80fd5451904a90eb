"""Stored values as API answers. Must not know: requests, how anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from applyweb.actions.deletions import Deleted
from applyweb.core.decisions import Counts
from applyweb.core.parts import Layout, Parts, names, starts, verdict_of
from applyweb.core.text import split_lines
from applyweb.models import Apply, User
from applyweb.queries.applies import as_diff_hunk, hunks_of, place_in_queue, texts_of
from applyweb.queries.changesets import find_changeset
from applyweb.queries.comments import count_open_threads
from applyweb.queries.doubts import doubts_by_hunk
from applyweb.queries.rebases import conflict_texts, had_of, newer_versions
from applyweb.queries.reviews import ReviewState, review_state


def page_path(apply: Apply) -> str:
    """The review page of an apply."""
    return f"/applies/{apply.id}/"


def events_path(apply: Apply) -> str:
    """The WebSocket of an apply's events."""
    return f"/ws/applies/{apply.id}/events"


def created(apply: Apply) -> dict[str, Any]:
    """CreatedOut."""
    return {"id": apply.id, "status": apply.status, "url": page_path(apply), "events": events_path(apply)}


def listed(rows: QuerySet[Apply], offset: int, limit: int) -> dict[str, Any]:
    """ListOut, of `queries.list_applies`."""
    return {"total": rows.count(), "items": [_row(row) for row in rows[offset : offset + limit]]}


def _row(row: Any) -> dict[str, Any]:
    total, accepted, rejected = row.total, row.accepted, row.rejected
    return {
        "id": row.id,
        "status": row.status,
        "path": row.path,
        "language": row.language,
        "engine": row.engine,
        "confidence": row.confidence or None,
        "hunks": Counts(total, accepted, rejected, total - accepted - rejected),
        "created_at": row.created_at,
        "url": page_path(row),
    }


def deleted(gone: Deleted, person: User) -> dict[str, Any]:
    """DeletedOut."""
    stays = gone.changeset and find_changeset(person, gone.changeset)
    return {"applies": gone.applies, "url": f"/changesets/{gone.changeset}/" if stays else "/applies/"}


def described(apply: Apply, person: User) -> dict[str, Any]:
    """ApplyOut."""
    return {
        **created(apply),
        "place": place_in_queue(apply),
        "path": apply.path,
        "language": apply.language,
        "engine": apply.engine,
        "engine_used": apply.engine_used,
        "confidence": apply.confidence or None,
        "checks": apply.checks,
        "notes": apply.notes,
        "missing": _missing(apply),
        "leftover": apply.support.get("leftover", []),
        "invented": apply.support.get("invented", []),
        "stats": apply.stats,
        "rebased_from": apply.rebased_from_id,
        "rebases": newer_versions(apply),
        "hunks": asdict(review_state(apply, person).counts),
        "open_threads": count_open_threads(apply),
        "merged_sha256": apply.merged_id,
        "error": apply.error,
    }


def _missing(apply: Apply) -> list[dict[str, Any]]:
    """A list of MissingOut."""
    numbers: list[int] = apply.support.get("missing", [])
    if not numbers:
        return []
    chat = split_lines(texts_of(apply).chat)
    return [{"chat_lines": (first, last), "text": "".join(chat[first - 1 : last])} for first, last in _ranges(numbers)]


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as ranges without a gap, both ends included."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] + 1 == number:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def hunk_list(apply: Apply, person: User) -> list[dict[str, Any]]:
    """A list of HunkOut; empty until the apply is finished."""
    texts = texts_of(apply)
    if texts.merged is None:
        return []
    old, new = split_lines(texts.original), split_lines(texts.merged)
    hunks = hunks_of(apply)
    state = review_state(apply, person, hunks)
    asked: dict[str, list[int]] = apply.support.get("justified", {})
    extra = set(apply.support.get("unjustified", []))
    doubts = doubts_by_hunk(apply, [as_diff_hunk(hunk) for hunk in hunks])
    conflicts = _conflicts(apply, person)
    return [
        {
            "id": hunk.key,
            "old_start": hunk.old_start + (hunk.old_end > hunk.old_start),
            "old_lines": hunk.old_end - hunk.old_start,
            "new_start": hunk.new_start + (hunk.new_end > hunk.new_start),
            "new_lines": hunk.new_end - hunk.new_start,
            "old_index": hunk.old_start,
            "new_index": hunk.new_start,
            "removed": old[hunk.old_start : hunk.old_end],
            "added": new[hunk.new_start : hunk.new_end],
            "decision": verdict_of(state.layout[hunk.key]),
            "reason": next((part.reason for part in state.layout[hunk.key] if part.reason), ""),
            "parts": _parts(hunk.key, state.layout[hunk.key]),
            "asked_in": asked.get(hunk.key, []),
            "extra": hunk.key in extra,
            "support": "extra" if hunk.key in extra else "justified",
            "chat_lines": _ranges(asked.get(hunk.key, [])),
            "doubts": doubts.get(hunk.key, []),
            "conflict": conflicts.get(hunk.key),
        }
        for hunk in hunks
    ]


def _conflicts(apply: Apply, person: User) -> dict[str, dict[str, Any]]:
    """ConflictOut by hunk id."""
    had = had_of(apply, person)
    return {
        key: {
            "old": each.old,
            "new": each.new,
            "proposed": each.proposed,
            "both_added": each.conflict.both_added,
            "had": had[key],
        }
        for key, each in conflict_texts(apply).items()
    }


def review(state: ReviewState) -> dict[str, Any]:
    """ReviewOut."""
    return {
        "version": state.version,
        "hunks": asdict(state.counts),
        "decisions": state.decisions,
        "parts": parts_by_hunk(state.layout),
        "early": dict(state.early),
        "conflicts": dict(state.conflicts),
        "can_undo": state.can_undo,
        "can_redo": state.can_redo,
    }


def counted(counts: Counts) -> dict[str, Any]:
    """CountsOut."""
    return asdict(counts)


def parts_by_hunk(layout: Layout) -> dict[str, list[dict[str, Any]]]:
    """Lists of PartOut by hunk id, where a hunk is not one plain part."""
    return {key: found for key, parts in layout.items() if (found := _parts(key, parts))}


def _parts(hunk_id: str, parts: Parts) -> list[dict[str, Any]]:
    """A list of PartOut."""
    if len(parts) == 1 and parts[0].is_plain:
        return []
    return [
        {
            "id": name,
            "removed": (removed, removed + part.removed),
            "added": (added, added + part.added),
            "decision": part.verdict,
            "reason": part.reason,
            "text": part.text,
            "text_id": part.text_id,
            "proposal": part.proposal,
            "joined": part.joined,
        }
        for name, (removed, added), part in zip(names(hunk_id, parts), starts(parts), parts, strict=True)
    ]
