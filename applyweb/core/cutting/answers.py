"""What a style makes: an answer with the file that it determines; and plain answers for other styles to build on.

Must not know: which styles there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from applyweb.core.cutting.change import Change
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.styles import BASE

_COMMON = (
    "lazy-1",
    "lazy-2",
    "lazy-3",
    "lazy-headers",
    "lazy-members",
    "function-each",
    "function-each",
    "function-elided",
    "fences",
)
_PATCHES = ("search-replace", "udiff")
_PATCHED = 0.1  # the share of patches among plain answers


@dataclass(frozen=True, slots=True)
class Cut:
    """An answer, the file that it asks for, its format, and the plain style that it is built on ("" for none)."""

    chat: str
    expected: str
    format: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """The code of an answer in a plain style, without introduction and remark."""

    code: str
    format: str
    base: str


Told = Callable[[Change, Draw], Cut | None]


def plain(change: Change, draw: Draw, *, patches: bool = True) -> Plain | None:
    """The change in one of the common styles that it can be told in; None where there is none."""
    if not change.spans or change.cuts_an_edge:
        return None
    names = draw.sample(_COMMON, len(_COMMON))
    if patches and draw.happens(_PATCHED):
        names = [draw.choice(_PATCHES), *names]
    for name in dict.fromkeys(names):
        form, style = BASE[name]
        code = style(change, draw)
        if code is not None:
            return Plain(code, form, name)
    return None


def paragraphs(*parts: str) -> str:
    """An answer of these parts; empty ones are left out."""
    return "\n\n".join(part for part in parts if part) + "\n"
