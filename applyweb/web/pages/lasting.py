"""What never changes on the page of a finished apply: its diff with a bar over each hunk, and its chat. The same for
every person and every decision, so it is kept for the applies that were looked at last.

Must not know: requests, decisions.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from applyweb.core.languages import guess
from applyweb.jobs.highlight import highlight_lines
from applyweb.models import Apply
from applyweb.queries.applies import Texts, as_diff_hunk, hunks_of, texts_of
from applyweb.queries.doubts import doubts_by_hunk
from applyweb.web.pages.colours import coloured_sides, colours_are_stored
from applyweb.web.render.chat import ChatMarks, ChatView, chat_view
from applyweb.web.render.diff import DiffView, HunkSegment, diff_view, make_sides
from applyweb.web.render.titles import Titles

_KEPT = 16


@dataclass(frozen=True, slots=True)
class HunkPart:
    """A hunk, where it begins (0-based), the chat lines that ask for it, whether nothing does, what else speaks against
    it, its bar as HTML."""

    hunk: HunkSegment
    old_start: int
    new_start: int
    asked: tuple[int, ...]
    extra: bool
    doubts: tuple[str, ...]
    bar: SafeString
    kind: Literal["hunk"] = "hunk"


@dataclass(frozen=True, slots=True)
class LastingPart:
    """`hunks` are those of `diff`, in order; `diff` is None where there is no merged text. `coloured` is False while
    the job is still at the colours of a large file: such a part is shown, and not kept."""

    diff: DiffView | None
    hunks: tuple[HunkPart, ...]
    chat: ChatView
    coloured: bool


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
            while len(self._parts) > _KEPT:
                self._parts.popitem(last=False)
        return part


_cache = _Cache()


def lasting_part(apply: Apply) -> LastingPart:
    """The part of an apply with its texts loaded; kept only where the apply is finished, since then it is final."""
    return _build(apply) if apply.merged_id is None else _cache.get(apply)


def _build(apply: Apply) -> LastingPart:
    texts = texts_of(apply)
    diff, coloured = _diff(apply, texts)
    hunks = _hunks(apply, diff)
    return LastingPart(diff, hunks, _chat(apply, texts, hunks), coloured)


def _diff(apply: Apply, texts: Texts) -> tuple[DiffView | None, bool]:
    if texts.merged is None:
        return None, True
    old_html, new_html, coloured = coloured_sides(apply, texts.original, texts.merged)
    old, new = make_sides(texts.original, texts.merged, old_html, new_html)
    hunks = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    return diff_view(old, new, hunks, Titles(texts.original, texts.merged, apply.language)), coloured


def _hunks(apply: Apply, diff: DiffView | None) -> tuple[HunkPart, ...]:
    justified: dict[str, list[int]] = apply.support.get("justified", {})
    extra = set(apply.support.get("unjustified", ()))
    stored = [as_diff_hunk(hunk) for hunk in hunks_of(apply)]
    doubts = doubts_by_hunk(apply, stored)
    template = get_template("review/hbar.html")
    parts = []
    for hunk, place in zip(diff.hunks if diff else (), stored, strict=True):
        asked = tuple(justified.get(hunk.id, ()))
        doubted = tuple(doubts.get(hunk.id, ()))
        html = template.render(
            {
                "hunk": hunk,
                "label": hunk.number,
                "first": hunk.number == 1,
                "asked": len(asked),
                "extra": hunk.id in extra,
                "doubts": doubted,
            }
        )
        bar = mark_safe(html)  # a template escapes
        parts.append(HunkPart(hunk, place.old_start, place.new_start, asked, hunk.id in extra, doubted, bar))
    return tuple(parts)


def _chat(apply: Apply, texts: Texts, hunks: tuple[HunkPart, ...]) -> ChatView:
    asks: dict[int, list[tuple[str, int]]] = {}
    for part in hunks:
        for line in part.asked:
            asks.setdefault(line, []).append((part.hunk.id, part.hunk.number))
    missing = frozenset(apply.support.get("missing", ()))
    marks = ChatMarks(asks, missing, frozenset(note["chat_line"] for note in apply.notes))
    return chat_view(texts.chat, highlight_lines, guess(apply.path, apply.language).lexer, marks)
