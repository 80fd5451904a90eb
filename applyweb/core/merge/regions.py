"""Where in a file a merge is unsure: small ranges of rows, each with what the answer says about it, so that a model is
asked about these and not about the file.

A doubtful change is widened to the function or class around it, or to a window where that is long or there is none. A
change that found no place is looked for by the names that it declares, then by the rows that its own are like. Where no
place can be told, or the ranges come to most of the file, there are none: the file is the question then. Must not know:
models, prompts, how placements are found."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from applyweb.core.chat import Edit
from applyweb.core.chat.patches import Hunk
from applyweb.core.merge.lines import Lines, decorates, lines_of, owner, weighs_little
from applyweb.core.merge.markers import marker_strength

MOST = 8  # ranges; an answer that leaves more in doubt is a question about the file
_SHARE = 0.6  # of the file's lines
_LONG = 120  # lines of a definition that is asked about as a whole
_WINDOW = 15  # lines on each side of a change, where its definition is longer or there is none
_NEAR = 4  # ranges so close are one
_LOOKED_FOR = 12  # rows of an unplaced change that are looked for
_LIKE = 70.0  # percent
_COMPARED = 4_000_000  # pairs of lines in search of places, at most


@dataclass(frozen=True, slots=True)
class Region:
    """Lines [old_start, old_end) of the original, which the merge made into [new_start, new_end) of its text; 0-based,
    into `text.split_lines` of each. The lines just outside stand on both sides. `chat` is what the answer says about
    them, in Markdown; `chat_line` where it says so, 1-based."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    chat: str
    chat_line: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it was made, or not: original rows [start, end), None where it found no place; the edit it is of,
    and the hunk (of a patch) or the edit's rows [low, high) that say it."""

    span: tuple[int, int] | None
    doubted: bool
    edit: Edit
    hunk: Hunk | None = None
    rows: tuple[int, int] = (0, 0)


def unsure_regions(
    original: Sequence[str], origins: Sequence[int], changes: Sequence[Change], language: str
) -> tuple[Region, ...]:
    """The regions of an unsure merge, in order. `original` are its lines without ends, `origins` tell for each line of
    the merged text the original row that it is, -1 for a new one. () where the whole file is in question."""
    lines = lines_of(original, language)
    doubted = [change for change in changes if change.doubted] or list(changes)
    unplaced = sum(change.span is None for change in doubted)
    if unplaced > MOST or unplaced * _LOOKED_FOR * lines.size > _COMPARED:
        return ()
    ranges: list[tuple[int, int]] = []
    for change in doubted:
        span = change.span or _likely_place(change, lines)
        if span is None:
            return ()
        ranges.append(_widened(span, lines))
    where = {row: at for at, row in enumerate(origins) if row >= 0}
    ranges = _joined(_to_kept_lines(each, lines.size, where) for each in ranges)
    if not ranges or len(ranges) > MOST or sum(high - low for low, high in ranges) > _SHARE * lines.size:
        return ()
    return tuple(_region(low, high, lines.size, where, len(origins), changes, doubted) for low, high in ranges)


def _widened(span: tuple[int, int], lines: Lines) -> tuple[int, int]:
    """The smallest definition around the rows, with what decorates it."""
    low, high = span
    row = min(low, lines.size - 1)
    while row > 0 and (not lines.keys[row] or row == low == high):  # new lines belong to what stands above them
        row -= 1
    header = owner(lines, row)
    while header >= 0 and lines.ends[header] < high:
        header = owner(lines, lines.parents[header])
    if header >= 0:
        first, end = header, lines.ends[header]
        while first and lines.keys[first - 1] and decorates(lines.keys[first - 1]):
            first -= 1
        if end - first <= _LONG:
            return min(low, first), max(high, end)
    return _uncut(max(0, low - _WINDOW), min(lines.size, high + _WINDOW), lines)


def _uncut(low: int, high: int, lines: Lines) -> tuple[int, int]:
    """A window that cuts no short function in two."""
    above = owner(lines, low) if low < lines.size else -1
    if 0 <= above < low and low - above <= 2 * _WINDOW:
        low = above
        while low and lines.keys[low - 1] and decorates(lines.keys[low - 1]):
            low -= 1
    below = owner(lines, high) if high < lines.size else -1
    if 0 <= below < high < lines.ends[below] <= high + 2 * _WINDOW:
        high = lines.ends[below]
    return low, high


def _likely_place(change: Change, lines: Lines) -> tuple[int, int] | None:
    """Where a change that found no place was most likely meant."""
    texts = change.hunk.old if change.hunk else change.edit.code.split("\n")
    shown = lines_of(texts)
    for row in shown.solid:
        kind, name = shown.name(row)
        places = lines.declaring(name.rsplit(".", 1)[-1].strip()) if kind in ("def", "class") else []
        if len(places) == 1:
            return places[0], lines.ends[places[0]]
    telling = [shown.keys[row] for row in shown.solid if not weighs_little(shown.keys[row])][:_LOOKED_FOR]
    found: Counter[int] = Counter()
    rows: dict[int, list[int]] = {}
    for key in telling:
        best = process.extractOne(key, lines.keys, scorer=ratio, score_cutoff=_LIKE)
        if best is not None:
            home = owner(lines, best[2])
            found[home] += 1
            rows.setdefault(home, []).append(best[2])
    if not found or 2 * found.total() < len(telling):
        return None
    home, _ = found.most_common(1)[0]
    return min(rows[home]), max(rows[home]) + 1


def _to_kept_lines(span: tuple[int, int], size: int, where: dict[int, int]) -> tuple[int, int]:
    """Widened until the lines just outside stand in the merged text too."""
    low, high = span
    while low > 0 and low - 1 not in where:
        low -= 1
    while high < size and high not in where:
        high += 1
    return low, high


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low - joined[-1][1] < _NEAR:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _region(
    low: int,
    high: int,
    size: int,
    where: dict[int, int],
    merged_size: int,
    changes: Sequence[Change],
    doubted: Sequence[Change],
) -> Region:
    inside = [
        change
        for change in changes
        if (change.span is None and change in doubted)
        or (change.span is not None and change.span[0] <= high and change.span[1] >= low)
    ]
    prose = dict.fromkeys(change.edit.before for change in inside if change.edit.before)
    chat = "\n\n".join([*prose, *_said(inside)])
    new_start = where[low - 1] + 1 if low else 0
    new_end = where[high] if high < size else merged_size
    first = min(change.hunk.chat_line if change.hunk else change.edit.start + change.rows[0] for change in inside)
    return Region(low, high, new_start, new_end, chat, first)


def _said(changes: Sequence[Change]) -> list[str]:
    """The changes in fences, in the order of the answer: hunks, and of code the pieces between two markers that say
    them, from the definitions that they are in."""
    said: dict[int, list[str]] = {}
    pieces: dict[Edit, list[tuple[int, int]]] = {}
    for change in changes:
        if change.hunk is None:
            pieces.setdefault(change.edit, []).append(change.rows)
        else:
            fence = f"```{'diff' if change.hunk.style == 'diff' else ''}\n{_hunk_text(change.hunk)}\n```"
            said.setdefault(change.hunk.chat_line, []).append(fence)
    for edit, rows in pieces.items():
        texts = edit.code.split("\n")
        for low, high in _whole_pieces(lines_of(texts), rows):
            fence = f"```{edit.language}\n" + "\n".join(texts[low:high]) + "\n```"
            said.setdefault(edit.start + low, []).append(fence)
    return [fence for _, fences in sorted(said.items()) for fence in dict.fromkeys(fences)]


def _whole_pieces(lines: Lines, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    gaps = [row for row in lines.solid if marker_strength(lines.keys[row])]
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        above, below = bisect_left(gaps, start) - 1, bisect_left(gaps, end)
        low = gaps[above] if above >= 0 else 0
        high = (gaps[below] if below < len(gaps) else lines.size - 1) + 1
        header = owner(lines, min(start, lines.size - 1))
        found.append((header if 0 <= header < low else low, high))
    return _joined(found)


def _hunk_text(hunk: Hunk) -> str:
    """A hunk as it is usually written, removed lines before added ones."""
    if hunk.style == "search":
        return "\n".join(["<<<<<<< SEARCH", *hunk.old, "=======", *hunk.new, ">>>>>>> REPLACE"])
    runs = groupby(hunk.rows, key=lambda row: row[0] == " ")
    return "\n".join(op + text for _, run in runs for op, text in sorted(run, key=lambda row: row[0] == "+"))
