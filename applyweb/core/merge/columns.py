"""What is told of a line by itself: its text without outer white space, and how far it is indented.

Must not know: other lines, languages.
"""

from __future__ import annotations

from collections.abc import Sequence

TAB = 4


def read(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """The keys and the indentation of lines, each line on its own."""
    keys = [text.strip() for text in texts]
    indents = [
        # most lines are indented by spaces alone
        -1 if not key else len(text) - len(rest) if (rest := text.lstrip(" "))[0] == key[0] else _columns(text)
        for text, key in zip(texts, keys, strict=True)
    ]
    return keys, indents


def _columns(text: str) -> int:
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    if "\t" not in indent:
        return len(indent)
    width = 0
    for char in indent:
        width += TAB - width % TAB if char == "\t" else 1
    return width
