"""What never changes on the page of a finished apply: its diff in pieces, what is said of each hunk, and its chat. The
same for every person and every decision, so it is kept for the applies that were looked at last.

Must not know: requests, decisions, HTML of hunks.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Literal

from applyweb.core.languages import guess
from applyweb.jobs.highlight import highlight_lines
from applyweb.models import Apply
from applyweb.queries.applies import Texts, diff_hunks_of, texts_of
from applyweb.queries.doubts import doubts_by_hunk
from applyweb.web.pages.colours import coloured_sides, colours_are_stored
from applyweb.web.pages.conflicts import ConflictView, conflict_views
from applyweb.web.render.chat import ChatMarks, ChatView, chat_view
from applyweb.web.render.diff import DiffView, HunkSegment, diff_view, make_sides
from applyweb.web.render.pieces import Piece, cut
from applyweb.web.render.titles import Titles

_KEPT = 16
_KEPT_LINES = 200_000  # of both sides of all that is kept: about 50 MB


@dataclass(frozen=True, slots=True)
class HunkPart:
    """A hunk, or a part of one; where the whole hunk begins (0-based), the chat lines that ask for it, whether nothing
    does, what else speaks against it, and its conflict with an edit of the file."""

    hunk: HunkSegment
    old_start: int
    new_start: int
    asked: tuple[int, ...]
    extra: bool
    doubts: tuple[str, ...]
    conflict: ConflictView | None = None
    kind: Literal["hunk"] = "hunk"


@dataclass(frozen=True)
class LastingPart:
    """`hunks` are those of `diff`, in order; `diff` is None where there is no merged text. `coloured` is False while
    the job is still at the colours of a large file: such a part is kept only until they are there."""

    diff: DiffView | None
    pieces: tuple[Piece, ...]
    hunks: tuple[HunkPart, ...]
    chat: ChatView
    coloured: bool

    @cached_property
    def by_id(self) -> dict[str, HunkPart]:
        return {part.hunk.id: part for part in self.hunks}

    @property
    def lines(self) -> int:
        return len(self.diff.old.lines) + len(self.diff.new.lines) if self.diff else 0


class _Cache:
    """The last few by apply id. Two threads may build the same part at once; either is right."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._parts: OrderedDict[str, LastingPart] = OrderedDict()

    def get(self, apply: Apply) -> LastingPart:
        with self._lock:
            part = self._parts.get(apply.id)
            if part is not None:
                self._parts.move_to_end(apply.id)
        if part is not None and (part.coloured or not colours_are_stored(apply)):
            return part
        part = _build(apply)
        with self._lock:
            self._parts[apply.id] = part
            while len(self._parts) > 1 and self._is_full():
                self._parts.popitem(last=False)
        return part

    def _is_full(self) -> bool:
        return len(self._parts) > _KEPT or sum(part.lines for part in self._parts.values()) > _KEPT_LINES


_cache = _Cache()


def lasting_part(apply: Apply) -> LastingPart:
    """The part of an apply with its texts loaded; kept only where the apply is finished, since then it is final."""
    return _build(apply) if apply.merged_id is None else _cache.get(apply)


def _build(apply: Apply) -> LastingPart:
    texts = texts_of(apply)
    diff, coloured = _diff(apply, texts)
    hunks = _hunks(apply, diff)
    return LastingPart(diff, cut(diff.segments) if diff else (), hunks, _chat(apply, texts, hunks), coloured)


def _diff(apply: Apply, texts: Texts) -> tuple[DiffView | None, bool]:
    if texts.merged is None:
        return None, True
    old_html, new_html, coloured = coloured_sides(apply, texts.original, texts.merged)
    old, new = make_sides(texts.original, texts.merged, old_html, new_html)
    return diff_view(old, new, diff_hunks_of(apply), Titles(texts.original, texts.merged, apply.language)), coloured


def _hunks(apply: Apply, diff: DiffView | None) -> tuple[HunkPart, ...]:
    segments = diff.hunks if diff else ()
    justified: dict[str, list[int]] = apply.support.get("justified", {})
    extra = set(apply.support.get("unjustified", ()))
    doubts = doubts_by_hunk(apply, [segment.hunk for segment in segments])
    conflicts = conflict_views(apply)
    return tuple(
        HunkPart(
            segment,
            segment.hunk.old_start,
            segment.hunk.new_start,
            tuple(justified.get(segment.id, ())),
            segment.id in extra,
            tuple(doubts.get(segment.id, ())),
            conflicts.get(segment.id),
        )
        for segment in segments
    )


def _chat(apply: Apply, texts: Texts, hunks: tuple[HunkPart, ...]) -> ChatView:
    asks: dict[int, list[tuple[str, int]]] = {}
    for part in hunks:
        for line in part.asked:
            asks.setdefault(line, []).append((part.hunk.id, part.hunk.number))
    missing = frozenset(apply.support.get("missing", ()))
    noted = frozenset(note["chat_line"] for note in apply.notes)
    marks = ChatMarks(asks, missing, noted, [(first, last) for first, last in apply.hidden])
    return chat_view(texts.chat, highlight_lines, guess(apply.path, apply.language).lexer, marks)
