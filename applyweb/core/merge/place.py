"""Patch hunks -> splices: find the lines that a hunk says are there, whatever its line numbers say.

From strict to lenient: the same lines in a row; the same but for white space; with blank lines ignored; without
the outer context; in order with lines between that the hunk left out; alike. What more than one place can be is
decided by anchors, claimed lines, order, and the definitions that the prose names, and is doubtful where only the
order or the distance decided.

Must not know: how hunks are written down, other formats.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import log

from applyweb.core.chat.patches import Hunk, Row
from applyweb.core.merge.align import Aligner
from applyweb.core.merge.alike import most_alike
from applyweb.core.merge.lines import Lines, indent_of, lines_of, weighs_little
from applyweb.core.merge.matches import matches, with_blanks
from applyweb.core.merge.plan import Plan, Splice
from applyweb.core.merge.work import Work

_TELLING = 4  # characters that an anchor has at least when its brackets are left out
_FUZZY_LOOKS = 5  # how often a line is looked at for a hunk whose old lines are not there as shown


@dataclass(frozen=True, slots=True)
class Hints:
    """`cursor` is the row after the hunk before, `drift` how far that one was from its claimed line, `ranges` tells the
    rows that the prose speaks of, `work` what may still be searched."""

    cursor: int = 0
    drift: int = 0
    ranges: Callable[[], Sequence[tuple[int, int]]] = tuple
    work: Work = field(default_factory=Work)


@dataclass(frozen=True, slots=True)
class Found:
    """Row index of the hunk -> original row, for kept and removed rows; `doubt` says why it may be the wrong place.
    `rivals` is in how many places its lines stand, 1 for no other; `exact` whether they stand there as shown."""

    at: dict[int, int]
    doubt: str = ""
    rivals: int = 1
    exact: bool = True

    @property
    def first(self) -> int:
        return min(self.at.values())


def place_hunk(hunk: Hunk, lines: Lines, hints: Hints) -> tuple[Plan, Found] | str:
    """The hunk's plan and where it was found, or why it cannot be placed."""
    if not any(op != "+" and text.strip() for op, text in hunk.rows):
        return _place_added(hunk, lines, hints)
    anchor = _anchor_row(hunk, lines, hints.cursor)
    if anchor is None and len(hunk.anchors) > 1:
        return f"the lines it is anchored to ({' / '.join(hunk.anchors)[:80]}) are not in the file in this order"
    found = _find(hunk, lines, hints, anchor if anchor is not None else -1)
    if found is None:
        if hints.work.over:
            return (
                "its old lines are not in the file as shown, and there are too many changes to search for likely ones"
            )
        return "its old lines are not in the file"
    plan = _plan(hunk.rows, found.at, lines)
    if anchor is None and hunk.anchors and not hunk.line and not found.doubt:
        plan.doubt("anchor_missing", f"Its anchor “{hunk.anchors[0][:60]}” is not in the file.", 0)
    if found.doubt:
        plan.doubt("place_unsure", found.doubt, 0)
    if found.rivals > 1:
        plan.signal("patch_rivals", log(found.rivals))
    if not found.exact:
        plan.signal("patch_inexact")
    return plan, found


def _place_added(hunk: Hunk, lines: Lines, hints: Hints) -> tuple[Plan, Found] | str:
    texts = tuple(text for op, text in hunk.rows if op == "+")
    plan = Plan()
    if not lines.solid:
        plan.splices.append(Splice(0, lines.size, texts))
        return plan, Found({0: 0})
    if hunk.style == "search":
        return "its search part is empty"
    at = lines.size
    anchor = _anchor_row(hunk, lines, hints.cursor)
    if hunk.line and hunk.line <= lines.size:
        at = hunk.line
        plan.doubt("place_unsure", "Only its line number says where it goes.", 0)
    elif anchor is not None:
        at = anchor + 1
        plan.doubt("place_unsure", "It has no context: it was put below its anchor.", 0)
    elif not hunk.at_end:
        plan.doubt("place_unsure", "It has no context: it was put at the end of the file.", 0)
    plan.splices.append(Splice(at, at, texts))
    return plan, Found({0: at})


def _anchor_row(hunk: Hunk, lines: Lines, cursor: int) -> int | None:
    """The row of the last anchor, each sought after the one before; from the cursor on first, then from the top."""
    if not hunk.anchors:
        return None
    for start in (cursor, 0) if cursor else (0,):
        row: int | None = start - 1
        for anchor in hunk.anchors:
            row = _next_row(anchor.strip(), lines, row + 1 if row is not None else 0)
            if row is None:
                break
        if row is not None:
            return row
    return None


def _next_row(key: str, lines: Lines, start: int) -> int | None:
    """The first row from `start` on that an anchor names: all of a line, a part of one, or a call's head ("run()" for
    "run(self):")."""
    for row in lines.where.get(key, ()):
        if row >= start:
            return row
    for part in dict.fromkeys((key, key.rstrip("():{ "))):
        if len(part) < _TELLING and part != key:
            continue
        found = lines.find(part, start)
        if found is not None:
            return found
    return None


def _find(hunk: Hunk, lines: Lines, hints: Hints, anchor: int) -> Found | None:
    old = [(index, text) for index, (op, text) in enumerate(hunk.rows) if op != "+"]
    trimmed = _without_outer_context(hunk)
    for rows, lenient in ((old, ""), (trimmed, "Its outer context lines are not in the file as shown.")):
        if not rows or (lenient and rows == old):
            continue
        candidates = matches(rows, lines, hints.work)
        if candidates:
            chosen = _choose(candidates, hunk, lines, hints, anchor, lenient)
            return replace(chosen, rivals=len(candidates), exact=not lenient)
    if not hints.work.spend(_FUZZY_LOOKS * lines.size):
        return None
    found = _in_order(hunk, old, lines, anchor, hints) or _alike(hunk, old, lines, hints.work)
    return found and replace(found, exact=False)


def _without_outer_context(hunk: Hunk) -> list[tuple[int, str]]:
    """The old rows from one before the first change to one after the last; all removed rows at least."""
    changed = [index for index, (op, _) in enumerate(hunk.rows) if op != " "]
    if not changed:
        return []
    low, high = changed[0], changed[-1]
    removed = [index for index in changed if hunk.rows[index][0] == "-" and hunk.rows[index][1].strip()]
    around = 1 if not removed else 0
    return [
        (index, text)
        for index, (op, text) in enumerate(hunk.rows)
        if op != "+" and low - around <= index <= high + around
    ]


def _choose(candidates: list[dict[int, int]], hunk: Hunk, lines: Lines, hints: Hints, anchor: int, doubt: str) -> Found:
    if len(candidates) == 1:
        return Found(candidates[0], doubt)
    many = f"Its lines stand in {len(candidates)} places; "
    if hunk.at_end:
        return Found(candidates[-1], doubt)
    if anchor >= 0:
        after = [at for at in candidates if min(at.values()) >= anchor]
        inside = [at for at in after if min(at.values()) < lines.ends[anchor]]
        if len(inside) == 1 or after:
            picked = (inside or after)[0]
            alone = len(inside) == 1 or len(after) == 1
            return Found(picked, doubt if alone or not hunk.line else many + "the nearest below its anchor was taken.")
    if hunk.line:
        target = hunk.line - 1 + hints.drift
        ranked = sorted(candidates, key=lambda at: abs(min(at.values()) - target))
        exact = min(ranked[0].values()) in (target, hunk.line - 1)
        return Found(ranked[0], doubt if exact else many + "the nearest to its line number was taken.")
    ranges = hints.ranges()
    spoken = [at for at in candidates if any(low <= min(at.values()) < high for low, high in ranges)]
    if len(spoken) == 1:
        return Found(spoken[0], doubt)
    later = [at for at in candidates if min(at.values()) >= hints.cursor]
    if hunk.style == "diff" and hints.cursor and len(later) == 1:
        return Found(later[0], doubt)
    return Found((later or candidates)[0], many + "the first one was taken.")


def _in_order(hunk: Hunk, old: list[tuple[int, str]], lines: Lines, anchor: int, hints: Hints) -> Found | None:
    """Old rows in order, with lines of the original between that the hunk does not show."""
    edit = lines_of([text for _, text in old])
    aligner = Aligner(edit, [0] * edit.size, lines, start=max(anchor, 0), work=hints.work)
    alignment = aligner.align()
    at = {old[pair.row][0]: pair.at for pair in alignment.pairs if pair.same}
    removed = [index for index, text in old if hunk.rows[index][0] == "-" and text.strip()]
    if (
        not at
        or any(index not in at for index in removed)
        or all(weighs_little(lines.keys[row]) for row in at.values())
    ):
        return None
    for group in _groups(hunk.rows):
        if not any(index - 1 in at or index in at or index + 1 in at for index in group):
            return None
    missing = any(text.strip() and index not in at for index, text in old)
    doubt = ""
    if missing:
        doubt = "Some of its context lines are not in the file."
    elif alignment.ambiguous:
        doubt = "Its lines stand in several places."
    elif hints.cursor > min(at.values()) and hunk.style == "diff":
        doubt = "It stands before the hunk above it."
    return Found(with_blanks(old, at, lines), doubt)


def _alike(hunk: Hunk, old: list[tuple[int, str]], lines: Lines, work: Work) -> Found | None:
    """A row of lines that are nearly the old ones, the best by far."""
    solid = [(index, text.strip()) for index, text in old if text.strip()]
    place = most_alike([key for _, key in solid], lines, work)
    if place is None:
        return None
    at = {index: row for (index, _), row in zip(solid, place, strict=True)}
    return Found(with_blanks(old, at, lines), "Its old lines are not quite what the file has.")


def _groups(rows: Sequence[Row]) -> list[list[int]]:
    """Indices of rows that change something, in stretches without a kept row between."""
    groups: list[list[int]] = []
    previous = -2
    for index, (op, _) in enumerate(rows):
        if op == " ":
            continue
        if index == previous + 1:
            groups[-1].append(index)
        else:
            groups.append([index])
        previous = index
    return groups


def _plan(rows: Sequence[Row], at: dict[int, int], lines: Lines) -> Plan:
    plan = Plan()
    solid = sorted(index for index in at if rows[index][1].strip())
    for group in _groups(rows):
        removed = sorted(at[index] for index in group if rows[index][0] == "-" and index in at)
        texts = tuple(_shifted(index, rows, at, solid, lines) for index in group if rows[index][0] == "+")
        if removed:
            start, end = removed[0], removed[-1] + 1
            between = set(range(start, end)).difference(removed)
            if any(lines.keys[row] for row in between):  # lines between that the hunk leaves out stay
                for row in removed[1:]:
                    plan.splices.append(Splice(row, row + 1, ()))
                end = start + 1
            plan.splices.append(Splice(start, end, texts))
            continue
        before = next((at[index] for index in range(group[0] - 1, -1, -1) if index in at), None)
        after = next((at[index] for index in range(group[-1] + 1, len(rows)) if index in at), None)
        position = before + 1 if before is not None and (group[0] - 1 in at or after is None) else after
        plan.splices.append(Splice(position or 0, position or 0, texts))
    return plan


def _shifted(index: int, rows: Sequence[Row], at: dict[int, int], solid: list[int], lines: Lines) -> str:
    """An added row, moved as far as the nearest of the old ones was that were found; `solid` are those not blank."""
    text = rows[index][1]
    if not text.strip() or not solid:
        return text
    above = bisect_left(solid, index)
    nearest = min(solid[max(0, above - 1) : above + 1], key=lambda k: abs(k - index))
    ours, theirs = indent_of(rows[nearest][1]), indent_of(lines.texts[at[nearest]])
    own = indent_of(text)
    if ours == theirs:
        return text
    if own.startswith(ours):
        return theirs + text[len(ours) :]
    if ours.startswith(own):
        return theirs[: max(0, len(theirs) - (len(ours) - len(own)))] + text[len(own) :]
    return text
