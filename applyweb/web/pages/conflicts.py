"""What the review page says of a rebase: how this version came to be, and of each conflict what stood there before.

Must not know: requests, queries' insides, how a rebase is worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from applyweb.core.text import split_end, split_lines
from applyweb.models import Apply
from applyweb.queries.rebases import ConflictTexts, conflict_texts, fates_of, version_line
from applyweb.web.render.fates import count_fates, fates_sentence
from applyweb.web.render.lines import line_html

_SHOWN = 200  # lines of the old original; the version before has all


@dataclass(frozen=True, slots=True)
class ConflictView:
    """`old` is the HTML of the old original's lines, `cut` how many are not shown; `where` says which lines they are,
    `kept` which ones the hunk keeps that the new original added at the same place, "" for none."""

    old: SafeString
    cut: int
    where: str
    kept: str
    before: str


@dataclass(frozen=True, slots=True)
class GoneHunk:
    """A hunk of the version before that the new original has already; `number` as it was there."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Version:
    """One of the versions of an apply; `number` from 1 on."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class VersionsView:
    """The versions around this one: the id of the one `before`, "" for none, and those over later edits of the file up
    to the newest. `number` is this one's. `conflicts` are ids of hunks here."""

    before: str
    number: int
    newer: tuple[Version, ...]
    sentence: str
    conflicts: tuple[str, ...]
    already: tuple[GoneHunk, ...]


def versions_view(apply: Apply, conflicts: Sequence[str]) -> VersionsView:
    """For an apply of which `conflicts` are the hunks in conflict, in order."""
    fates = fates_of(apply)
    gone = tuple(GoneHunk(fate.hunk, at) for at, fate in enumerate(fates, 1) if fate.state == "already")
    line, at = version_line(apply)
    newer = tuple(Version(version, number) for number, version in enumerate(line, 1) if number > at + 1)
    sentence = fates_sentence(count_fates(fates)) if fates else ""
    return VersionsView(apply.rebased_from_id or "", at + 1, newer, sentence, tuple(conflicts), gone)


def conflict_views(apply: Apply) -> dict[str, ConflictView]:
    """What is said of each conflict of an apply with its texts loaded, by hunk id."""
    return {key: _view(apply, each) for key, each in conflict_texts(apply).items()}


def side_first(text: str, original: Sequence[str], proposed: Sequence[str]) -> str:
    """Of both sides of a conflict, which one `text` has first: "original" or "proposed"; "" where it is other lines."""
    own, old, new = ([split_end(line)[0] for line in lines] for lines in (split_lines(text), original, proposed))
    if not old or not new:
        return ""
    return "original" if own == old + new else "proposed" if own == new + old else ""


def _view(apply: Apply, texts: ConflictTexts) -> ConflictView:
    conflict = texts.conflict
    return ConflictView(
        old=mark_safe("\n".join(map(_line, texts.old[:_SHOWN]))),  # escaped by _line
        cut=max(len(texts.old) - _SHOWN, 0),
        where=_lines(*conflict.old) if texts.old else "",
        kept=_lines(*conflict.new) if conflict.both_added else "",
        before=apply.rebased_from_id or "",
    )


def _line(line: str) -> str:
    content, _ = split_end(line)
    return line_html(content, escape(content))


def _lines(start: int, end: int) -> str:
    return f"line {end:,}" if end - start == 1 else f"lines {start + 1:,} to {end:,}"
