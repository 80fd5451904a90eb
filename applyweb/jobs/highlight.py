"""Syntax colours of a text, line by line, and how they are stored.

Must not know: diffs, hunks, pages. It runs in a job, since colouring 10,000 lines costs over a second.
"""

from __future__ import annotations

import logging
import zlib
from functools import lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, Token, _TokenType
from pygments.util import ClassNotFound

from applyweb.core.text import BOM, split_end, split_lines

MAX_CHARS = 2 * 1024 * 1024
MAX_LINE = 10_000
_log = logging.getLogger(__name__)

# Five quiet inks. The most telling ancestor of a token decides; all others keep the ink of plain text.
_CLASSES: dict[_TokenType, str] = {
    Comment.Preproc: "k",
    Comment: "c",
    Keyword: "k",
    Operator.Word: "k",
    String: "s",
    Number: "d",
    Keyword.Constant: "d",
    Name.Function: "f",
    Name.Class: "f",
    Name.Decorator: "f",
    Name.Attribute: "f",
    Name.Tag: "k",
    Generic.Heading: "k",
    Generic.Subheading: "k",
}


def highlight_lines(text: str, lexer_alias: str) -> list[str]:
    """One piece of safe HTML for each line of `core.text.split_lines(text)`, without the line's end. Stripped of tags
    and unescaped, each is exactly the line's content. The only tags are flat `<span class="x">`, x one of c d f k s.
    A text that is absurdly large, an unknown lexer and a lexer that stumbles give plain escaped lines."""
    contents = [split_end(line)[0] for line in split_lines(text)]
    if len(text) > MAX_CHARS or any(len(content) > MAX_LINE for content in contents):
        return [escape(content) for content in contents]
    lexer = _lexer(lexer_alias)
    if lexer is None or not contents:
        return [escape(content) for content in contents]
    return _coloured(contents, lexer)


def packed_lines(text: str, lexer_alias: str) -> bytes:
    """`highlight_lines`, packed for storage."""
    return encode(highlight_lines(text, lexer_alias))


def encode(lines: list[str]) -> bytes:
    """Highlighted lines as a blob for storage; `decode` gives them back."""
    return zlib.compress("".join(line + "\n" for line in lines).encode(), 1)


def decode(blob: bytes) -> list[str]:
    """The lines that `encode` was given."""
    return zlib.decompress(blob).decode().split("\n")[:-1]


def _lexer(alias: str) -> Lexer | None:
    try:
        return get_lexer_by_name(alias)
    except ClassNotFound:
        return None


def _coloured(contents: list[str], lexer: Lexer) -> list[str]:
    bom = BOM if contents[0].startswith(BOM) else ""
    source = "\n".join(contents)[len(bom) :] + "\n"  # many lexers need a last line end
    try:
        # Not get_tokens(): it strips and normalises, and every character must come back.
        tokens = [(kind, value) for _, kind, value in lexer.get_tokens_unprocessed(source)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        _log.warning("The %s lexer failed, so the text stays uncoloured: %r", lexer.name, error)
        return [escape(content) for content in contents]
    if "".join(value for _, value in tokens) != source:
        return [escape(content) for content in contents]
    lines = _lines(tokens)
    lines[0] = bom + lines[0]
    return lines


def _lines(tokens: list[tuple[_TokenType, str]]) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    run: list[str] = []
    run_class = ""

    def flush() -> None:
        if run:
            html = escape("".join(run))
            line.append(f'<span class="{run_class}">{html}</span>' if run_class else html)
            run.clear()

    for kind, value in tokens:
        name = _class_of(kind)
        for number, piece in enumerate(value.split("\n")):
            if number:
                flush()
                lines.append("".join(line))
                line.clear()
            if piece:
                if name != run_class and not piece.isspace():
                    flush()
                    run_class = name
                elif name != run_class and not run:
                    run_class = ""
                run.append(piece)
    return lines


@lru_cache(maxsize=512)
def _class_of(kind: _TokenType) -> str:
    walked: _TokenType | None = kind
    while walked is not None and walked is not Token:
        if walked in _CLASSES:
            return _CLASSES[walked]
        walked = walked.parent
    return ""
