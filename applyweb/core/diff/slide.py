"""Where a pure insertion or deletion begins: the same change can often be told one or more lines up or
down.

Must not know: how the change was found. `A A` with one `A` added is the same text wherever the new one is
said to be; a reader wants whole definitions, from their first line to the blank line after them, so every
place is priced.
"""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int, int, int]

_TRIED = 200  # places priced for one block, from the lowest up
_BLANKS = 5  # blank lines looked over for the indentation of what follows
_DEEPEST = 60
_A_COLUMN = 6  # one column of indentation against the other prices


def settle_blocks(spans: Sequence[Span], old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """The same changes with each pure insertion or deletion slid to its best place. One that can be slid
    against a pure one above joins it: a deletion and an insertion side by side are one replacement."""
    result: list[Span] = []
    limits = [span[0] for span in spans[1:]] + [len(old)]
    for span, limit in zip(spans, limits, strict=False):
        floor = result[-1][1] if result else 0
        slid = span
        if _is_pure(span):
            slid = _slide(span, floor, limit, bool(result) and _is_pure(result[-1]), old, new)
        if result and slid[0] == result[-1][1]:
            upper = result.pop()
            slid = (upper[0], slid[1], upper[2], slid[3])
        result.append(slid)
    return result


def _is_pure(span: Span) -> bool:
    return span[0] == span[1] or span[2] == span[3]


def _slide(span: Span, floor: int, limit: int, joins: bool, old: Sequence[str], new: Sequence[str]) -> Span:
    """`floor` and `limit` are the old lines between which the block may move, the neighbours' edges; `joins`
    says that it should join the upper one if it can."""
    inserted = span[0] == span[1]
    lines = new if inserted else old
    start, end = (span[2], span[3]) if inserted else (span[0], span[1])
    room_up, room_down = span[0] - floor, limit - span[1]
    up = 0
    while up < room_up and lines[start - up - 1] == lines[end - up - 1]:
        up += 1
    if joins and up == room_up:
        best = -up  # it reaches the change above
    else:
        down = 0
        while down < room_down and lines[start + down] == lines[end + down]:
            down += 1
        shifts = range(down, max(-up, down - _TRIED) - 1, -1)
        best = min(shifts, key=lambda shift: _price(lines, start + shift) + _price(lines, end + shift))
    return (span[0] + best, span[1] + best, span[2] + best, span[3] + best)


def _price(lines: Sequence[str], at: int) -> int:
    """How odd it looks to cut before line `at`: the deeper inside a block, the odder; a blank line just above is the
    natural place, and the ends of the file cost nothing."""
    if at == 0 or at == len(lines):
        return 0
    after = at
    while after < len(lines) and after < at + _BLANKS and not lines[after].strip():
        after += 1
    depth = min(_indent(lines[after]), _DEEPEST) if after < len(lines) else 0
    if not lines[at - 1].strip():
        return _A_COLUMN * depth + (2 if after == at else 5)
    return _A_COLUMN * depth + (9 if after == at else 4)  # 4: the blank line itself opens the block


def _indent(line: str) -> int:
    columns = 0
    for character in line:
        if character == " ":
            columns += 1
        elif character == "\t":
            columns += 8 - columns % 8
        elif character != "\ufeff":
            break
    return columns
