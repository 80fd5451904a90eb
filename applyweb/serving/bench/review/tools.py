"""What is measured side by side: the review page and its peers, each with the way to see its rows and to use it.

Must not know: how a page is opened or measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a person does: press a key; click the first element of a selector that is on the screen. Where
    there is none (nothing to expand in a file without unchanged lines) the step is left out."""

    does: Literal["key", "click"]
    what: str


@dataclass(frozen=True, slots=True)
class Tool:
    """`changed` selects rows of changed lines: the diff is there when one of them is on the screen."""

    name: str
    changed: str
    steps: tuple[Step, ...]


def _keys(*keys: str) -> tuple[Step, ...]:
    return tuple(Step("key", key) for key in keys)


def _clicks(*selectors: str) -> tuple[Step, ...]:
    return tuple(Step("click", selector) for selector in selectors)


_NEXT = "#next"
_PAGES = _keys("PageDown", "PageDown", "PageUp")

OWN = Tool(
    "applyweb",
    "#diff .l.add, #diff .l.del",
    (
        *_keys("j", "j", "a", "j", "r", "x", "u"),
        *_clicks(".hunk.is-now [data-do=rejected]", ".fold [data-expand]"),
        *_PAGES,
        *_keys("j", "k"),
    ),
)
PEERS = (
    Tool(
        "diff2html",
        ".d2h-ins, .d2h-del",
        (*_clicks(".d2h-ins .d2h-code-line-ctn"), *_PAGES, *_clicks(".d2h-del .d2h-code-line-ctn"), *_PAGES),
    ),
    Tool(
        "codemirror",
        ".cm-changedLine, .cm-insertedLine, .cm-deletedLine",
        (*_clicks(_NEXT, _NEXT, ".cm-collapsedLines", ".cm-merge-b .cm-line"), *_PAGES, *_clicks(_NEXT)),
    ),
    Tool(
        "monaco",
        ".line-insert, .line-delete, .char-insert, .char-delete",
        (*_clicks(_NEXT, _NEXT, ".diff-hidden-lines .center a", ".modified .view-line"), *_PAGES, *_clicks(_NEXT)),
    ),
)
PEER_NAMES = tuple(peer.name for peer in PEERS)
