"""One line of code as safe HTML: syntax colours, changed words, and marks for what cannot be seen.

Must not know: rows, hunks, files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from itertools import pairwise
from typing import Literal

from applyweb.core.checks.characters import suspicious
from applyweb.web.render.invisible import INVISIBLE, is_joiner_in_emoji, look_alike, mark

_RUN = re.compile(r'<span class="(\w)">(.*?)</span>|([^<]+)', re.DOTALL)
_SPECIAL = re.compile(f"\t|{INVISIBLE.pattern}")
_TAB_WIDTH = 4
MAX_INDENT = 40
_DEEP = 28  # as --cols in code.css

ChangeTag = Literal["del", "ins"]
Spans = Sequence[tuple[int, int]]


def line_html(content: str, coloured: str, spans: Spans = (), tag: ChangeTag = "ins") -> str:
    """`coloured` (the line's HTML from `jobs.highlight`) with `spans` of `content` in `tag`, leading and trailing white
    space, tabs and invisible characters marked. Stripped of tags it is still exactly `content`."""
    indent = len(content) - len(content.lstrip(" "))
    if not spans and content.isascii() and not _SPECIAL.search(content) and content[-1:] != " ":
        if not indent:
            return _whole(coloured)
        if coloured[:indent] == content[:indent]:
            return f'<span class="w">{content[:indent]}</span>{_whole(coloured[indent:])}'
    return _whole("".join(_pieces(content, coloured, spans, tag)))


def _whole(html: str) -> str:
    """Arrows are kept on one row of the screen: browsers break a line behind any hyphen."""
    return html.replace("-&gt;", '<span class="nb">-&gt;</span>')


def indent_class(content: str) -> str:
    """The class that tells the hanging indent how deep the line starts, "" for column 0; a second one where that may
    be deeper than a column of the page has room for."""
    white = content[: len(content) - len(content.lstrip(" \t"))]
    width = min(len(white.expandtabs(_TAB_WIDTH)), MAX_INDENT)
    if width > _DEEP and "\t" not in white:  # tabs are drawn one by one
        return f"i{width} deep"
    return f"i{width}" if width else ""


def _pieces(content: str, coloured: str, spans: Spans, tag: ChangeTag) -> list[str]:
    start_of_code = len(content) - len(content.lstrip(" \t"))
    end_of_code = len(content.rstrip(" \t"))
    cuts = {0, len(content), start_of_code, max(end_of_code, start_of_code)}
    for start, end in spans:
        cuts |= {start, end}
    classes: dict[int, str] = {}
    at = 0
    for name, inner, plain in _RUN.findall(coloured):
        cuts.add(at)
        classes[at] = name
        at += len(unescape(inner or plain))
    for found in _SPECIAL.finditer(content):
        cuts |= {found.start(), found.end()}
    alike = {} if content.isascii() else _look_alikes(content)
    for at in alike:
        cuts |= {at, at + 1}
    places = sorted(cuts)
    pieces: list[str] = []
    name = ""
    changed = False
    for start, end in pairwise(places):
        name = classes.get(start, name)
        now_changed = any(low <= start < high for low, high in spans)
        if now_changed != changed:
            pieces.append(f"<{tag}>" if now_changed else f"</{tag}>")
            changed = now_changed
        if start in alike:
            pieces.append(look_alike(content[start], alike[start]))
        else:
            pieces.append(_piece(content, start, end, name, start_of_code, end_of_code))
    if changed:
        pieces.append(f"</{tag}>")
    return pieces


def _look_alikes(content: str) -> dict[int, str]:
    """What each character that passes for an ASCII one looks like, by its place."""
    return {found.offset: found.looks for found in suspicious(content) if found.kind == "look_alike"}


def _piece(content: str, start: int, end: int, name: str, start_of_code: int, end_of_code: int) -> str:
    text = content[start:end]
    if text[0] in " \t":
        names = ["w"] if start < start_of_code else []
        if start >= end_of_code and end_of_code > 0:
            names.append("ws")
        if text == "\t":
            names.append("tab")
        if names:
            return f'<span class="{" ".join(names)}">{text}</span>'
    elif INVISIBLE.match(text) and not is_joiner_in_emoji(content, start):
        return mark(text)
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)
