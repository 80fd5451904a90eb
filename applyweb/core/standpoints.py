"""How two people stand to the same hunks: whether they differ, and one taking over what the other decided.

Must not know: who they are, where parts are stored. Everything here returns new values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from applyweb.core.parts import Layout, Part, Parts, starts

Standing = Literal["same", "differs", "open"]
_Said = tuple[object, ...] | None  # of some lines; None while they are pending


def standing(mine: Parts, theirs: Parts) -> Standing:
    """How two people stand to one hunk: "differs" where both decided some line, and not alike; else "open" where one of
    them left a line pending. Where the hunk is cut does not matter, only what becomes of its lines."""
    is_open = False
    for side in (0, 1):
        for one, other in _meeting(list(_spans(mine, side)), list(_spans(theirs, side))):
            if one is None or other is None:
                is_open = True
            elif one != other:
                return "differs"
    return "open" if is_open else "same"


def is_decided(parts: Parts) -> bool:
    """Whether anything of the hunk is decided."""
    return any(part.verdict != "pending" for part in parts)


def take_over(now: Layout, theirs: Mapping[str, Parts]) -> dict[str, Parts]:
    """The hunks that change where those in `theirs` become as another person has them. A later proposal is somebody's
    own: of one that they took, only its text comes along. What was joined to a hunk of another verdict is let go."""
    after = {**now, **{key: tuple(replace(part, proposal=None) for part in parts) for key, parts in theirs.items()}}
    order = list(after)
    for above, key in pairwise(["", *order]):
        first = after[key][0]
        if not first.joined or not {key, above} & theirs.keys():
            continue
        is_foreign = above not in theirs  # joined by the other person, to a hunk that stays one's own
        if is_foreign or after[above][-1].verdict != first.verdict:
            after[key] = (replace(first, joined=False), *after[key][1:])
    return {key: parts for key, parts in after.items() if parts != now[key]}


def _spans(parts: Parts, side: int) -> Iterator[tuple[int, int, _Said]]:
    """(start, end, what is said) of the lines that the hunk removes (side 0) or adds (1), in order and without gaps."""
    for start, part in zip(starts(parts), parts, strict=True):
        size = (part.removed, part.added)[side]
        if size:
            yield start[side], start[side] + size, _said(start, part)


def _said(start: tuple[int, int], part: Part) -> _Said:
    if part.verdict == "pending":
        return None
    if part.text is None:
        return (part.verdict,)
    return (part.verdict, start, part.removed, part.added, part.text)


def _meeting(mine: list[tuple[int, int, _Said]], theirs: list[tuple[int, int, _Said]]) -> Iterator[tuple[_Said, _Said]]:
    """What both say of each stretch that is one of neither's cuts."""
    at, other = 0, 0
    while at < len(mine) and other < len(theirs):
        yield mine[at][2], theirs[other][2]
        end, other_end = mine[at][1], theirs[other][1]
        at, other = at + (end <= other_end), other + (other_end <= end)
