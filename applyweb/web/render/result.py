"""The resolved text as safe HTML, line by line, with the colours of the lines that it is made of.

Must not know: requests, who decided, where decisions are stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from applyweb.core.diff import Hunk
from applyweb.core.parts import Layout
from applyweb.core.text import split_end, split_lines
from applyweb.jobs.highlight import highlight_lines
from applyweb.web.render.lines import line_html
from applyweb.web.render.rows import Side, row_pairs


@dataclass(frozen=True, slots=True)
class ResultLine:
    """`html` without its end; `change` is "new" where the original has it not, "gone" where lines of the original are
    left out before it."""

    html: str
    change: Literal["", "new", "gone"] = ""


def result_lines(old: Side, new: Side, hunks: Sequence[Hunk], layout: Layout, lexer: str) -> Iterator[ResultLine]:
    """Each line of what `core.decisions.resolve` makes of the same, pending parts rejected. `lexer`
    colours what a person wrote."""
    at, cut = 0, False
    for hunk in hunks:
        if at < hunk.old_start:
            yield from _kept(old, at, hunk.old_start, cut)
            cut = False
        at, new_at = hunk.old_start, hunk.new_start
        for part in layout[hunk.id]:
            if part.verdict != "accepted":
                yield from _kept(old, at, at + part.removed, cut)
                cut = cut and not part.removed
            elif part.text is None:
                yield from _lines(new, new_at, new_at + part.added)
                cut = not part.added
            else:
                own = Side(split_lines(part.text), highlight_lines(part.text, lexer), "")
                yield from _written(old, own, range(at, at + part.removed))
                cut = not own.lines
            at, new_at = at + part.removed, new_at + part.added
    yield from _kept(old, at, len(old.lines), cut)


def _kept(side: Side, start: int, end: int, cut: bool) -> Iterator[ResultLine]:
    for index in range(start, end):
        yield ResultLine(_html(side, index), "gone" if cut and index == start else "")


def _written(old: Side, own: Side, removed: range) -> Iterator[ResultLine]:
    """Lines of a person's own in place of those `removed`, some of which they may have left as they were."""
    pairs = {j: i for i, j in row_pairs(old, own, removed, range(len(own.lines))) if j is not None}
    for j, line in enumerate(own.lines):
        i = pairs[j]
        is_new = i is None or split_end(old.lines[i])[0] != split_end(line)[0]
        yield ResultLine(_html(own, j), "new" if is_new else "")


def _lines(side: Side, start: int, end: int) -> Iterator[ResultLine]:
    for index in range(start, end):
        yield ResultLine(_html(side, index), "new")


def _html(side: Side, index: int) -> str:
    return line_html(split_end(side.lines[index])[0], side.coloured[index])
