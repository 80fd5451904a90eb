"""The parts of a hunk that are decided one by one: cutting, joining, deciding lines, writing one's own text.

Must not know: who decides, where parts are stored, how a diff is searched. Everything here returns new values.

A hunk removes some lines and adds others. Its parts take these lines in order, so that a part is told by two counts,
and a point between two parts by two offsets: how many removed and how many added lines stand before it. A hunk that
nobody has cut is one part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from typing import Literal

Verdict = Literal["accepted", "rejected", "pending"]
Point = tuple[int, int]  # removed and added lines before it


class UnknownPart(LookupError):
    """A name of no hunk, or of no part that the hunk has now."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no hunk or part {name!r} in this apply.")
        self.name = name


class BadCut(ValueError):
    """A cut or a range of lines that the hunk cannot have."""


@dataclass(frozen=True, slots=True)
class Part:
    """`removed` and `added` are counts of lines, not both 0. `text`: what the person wrote in place of the added lines,
    with line ends; only of an accepted part. `proposal`: the id of the later proposal that `text` is, None where the
    person wrote it. `joined`: decided together with the part before it, of the same hunk or
    the one above."""

    removed: int
    added: int
    verdict: Verdict = "pending"
    reason: str = ""
    text: str | None = None
    joined: bool = False
    proposal: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing but a verdict is told of it."""
        return self.text is None and not self.joined

    @property
    def text_id(self) -> str | None:
        """What tells one written text from another: its SHA-256, None where the lines stand as proposed."""
        return None if self.text is None else sha256(self.text.encode("utf-8")).hexdigest()


Parts = tuple[Part, ...]
Layout = Mapping[str, Parts]  # by hunk id, in the file's order


def starts(parts: Parts) -> Iterator[Point]:
    """Where each part begins."""
    removed = added = 0
    for part in parts:
        yield removed, added
        removed, added = removed + part.removed, added + part.added


def names(hunk_id: str, parts: Parts) -> tuple[str, ...]:
    """The name of each part: the hunk's own while it has only one, else the hunk's with where the part begins."""
    if len(parts) == 1:
        return (hunk_id,)
    return tuple(f"{hunk_id}.{removed}-{added}" for removed, added in starts(parts))


def find(layout: Layout, name: str) -> tuple[str, tuple[int, ...]]:
    """(hunk id, indexes of parts) that `name` means: a hunk's id all its parts. Errors: UnknownPart."""
    hunk_id = name.partition(".")[0]
    parts = layout.get(hunk_id)
    if parts is None:
        raise UnknownPart(name)
    if name == hunk_id:
        return hunk_id, tuple(range(len(parts)))
    known = names(hunk_id, parts)
    if name not in known:
        raise UnknownPart(name)
    return hunk_id, (known.index(name),)


def verdict_of(parts: Iterable[Part]) -> Verdict | Literal["mixed"]:
    """The verdict that all have, or "mixed"."""
    found = {part.verdict for part in parts}
    return found.pop() if len(found) == 1 else "mixed"


def decide(layout: Layout, name: str, verdict: Verdict, reason: str = "") -> dict[str, Parts]:
    """The hunks that change where `name`, and what is joined to it, gets a verdict; a written text stays only where it
    is accepted again. Errors: UnknownPart."""
    hunk_id, indexes = find(layout, name)
    changed: dict[str, list[Part]] = {}
    for owner, index in _with_joined(layout, [(hunk_id, index) for index in indexes]):
        parts = changed.setdefault(owner, list(layout[owner]))
        parts[index] = decided(parts[index], verdict, reason)
    return {owner: tuple(parts) for owner, parts in changed.items()}


def decide_all(layout: Layout, verdict: Verdict, *, rest: bool, held: Collection[str]) -> dict[str, Parts]:
    """All hunks where each part gets a verdict, of undecided ones alone for `rest`. Hunks that are `held`, and what is
    joined to them, stay as they are."""
    kept = set(
        _with_joined(layout, [(key, index) for key in held if key in layout for index in range(len(layout[key]))])
    )
    return {
        key: tuple(
            part if (key, index) in kept or (rest and part.verdict != "pending") else decided(part, verdict)
            for index, part in enumerate(parts)
        )
        for key, parts in layout.items()
    }


def decided(part: Part, verdict: Verdict, reason: str = "") -> Part:
    """The part with a verdict; a reason only stands with one, a written text only where it is accepted."""
    return replace(
        part,
        verdict=verdict,
        reason="" if verdict == "pending" else reason,
        text=part.text if verdict == "accepted" else None,
        proposal=part.proposal if verdict == "accepted" else None,
    )


def decide_lines(parts: Parts, removed: range, added: range, verdict: Verdict, reason: str = "") -> Parts:
    """The lines [removed) and [added) of the hunk, counted from 0, get a verdict of their own; what stays of the parts
    around them keeps theirs. Neighbours that come to agree by this become one part again. Errors: BadCut."""
    if not (0 <= removed.start <= removed.stop and 0 <= added.start <= added.stop) or not (removed or added):
        raise BadCut("The range of lines is empty or runs backwards.")
    parts = cut(parts, (removed.start, added.start), strict=False)
    parts = cut(parts, (removed.stop, added.stop), strict=False)
    begin, end = (removed.start, added.start), (removed.stop, added.stop)
    found: list[Part] = []
    was_chosen = False
    for start, part in zip(starts(parts), parts, strict=True):
        chosen = begin <= start < end
        if chosen:
            part = replace(decided(part, verdict, reason), joined=False)
        if found and (chosen or was_chosen) and _agree(found[-1], part):
            found[-1] = replace(found[-1], removed=found[-1].removed + part.removed, added=found[-1].added + part.added)
        else:
            found.append(part)
        was_chosen = chosen
    return tuple(found)


def cut(parts: Parts, at: Point, *, strict: bool = True) -> Parts:
    """The part around `at` as two of the same verdict. `strict`: a place that is cut already, or the hunk's end, is an
    error. Errors: BadCut, also where a written text stands, which has no lines in common with the hunk."""
    for index, (start, part) in enumerate(zip(starts(parts), parts, strict=True)):
        end = (start[0] + part.removed, start[1] + part.added)
        if not (start[0] <= at[0] <= end[0] and start[1] <= at[1] <= end[1]):
            continue
        if at in (start, end):
            if at == end and index + 1 < len(parts):
                continue  # the part behind it may take it as its start
            if strict:
                raise BadCut("There is nothing to cut there: a part begins or ends at this line already.")
            return parts
        if part.text is not None:
            raise BadCut("This part was written anew. Go back to the proposed lines before you cut it.")
        first = replace(part, removed=at[0] - start[0], added=at[1] - start[1])
        second = replace(part, removed=end[0] - at[0], added=end[1] - at[1], joined=False)
        return (*parts[:index], first, second, *parts[index + 1 :])
    raise BadCut("The hunk has no such place.")


def join(layout: Layout, name: str, *, joined: bool) -> dict[str, Parts]:
    """The hunks that change where the part `name` is joined to the one before it, or let go. Two parts of one hunk
    become one, pending unless they agree; parts of two hunks stay, and are decided together from then on. Errors:
    UnknownPart, BadCut."""
    hunk_id, indexes = find(layout, name)
    index, parts = indexes[0], layout[hunk_id]
    if not joined:
        if not parts[index].joined:
            raise BadCut("This part is not joined to the one before it.")
        return {hunk_id: _put(parts, index, replace(parts[index], joined=False))}
    if index > 0:
        return {hunk_id: (*parts[: index - 1], _one(parts[index - 1], parts[index]), *parts[index + 1 :])}
    order = list(layout)
    at = order.index(hunk_id)
    if at == 0:
        raise BadCut("This is the first hunk: there is none before it to join.")
    if parts[0].joined:
        raise BadCut("This part is joined to the one before it already.")
    before = layout[order[at - 1]][-1]
    first = replace(parts[0], joined=True)
    if first.verdict != before.verdict:
        first = decided(first, before.verdict, before.reason)
    return {hunk_id: _put(parts, 0, first)}


def write(layout: Layout, name: str, text: str | None, proposal: int | None = None) -> dict[str, Parts]:
    """The one part `name` accepted with the person's own text, or that of a later proposal; None goes back to the lines
    that were proposed first. Errors: UnknownPart, BadCut where the name means several parts."""
    hunk_id, indexes = find(layout, name)
    if len(indexes) > 1:
        raise BadCut("This hunk has several parts. Write one of them.")
    part = layout[hunk_id][indexes[0]]
    return {hunk_id: _put(layout[hunk_id], indexes[0], replace(part, verdict="accepted", text=text, proposal=proposal))}


def _with_joined(layout: Layout, wanted: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The wanted parts and all that are joined to one of them, in order."""
    flat = [(hunk_id, index) for hunk_id, parts in layout.items() for index in range(len(parts))]
    chosen = set(wanted)
    bound = [(before, after) for before, after in pairwise(flat) if layout[after[0]][after[1]].joined]
    for before, after in bound:
        if before in chosen:
            chosen.add(after)
    for before, after in reversed(bound):
        if after in chosen:
            chosen.add(before)
    return [each for each in flat if each in chosen]


def _agree(first: Part, second: Part) -> bool:
    """Whether the two can be told as one part."""
    alike = (first.verdict, first.reason) == (second.verdict, second.reason)
    return alike and first.text is None and second.is_plain


def _one(first: Part, second: Part) -> Part:
    """Two neighbours as one. Written texts cannot be kept beside lines that nobody wrote, so they must not be
    joined."""
    if first.text is not None or second.text is not None:
        raise BadCut("A part that was written anew cannot be joined. Go back to the proposed lines first.")
    both = replace(first, removed=first.removed + second.removed, added=first.added + second.added)
    return both if first.verdict == second.verdict else replace(both, verdict="pending", reason="")


def _put(parts: Parts, index: int, part: Part) -> Parts:
    return (*parts[:index], part, *parts[index + 1 :])
