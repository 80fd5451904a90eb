"""Where rows of old lines stand in the original: the same text, the same but for white space, blank lines ignored.

Must not know: hunks, what is to be done there, which place is meant when there are several.
"""

from __future__ import annotations

from bisect import bisect_left

from applyweb.core.merge.lines import Lines
from applyweb.core.merge.work import Work

_PLACE_LOOKS = 20  # what a line of a place is worth that is compared in every way


def matches(rows: list[tuple[int, str]], lines: Lines, work: Work) -> list[dict[int, int]]:
    """All places where these rows stand, by the strictest comparison that finds any; none where that is too much
    work."""
    solid = [(index, text.strip()) for index, text in rows if text.strip()]
    if not solid:
        return []
    places = solid_places([key for _, key in solid], lines, work)
    if _is_too_much(_PLACE_LOOKS * len(places) * len(rows), lines, work):
        return []
    found = [dict(zip((index for index, _ in solid), place, strict=True)) for place in places]
    for test in (_same_text, _same_end, _same_rows):
        strict = [at for at in found if test(rows, at, lines)]
        if strict:
            return [with_blanks(rows, at, lines) for at in strict]
    return [with_blanks(rows, at, lines) for at in found]


def _is_too_much(looks: int, lines: Lines, work: Work) -> bool:
    """Whether there is no work left for that; one look at each line is not counted."""
    return looks > lines.size and not work.spend(looks - lines.size)


def solid_places(keys: list[str], lines: Lines, work: Work) -> list[list[int]]:
    """Where these keys follow each other, blank lines aside; nowhere where that is too much work."""
    if not all(map(lines.where.__contains__, keys)):
        return []
    rarest = min(range(len(keys)), key=lambda k: len(lines.where[keys[k]]))
    if _is_too_much(len(lines.where[keys[rarest]]) * len(keys), lines, work):
        return []
    ats = lines.solid
    places = []
    for row in lines.where[keys[rarest]]:
        start = bisect_left(ats, row) - rarest
        if start < 0 or start + len(keys) > len(ats):
            continue
        if all(lines.keys[ats[start + k]] == key for k, key in enumerate(keys)):
            places.append(ats[start : start + len(keys)])
    return places


def _same_text(rows: list[tuple[int, str]], at: dict[int, int], lines: Lines) -> bool:
    return _same_rows(rows, at, lines) and all(lines.texts[at[i]] == text for i, text in rows if i in at)


def _same_end(rows: list[tuple[int, str]], at: dict[int, int], lines: Lines) -> bool:
    return _same_rows(rows, at, lines) and all(
        lines.texts[at[i]].rstrip() == text.rstrip() for i, text in rows if i in at
    )


def _same_rows(rows: list[tuple[int, str]], at: dict[int, int], lines: Lines) -> bool:
    """Whether blank lines stand where the hunk has them."""
    first, row = next((index, at[index]) for index, _ in rows if index in at)
    offset = next(k for k, (index, _) in enumerate(rows) if index == first)
    start = row - offset
    if start < 0 or start + len(rows) > lines.size:
        return False
    return all(lines.keys[start + k] == text.strip() for k, (_, text) in enumerate(rows))


def with_blanks(rows: list[tuple[int, str]], at: dict[int, int], lines: Lines) -> dict[int, int]:
    """Blank rows of the hunk find their blank lines next to the solid ones."""
    result = dict(at)
    taken = set(at.values())
    previous: int | None = None
    for index, text in rows:
        if index in result:
            previous = result[index]
        elif not text.strip() and previous is not None:
            row = previous + 1
            if row < lines.size and not lines.keys[row] and row not in taken:
                result[index] = row
                taken.add(row)
                previous = row
    following: int | None = None
    for index, text in reversed(rows):
        if index in result:
            following = result[index]
        elif not text.strip() and following is not None:
            row = following - 1
            if row >= 0 and not lines.keys[row] and row not in taken:
                result[index] = row
                taken.add(row)
                following = row
    return result
