"""Texts as exact characters: lines, line ends, the byte-order mark, decoding, and what is refused.

Must not know: what a text means. A text is a `str` whose UTF-8 encoding is the file, byte for byte; a byte-order
mark is its first character U+FEFF, and nothing is ever normalised here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from typing import Literal

BOM = "\ufeff"
LineEnd = Literal["\n", "\r\n", "\r"]
_BINARY = "This looks like a binary file (it holds NUL bytes). Give the source text."
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class TextError(ValueError):
    """A text that cannot be a source file. `code` is stable, `str(error)` says what happened and what to do."""

    def __init__(self, code: Literal["binary", "undecodable"], message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What one must keep when a text is written anew. `line_end` is the commonest one ("\\n" where there is none)."""

    lines: int
    line_end: LineEnd
    mixed_ends: bool
    bom: bool
    final_newline: bool


def split_lines(text: str) -> list[str]:
    """Lines with their ends kept, so `"".join(split_lines(t)) == t`. Only CRLF, LF and CR end a line: form feeds,
    U+2028 and the like stay inside, unlike `str.splitlines`."""
    return list(StringIO(text, newline=""))


def contents(text: str) -> list[str]:
    """The lines of `split_lines` without their ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def split_end(line: str) -> tuple[str, str]:
    """A line as (content, line end); the end is "" for a last line without one."""
    content = line.rstrip("\r\n")
    if len(line) - len(content) > 2:  # not one line: only its own end may go
        raise ValueError("split_end takes one line")
    return content, line[len(content) :]


def describe(text: str) -> TextFacts:
    """The facts of a text, in one pass over its lines."""
    lines = split_lines(text)
    ends: Counter[str] = Counter()
    for tail, count in Counter(line[-2:] for line in lines).items():  # few different ones, in order of occurrence
        ends[split_end(tail)[1]] += count
    last_has_end = bool(lines) and lines[-1][-1] in "\r\n"
    ends.pop("", None)
    line_end: LineEnd = "\n"
    if ends:
        best = ends.most_common(1)[0][0]
        line_end = "\r\n" if best == "\r\n" else "\r" if best == "\r" else "\n"
    return TextFacts(len(lines), line_end, len(ends) > 1, text.startswith(BOM), last_has_end)


def require_text(text: str) -> str:
    """`text` itself, or TextError where it holds NUL (binary) or lone surrogates (not encodable as UTF-8)."""
    if "\x00" in text:
        raise TextError("binary", _BINARY)
    if _LONE_SURROGATE.search(text):
        raise TextError("undecodable", "The text holds broken characters (lone surrogates). Save it as UTF-8.")
    return text


def decode(data: bytes) -> str:
    """A file's bytes as a text. UTF-8 only (with or without a byte-order mark): any other reading could not give
    the exact bytes back. Errors: TextError."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\x00" in data:
            raise TextError("binary", _BINARY) from error
        raise TextError(
            "undecodable", f"The file is not UTF-8 (byte {error.start}). Convert it to UTF-8 and try again."
        ) from error
    return require_text(text)
