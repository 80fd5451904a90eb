"""Rows of a diff as safe HTML: an old line and a new line side by side.

Must not know: which rows are shown, decisions, templates. Row HTML is built here and not in a template because a page
has thousands of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from applyweb.core.diff import Row, intraline, pair_lines, spaces_of
from applyweb.core.text import split_end
from applyweb.web.render.lines import ChangeTag, Spans, indent_class, line_html
from applyweb.web.render.moves import NO_MOVES, Moves

_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR", "": "no newline"}
_END_TITLES = {"": "The file ends here without a line end"}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a diff: its lines with their ends, and the coloured HTML of each. `usual_end` is the line end that
    needs no mark. Lines of no file are not `numbered`."""

    lines: Sequence[str]
    coloured: Sequence[str]
    usual_end: str
    numbered: bool = True

    def cell(
        self, index: int, classes: str, spans: Spans = (), tag: ChangeTag = "ins", *, show_end: bool = False
    ) -> str:
        """The cell of line `index` (0-based)."""
        content, end = split_end(self.lines[index])
        html = line_html(content, self.coloured[index], spans, tag)
        indent = indent_class(content)
        attribute = f' class="{indent}"' if indent else ""
        number = f' data-n="{index + 1}"' if self.numbered else ""
        return f'<div class="l {classes}"{number}><code{attribute}>{html}{self._end_mark(end, show_end)}</code></div>'

    def _end_mark(self, end: str, show: bool) -> str:
        if end == self.usual_end and not show:
            return ""
        title = _END_TITLES.get(end, "Line end of this line")
        return f'<span class="eol" data-c="{_ENDS[end]}" title="{title}"></span>'


def equal_rows(old: Side, new: Side, old_start: int, new_start: int, count: int) -> SafeString:
    """`count` unchanged lines from `old_start` and `new_start` on."""
    return mark_safe(  # every cell is escaped by line_html
        "".join(
            f'<div class="row eq">{old.cell(old_start + k, "o")}{new.cell(new_start + k, "n")}</div>'
            for k in range(count)
        )
    )


def row_pairs(old: Side, new: Side, old_range: range, new_range: range, moves: Moves = NO_MOVES) -> tuple[Row, ...]:
    """Which lines share a row, as indexes of lines, in reading order. A moved line stands alone."""
    removed = [old.lines[i] for i in old_range]
    added = [new.lines[j] for j in new_range]
    pairs: list[Row] = []
    for at_old, at_new in pair_lines(removed, added):
        i = None if at_old is None else old_range[at_old]
        j = None if at_new is None else new_range[at_new]
        if i is not None and j is not None and (i in moves.old or j in moves.new):
            pairs += [(i, None), (None, j)]
        else:
            pairs.append((i, j))
    return tuple(pairs)


def changed_rows(
    old: Side,
    new: Side,
    pairs: Sequence[Row],
    above: tuple[int, int],
    classes: str = "",
    moves: Moves = NO_MOVES,
) -> SafeString:
    """Rows of one hunk: `pairs` are some of its `row_pairs`, `above` is how many lines of each side stand above them.
    Lines that are equal on both sides (a blank line between two changes) stand as unchanged rows between two blocks of
    changed ones, which get the further `classes`. Above a moved block stand words and a way to its other end."""
    blocks: list[str] = []
    rows: list[str] = []

    def close() -> None:
        if rows:
            blocks.append(f'<div class="change{classes}">{"".join(rows)}</div>')
            rows.clear()

    at_old, at_new = above
    for i, j in pairs:
        if strip := moves.strip(i, j):
            close()
            blocks.append(strip)
        if i is not None and j is not None and old.lines[i] == new.lines[j]:
            close()
            blocks.append(equal_rows(old, new, i, j, 1))
        else:
            rows.append(_changed_row(old, new, _Row(i, j, at_old, at_new), moves))
        at_old, at_new = at_old + (i is not None), at_new + (j is not None)
    close()
    return mark_safe("".join(blocks))  # every cell is escaped by line_html


def written_rows(old: Side, own: Side, old_range: range, proposed: SafeString, count: int) -> SafeString:
    """The rows of what a person wrote in place of `count` proposed lines, whose rows are folded away below."""
    words = (
        f"What was proposed, {count} line{'' if count == 1 else 's'}" if count else "It was proposed to remove these"
    )
    pairs = row_pairs(old, own, old_range, range(len(own.lines)))
    return mark_safe(  # every cell is escaped by line_html
        f'<div class="own">{changed_rows(old, own, pairs, (old_range.start, 0))}</div>'
        f'<details class="proposed"><summary>{words}</summary>{proposed}</details>'
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """Line indexes of a changed row, None on a side without one, and how many lines of each side stand above it."""

    old: int | None
    new: int | None
    at_old: int
    at_new: int


def _changed_row(old: Side, new: Side, row: _Row, moves: Moves) -> str:
    """A side without a line tells how many stand above it, so that a page can name every place between two lines."""
    left, right = (
        f'<div class="l o pad" data-at="{row.at_old}"></div>',
        f'<div class="l n pad" data-at="{row.at_new}"></div>',
    )
    old_spans: Spans = ()
    new_spans: Spans = ()
    ends_differ = False
    quiet = ""
    if row.old is not None and row.new is not None:
        before, old_end = split_end(old.lines[row.old])
        after, new_end = split_end(new.lines[row.new])
        old_spans, new_spans = intraline(before, after)
        ends_differ = old_end != new_end
        quiet = " sp" if spaces_of([before], [after]) else ""
    if row.old is not None:
        left = old.cell(
            row.old, "o del mv" if row.old in moves.old else "o del", old_spans, "del", show_end=ends_differ
        )
    if row.new is not None:
        right = new.cell(row.new, "n add mv" if row.new in moves.new else "n add", new_spans, show_end=ends_differ)
    return f'<div class="row{quiet}">{left}{right}</div>'
