"""Code that shares no line with the file, or is all new to it: what it stands for or where it goes is for the prose to
say, or for its kind, or for the one line of the file that it is a new version of.

Must not know: alignments, other readings of a piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from heapq import nlargest

from applyweb.core.merge import prose
from applyweb.core.merge.asks import may_add, only_adds
from applyweb.core.merge.groups import Groups
from applyweb.core.merge.kinds import place_by_kind
from applyweb.core.merge.lines import Lines, indent_of, likeness
from applyweb.core.merge.members import Kind, Member, members_of
from applyweb.core.merge.piece import Piece
from applyweb.core.merge.plan import Plan, Splice
from applyweb.core.merge.spots import Place, find_place
from applyweb.core.merge.together import Together

_ALIKE = 0.75  # two versions of a line
_ELEMENT = re.compile(r"<([\w.-]+)(?:\s[^<]*)?>.*</\1>$")


def plan_unanchored(piece: Piece) -> Plan:
    """The plan, `placed` False where nothing says where the code goes."""
    edit, lines, original = piece.edit, piece.lines, piece.original
    plan = Plan()
    plan.signal("unanchored")
    if not piece.bare:
        plan.placed = False
        return plan
    old = _exchanged_blocks(piece)
    if old:
        at, end = old[0]
        if lines.name(lines.solid[0])[0] != original.name(at)[0]:
            plan.doubt("exchanged_by_prose", "Only a sentence says that this takes the place of a whole group.", 0)
        plan.splices.append(Splice(at, end, _shifted(lines, original, at)))
        plan.splices.extend(Splice(*_with_blanks_above(original, low, high), ()) for low, high in old[1:])
        return plan
    if not only_adds(edit) and (alike := _new_version(lines, original)) is not None:
        plan.splices.append(Splice(alike, alike + 1, _shifted(lines, original, alike)))
        if may_add(edit) and likeness(lines.keys[lines.solid[0]], original.keys[alike]) < _ALIKE:
            plan.doubt("place_guessed", "Nothing says that this takes the place of the element of its kind.", 0)
        return plan
    groups = Groups(original, piece.language)
    place = find_place(edit, groups)
    if place is None and only_adds(edit):
        place = place_by_kind(piece, groups, members_of(lines, -1, piece.language))
    if place is None:
        plan.placed = False
        return plan
    put_at(piece, groups, place, plan)
    return plan


def plan_new(piece: Piece, groups: Groups, news: Sequence[Member]) -> Plan | None:
    """The plan of a piece that only adds definitions that the file does not have; None where nothing says where."""
    if any(each.kind not in ("def", "class") for each in news):
        return None
    place = find_place(piece.edit, groups) or place_by_kind(piece, groups, news)
    if place is None:
        return None
    plan = Plan()
    plan.signal("unanchored")
    put_at(piece, groups, place, plan)
    return plan


def put_at(piece: Piece, groups: Groups, place: Place, plan: Plan) -> None:
    """The whole piece as one new member at a place."""
    lines = piece.lines
    members = members_of(lines, -1, piece.language)
    kind: Kind = members[0].kind if members else "value"
    if kind == "text":
        kind = "value"
    block = Member(lines.solid[0], lines.solid[0], lines.solid[-1] + 1, kind, "")
    together = Together(piece, groups, adds=True, overloads=False)
    together.insert_at([block], place.row, place.home)
    splices = together.splices()
    if place.apart:
        splices = [_apart(splice, piece.original) for splice in splices]
    plan.splices.extend(splices)
    if place.home < 0 and lines.keys[lines.solid[-1]].endswith(","):
        plan.doubt("place_guessed", "This is an item of a list, and stands outside of any.", 0)
    elif place.guessed and not (lines.sections and members and members[0].kind == "class"):  # sections have no order
        plan.doubt("place_guessed", "Nothing says where this goes but what it is.", 0)


def _apart(splice: Splice, original: Lines) -> Splice:
    """With one blank line at least to what stands around."""
    keys = original.keys
    texts = list(splice.texts)
    while texts and not texts[0]:
        texts.pop(0)
    while texts and not texts[-1]:
        texts.pop()
    if splice.start and keys[splice.start - 1]:
        texts.insert(0, "")
    if splice.start < len(keys) and keys[splice.start]:
        texts.append("")
    return Splice(splice.start, splice.end, tuple(texts), splice.row)


def _exchanged_blocks(piece: Piece) -> list[tuple[int, int]]:
    """The blocks of the file that the prose sets the code in the place of, and the code does not declare."""
    lines, original = piece.lines, piece.original
    own = {lines.name(row)[1] for row in lines.solid}
    found: dict[int, int] = {}
    for name in prose.exchanged(piece.edit):
        leaf = name.rsplit(".", 1)[-1].removesuffix("()")
        rows = [row for row in original.declaring(leaf) if original.name(row)[0] != "key"]
        if leaf not in own and len(rows) == 1:
            found[rows[0]] = original.ends[rows[0]]
    blocks: list[tuple[int, int]] = []
    for row, end in sorted(found.items()):
        if not blocks or row >= blocks[-1][1]:
            blocks.append((row, end))
    return blocks


def _new_version(lines: Lines, original: Lines) -> int | None:
    """The row of the file that a single line of code is a new version of: the most alike one by far."""
    if len(lines.solid) != 1:
        return None
    key = lines.keys[lines.solid[0]]
    if (element := _only_element(key, original)) is not None:
        return element
    scores = nlargest(2, ((likeness(key, original.keys[row]), row) for row in original.solid))
    best, row = scores[0]
    second = scores[1][0] if len(scores) > 1 else 0.0
    return row if best >= _ALIKE and second < best - 0.1 and original.ends[row] == row + 1 else None


def _only_element(key: str, original: Lines) -> int | None:
    """The one row of the file that is an element, on one line, of the tag of this one."""
    element = _ELEMENT.match(key)
    if element is None:
        return None
    rows = [row for row in original.solid if (found := _ELEMENT.match(original.keys[row])) and found[1] == element[1]]
    return rows[0] if len(rows) == 1 else None


def _with_blanks_above(original: Lines, low: int, high: int) -> tuple[int, int]:
    while low > 0 and not original.keys[low - 1]:
        low -= 1
    return low, high


def _shifted(lines: Lines, original: Lines, at: int) -> tuple[str, ...]:
    """The code as deep as the row that it stands at."""
    ours, theirs = indent_of(lines.texts[lines.solid[0]]), indent_of(original.texts[at])
    return tuple(
        theirs + text[len(ours) :] if text.startswith(ours) and text.strip() else text.strip() and text
        for text in lines.texts
    )
