"""The chat as lines of safe HTML, each with the hunks that it asks for; the lines of a long one come as they scroll.

Must not know: how support was computed, decisions, templates. This reads fences only to draw them; what the chat means
is the business of core/chat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Literal

from django.utils.safestring import SafeString, mark_safe

from applyweb.core.text import split_end, split_lines
from applyweb.web.render.lines import indent_class, line_html

SHOWN_LINES = 2_000  # beyond it a chat is cut: a page of a 4 MiB chat would help nobody
COLOURED_LINES = 300  # of code; a longer chat stays uncoloured, since it is coloured anew for each page
AT_ONCE = 150  # lines; a longer chat is on the page with its beginning
_BEGINNING = 60
_PART = 60
_LINE = 21  # pixels, about
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*([^`]*)$")
_RAW = re.compile(r"(diff --git |--- |\*\*\* Begin Patch|<{5,} ?SEARCH|<{7} )")
_INLINE = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*")
_MISSING = (
    '<span class="num mis" title="Asked, and did not land"><span class="vh">did not land</span>'
    '<span aria-hidden="true">∅</span></span>'
)

Colour = Callable[[str, str], list[str]]
Kind = Literal["prose", "code"]
_Found = tuple[Kind, str, int, int]  # and start, end


@dataclass(frozen=True, slots=True)
class ChatMarks:
    """What is known of chat lines, by number from 1: (id, number) of the hunks that a line asks for, the lines that did
    not land, those that a note is about, and those for other files of the changeset, as (first, last)."""

    asks: Mapping[int, Sequence[tuple[str, int]]] = field(default_factory=dict)
    missing: frozenset[int] = frozenset()
    noted: frozenset[int] = frozenset()
    others: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class ChatPart:
    """Lines [start, end), 0-based, that are not on the page at first."""

    start: int
    end: int

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def pixels(self) -> int:
        return (self.end - self.start) * _LINE


@dataclass(frozen=True, slots=True)
class ChatBlock:
    """Prose, or one fence with its info string; `html` is its first lines, `parts` are the others. `other`: it is for
    other files of the changeset. `count`: of its lines."""

    kind: Kind
    info: str
    html: SafeString
    parts: tuple[ChatPart, ...]
    other: bool
    count: int


@dataclass(frozen=True, slots=True)
class ChatGroup:
    """Blocks that follow each other and are all for this file, or all for others."""

    other: bool
    blocks: tuple[ChatBlock, ...]

    @property
    def count(self) -> int:
        return sum(block.count for block in self.blocks)


@dataclass(frozen=True, slots=True)
class ChatView:
    """`lines` is how many there are, `cut` how many of them are not shown; `missing` are those that did not land."""

    blocks: tuple[ChatBlock, ...]
    lines: int
    cut: int
    missing: tuple[int, ...]
    _html: tuple[str, ...]

    @property
    def groups(self) -> list[ChatGroup]:
        """The blocks, those for other files apart."""
        runs = groupby(self.blocks, lambda block: block.other)
        return [ChatGroup(other, tuple(blocks)) for other, blocks in runs]

    def lines_html(self, start: int, end: int) -> SafeString:
        """Lines [start, end), 0-based. Errors: ValueError where they are not shown."""
        if not 0 <= start <= end <= len(self._html):
            raise ValueError("the chat has no such lines")
        return mark_safe("".join(self._html[start:end]))  # every line is escaped


def chat_view(chat: str, colour: Colour, lexer: str, marks: ChatMarks) -> ChatView:
    """The chat's blocks. `colour(text, lexer)` gives a coloured line for each line of a text; `lexer` is the file's."""
    lines = split_lines(chat)
    shown = [split_end(line)[0] for line in lines[:SHOWN_LINES]]
    found = _blocks(shown)
    if sum(end - start for kind, _, start, end in found if kind == "code") > COLOURED_LINES:
        colour = _plain
    html = [""] * len(shown)  # the lines of fences stay empty
    for kind, _, start, end in found:
        if kind == "code":
            for n, content, coloured in _coloured(shown, start, end, colour, lexer):
                html[n - 1] = _code_line(n, content, coloured, marks)
        else:
            html[start:end] = [_prose_line(n, shown[n - 1], marks) for n in range(start + 1, end + 1)]
    at_once = len(shown) if len(shown) <= AT_ONCE else _BEGINNING
    blocks = []
    others = _others(shown, marks.others)
    for kind, info, start, end in _split(found, others):
        here = min(max(start, at_once), end)
        parts = tuple(ChatPart(at, min(at + _PART, end)) for at in range(here, end, _PART))
        safe = mark_safe("".join(html[start:here]))  # every line is escaped
        blocks.append(ChatBlock(kind, info, safe, parts, start in others, end - start))
    missing = tuple(sorted(number for number in marks.missing if number <= len(shown)))
    return ChatView(tuple(blocks), len(lines), len(lines) - len(shown), missing, tuple(html))


def _others(contents: Sequence[str], ranges: Sequence[tuple[int, int]]) -> set[int]:
    """The lines for other files, 0-based. Blank lines between two of them belong to them."""
    others = {at for first, last in ranges for at in range(first - 1, min(last, len(contents)))}
    blank: list[int] = []
    for at, content in enumerate(contents):
        if at in others:
            if blank and blank[0] - 1 in others:
                others.update(blank)
            blank = []
        elif content.strip():
            blank = []
        else:
            blank.append(at)
    return others


def _split(found: Sequence[_Found], others: set[int]) -> Iterator[_Found]:
    """The blocks, cut where lines for other files begin and end."""
    for kind, info, start, end in found:
        at = start
        while at < end:
            until = next((n for n in range(at, end) if (n in others) != (at in others)), end)
            yield kind, info if at == start else "", at, until
            at = until
        if start == end:
            yield kind, info, start, end


def _coloured(shown: Sequence[str], start: int, end: int, colour: Colour, lexer: str) -> Iterator[tuple[int, str, str]]:
    """(number, content, coloured HTML) of each line of a fence."""
    code = shown[start:end]
    html = colour("".join(f"{content}\n" for content in code), lexer)
    return zip(range(start + 1, end + 1), code, html, strict=True)


def _plain(text: str, lexer: str) -> list[str]:
    return [escape(split_end(line)[0]) for line in split_lines(text)]


def _code_line(number: int, content: str, html: str, marks: ChatMarks) -> str:
    return _line(number, f'<code class="{indent_class(content)}">{line_html(content, html)}</code>', marks)


def _prose_line(number: int, content: str, marks: ChatMarks) -> str:
    return _line(number, f"<p>{_prose(content)}</p>", marks)


def _line(number: int, body: str, marks: ChatMarks) -> str:
    """A line with the badges of its hunks. Built here and not in a template because a chat has hundreds of lines."""
    classes = "cl"
    badges = "".join(
        f'<button class="num on" type="button" data-go="{escape(key)}" title="Hunk {n}">'
        f'<span class="vh">Go to hunk </span>{n}</button>'
        for key, n in marks.asks.get(number, ())
    )
    if number in marks.missing:
        classes += " mis"
        badges += _MISSING
    if number in marks.noted:
        classes += " noted"
    return f'<div class="{classes}" id="c{number}"><span class="g">{badges}</span>{body}</div>'


def _blocks(contents: Sequence[str]) -> list[_Found]:
    """(kind, info, start, end) of each block, fences left out. A chat that is one raw patch is one code block."""
    first = next((content for content in contents if content.strip()), "")
    if _RAW.match(first) and not any(_FENCE.match(content) for content in contents):
        return [("code", "", 0, len(contents))]
    blocks: list[_Found] = []
    start = 0
    fence = info = ""
    for at, content in enumerate(contents):
        found = _FENCE.match(content)
        if not fence and found:
            if at > start:
                blocks.append(("prose", "", start, at))
            fence, info, start = found[1], found[2].strip(), at + 1
        elif fence and found and found[1].startswith(fence) and not found[2].strip():
            blocks.append(("code", info, start, at))
            fence, start = "", at + 1
    if start < len(contents):
        blocks.append(("code", info, start, len(contents)) if fence else ("prose", "", start, len(contents)))
    return blocks


def _prose(content: str) -> str:
    pieces = []
    at = 0
    for found in _INLINE.finditer(content):
        pieces.append(escape(content[at : found.start()]))
        pieces.append(f"<code>{escape(found[1])}</code>" if found[1] else f"<strong>{escape(found[2])}</strong>")
        at = found.end()
    pieces.append(escape(content[at:]))
    html = "".join(pieces)
    return f"<strong>{html.lstrip('# ')}</strong>" if re.match(r"#{1,6} ", content) else html
