"""Whether the result of a review parses, and which single decision would make it parse. Must not know: how it is
shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from applyweb.core import syntax
from applyweb.core.decisions import Resolved, resolve
from applyweb.core.diff import Hunk
from applyweb.core.merge.bindings import declares, lines_gone, loose_names
from applyweb.core.parts import Layout, find, names, starts
from applyweb.core.python_names import unbound
from applyweb.core.text import split_lines
from applyweb.models import Apply, User
from applyweb.queries.applies import as_diff_hunk, hunks_of, texts_of
from applyweb.queries.reviews import review_state

_MOST_PARSED = 1_000_000  # characters; larger results are not parsed at every decision
_TRIED = 3_000_000  # characters parsed in search of what mends a result
_MOST_TRIED = 24
_MOST_LOOSE = 3


@dataclass(frozen=True, slots=True)
class Mend:
    """A decision on the hunk or part `name` with which the result parses."""

    name: str
    decision: Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Loose:
    """A name that the result uses and nothing in it declares, since the part that does is not in it (or the part that
    takes the declaration away is), and the decision that mends it."""

    name: str
    mend: Mend


@dataclass(frozen=True, slots=True)
class Soundness:
    """Whether the result parses as well as the original does; None where there is no grammar or the file is too
    large. `line` is the first 1-based line of the result that does not. `mends`: nearest to it first.
    `loose` are names that this selection alone leaves without a declaration."""

    parses: bool | None
    line: int | None = None
    mends: tuple[Mend, ...] = ()
    loose: tuple[Loose, ...] = ()


def soundness(apply: Apply, person: User) -> Soundness:
    """Of hunks that need each other one alone may break the syntax. The apply must be finished."""
    texts = texts_of(apply)
    merged = texts.merged
    if merged is None:
        raise ValueError("an apply that is not finished has no result")
    rows = hunks_of(apply)
    hunks, layout = [as_diff_hunk(row) for row in rows], review_state(apply, person, rows).layout

    found = resolve(texts.original, merged, hunks, layout)
    if len(found.text) > _MOST_PARSED:
        return Soundness(None)
    loose: tuple[Loose, ...] = ()
    if found.text not in (texts.original, merged):
        loose = _loose(texts.original, merged, found.text, hunks, layout)
        if apply.language == "python":
            known = {each.name for each in loose}
            loose = (*loose, *_out_of_scope(texts.original, merged, found.text, hunks, layout, known))
    parsed = _parsed(texts.original, merged, found, hunks, layout, apply.language)
    return replace(parsed, loose=loose[:_MOST_LOOSE])


def _parsed(
    original: str, merged: str, found: Resolved, hunks: Sequence[Hunk], layout: Layout, language: str
) -> Soundness:
    def errors(text: str) -> int | None:
        return syntax.error_count(text, language)

    broken = errors(found.text)
    if broken is None:
        return Soundness(None)
    known = broken if found.text == original else errors(original) or 0
    if broken <= known:
        return Soundness(True)
    line = syntax.first_error(found.text, language)
    mends = []
    tries = min(_MOST_TRIED, _TRIED // max(len(found.text), 1))
    for name in _by_distance(found, (line or 1) - 1)[:tries]:
        turned, decision = _turned(layout, name)
        if (errors(resolve(original, merged, hunks, turned).text) or 0) <= known:
            mends.append(Mend(name, decision))
    return Soundness(False, line, tuple(mends))


def _loose(original: str, merged: str, result: str, hunks: Sequence[Hunk], layout: Layout) -> tuple[Loose, ...]:
    """Names that are loose in the result, and in neither the original nor the whole merge: hunks that need each
    other."""
    mends: dict[str, Mend] = {}
    for mend, lines in _left_out(original, merged, hunks, layout):
        for line in lines:
            for bound in declares(line.strip()):
                mends.setdefault(bound, mend)
    candidates = lines_gone(original, result) + lines_gone(merged, result)
    found = loose_names(result, candidates)
    known = {*loose_names(original, candidates), *loose_names(merged, candidates)} if found else set()
    return tuple(Loose(name, mends[name]) for name in found if name in mends and name not in known)


def _left_out(
    original: str, merged: str, hunks: Sequence[Hunk], layout: Layout
) -> Iterator[tuple[Mend, Sequence[str]]]:
    """Of each part the decision that turns it round, and the lines that would come with it."""
    old, new = split_lines(original), split_lines(merged)
    for hunk in hunks:
        parts = layout[hunk.id]
        for name, (removed, added), part in zip(names(hunk.id, parts), starts(parts), parts, strict=True):
            if part.verdict == "accepted":
                yield Mend(name, "rejected"), old[hunk.old_start + removed :][: part.removed]
            else:
                yield Mend(name, "accepted"), new[hunk.new_start + added :][: part.added]


def _out_of_scope(
    original: str, merged: str, result: str, hunks: Sequence[Hunk], layout: Layout, known: set[str]
) -> Iterator[Loose]:
    """The same by Python's scopes: what is bound elsewhere in the file may be loose where it is used."""
    loose = unbound(result) - unbound(original) - unbound(merged)
    tries = min(_MOST_TRIED, _TRIED // max(len(result), 1))
    for mend, lines in _left_out(original, merged, hunks, layout):
        if not loose or not tries:
            return
        if not any(name in line for _, name in loose for line in lines):
            continue
        tries -= 1
        turned, _ = _turned(layout, mend.name)
        still = unbound(resolve(original, merged, hunks, turned).text)
        for name in sorted({name for _, name in loose - still} - known):
            known.add(name)
            yield Loose(name, mend)
        loose &= still


def _by_distance(found: Resolved, line: int) -> list[str]:
    """The parts, those first whose lines in the result are nearest to `line`, 0-based."""
    return [
        piece.name for piece in sorted(found.pieces, key=lambda piece: max(piece.start - line, line - piece.end + 1, 0))
    ]


def _turned(layout: Layout, name: str) -> tuple[Layout, Literal["accepted", "rejected"]]:
    """The layout with one part decided the other way; a pending part counts as rejected."""
    hunk_id, (index, *_) = find(layout, name)
    parts = list(layout[hunk_id])
    decision: Literal["accepted", "rejected"] = "rejected" if parts[index].verdict == "accepted" else "accepted"
    parts[index] = replace(parts[index], verdict=decision, text=None)
    return {**layout, hunk_id: tuple(parts)}, decision
