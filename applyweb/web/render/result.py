"""The resolved text as safe HTML, line by line, with the colours of the lines that it is made of.

Must not know: requests, who decided, where decisions are stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from applyweb.core.diff import Hunk
from applyweb.core.parts import Layout
from applyweb.core.text import split_end, split_lines
from applyweb.jobs.highlight import highlight_lines
from applyweb.web.render.lines import line_html
from applyweb.web.render.rows import Side


def result_lines(old: Side, new: Side, hunks: Sequence[Hunk], layout: Layout, lexer: str) -> Iterator[str]:
    """Each line of what `core.decisions.resolve` makes of the same, pending parts rejected, without its end. `lexer`
    colours what a person wrote."""
    at = 0
    for hunk in hunks:
        yield from _lines(old, at, hunk.old_start)
        at, new_at = hunk.old_start, hunk.new_start
        for part in layout[hunk.id]:
            if part.verdict != "accepted":
                yield from _lines(old, at, at + part.removed)
            elif part.text is None:
                yield from _lines(new, new_at, new_at + part.added)
            else:
                own = split_lines(part.text)
                yield from _lines(Side(own, highlight_lines(part.text, lexer), ""), 0, len(own))
            at, new_at = at + part.removed, new_at + part.added
    yield from _lines(old, at, len(old.lines))


def _lines(side: Side, start: int, end: int) -> Iterator[str]:
    for index in range(start, end):
        yield line_html(split_end(side.lines[index])[0], side.coloured[index])
