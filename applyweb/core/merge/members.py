"""What a class, a literal, a rule or a mapping holds: its members, each by what it is called.

Must not know: edits, splices, prose. By indentation and the look of lines, so that half shown code has members too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from applyweb.core.merge.lines import Lines, decorates, is_function

Kind = Literal["def", "class", "value", "text"]

STYLES = frozenset({"css", "scss"})
_MODIFIERS = (
    r"(?:(?:public|private|protected|internal|static|final|readonly|const|pub(?:\([^)]*\))?|declare|override|var|let|val|"
    r"mut|volatile|transient)\s+)*"
)
_TYPED_FIELD = re.compile(
    _MODIFIERS + r"[\w:.]+(?:<.*>)?[\[\]?*& ]*\s[*&]?([A-Za-z_$][\w$]*)(?:\[[^\]]*\])*\s*(?:=.*|\{.*\})?[;,]?$"
)
_JSON_KEY = re.compile(r"\"((?:[^\"\\]|\\.)*)\"\s*:")
_FIELD = re.compile(_MODIFIERS + r"(#?[A-Za-z_$][\w$]*)\s*[?!]?\s*(?::|=|\s|$)")
_SIGNATURE = re.compile(
    _MODIFIERS + r"(?:[\w<>\[\],.? ]+\s)?([A-Za-z_$][\w$]*)\??\s*(?:<[^>(]{0,60}>)?\([^=]*\)[^={]*;?$"
)
_OPENING = re.compile(_MODIFIERS + r"(?:async\s+)?([A-Za-z_$#][\w$]*)\s*(?:<[^>(]{0,60}>)?\($")
_BODY = re.compile(r"\)[^,;]*\{$")  # ends a list of parameters and begins what is done with them
_LONGEST = 60  # rows of a signature
_VARIANT = re.compile(r"([A-Za-z_]\w*)\s*(?:[({=,]|$)")
_RECEIVER = re.compile(r"func\s*\(\s*(?:\w+\s+)?\*?([\w.]+)")
_CONTROL = re.compile(
    r"\W*(?:if|else|elif|for|foreach|while|switch|match|select|try|catch|finally|do|with|unless|until|case|"
    r"default|return func)\b"
)
_CHOICE = re.compile(r"(?:switch|match|when)\b.*[{:]$|case\b.*\bin$")
_LABEL = re.compile(r"(?:public|private|protected|signals|public slots)\s*:$")
_QUOTES = re.compile(r"[rRbBuU]{0,2}(\"\"\"|''')")
_ENUM = re.compile(r"(?:^|\s)enum\b")


@dataclass(frozen=True, slots=True)
class Member:
    """Rows [start, end), of which `head` names it; `start` is the first of what decorates it."""

    start: int
    head: int
    end: int
    kind: Kind
    name: str


def members_of(lines: Lines, header: int, language: str, skip: Sequence[int] = ()) -> list[Member]:
    """What the block of this row holds, or the whole text for -1, in order. `skip` tells of each row whether it is no
    code."""
    stop = lines.ends[header] if header >= 0 else lines.size
    floor = lines.indents[header] if header >= 0 and lines.name(header)[0] != "section" else -1
    is_enum = header >= 0 and _ENUM.search(lines.keys[header]) is not None
    found: list[Member] = []
    row, start = header + 1, -1
    while row < stop:
        key = lines.keys[row]
        if not key or lines.indents[row] <= floor or (skip and skip[row]):
            start = -1
            row += 1
            continue
        end = min(stop, max(row + 1, _text_end(lines, row, language) or lines.ends[row]))
        if end < lines.size and header >= 0 and end == stop and lines.indents[end - 1] <= floor:
            end -= 1
        first = row if start < 0 else start
        if _text_end(lines, row, language):
            found.append(Member(first, row, end, "text", ""))
            start = -1
        elif _decorates(lines, row, language) and end < stop and lines.keys[end]:
            start = first
        else:
            kind, name = identity(lines, row, end, language, is_enum=is_enum)
            found.append(Member(first, row, end, kind, name))
            start = -1
        row = end
    return found


def identity(lines: Lines, row: int, end: int, language: str, *, is_enum: bool = False) -> tuple[Kind, str]:
    """What a member is called among its siblings; what has no name is called by all its words."""
    key = lines.keys[row]
    if language in STYLES:
        name = " ".join(key.rstrip("{").split()) if end > row + 1 or key.endswith("{") else key.split(":")[0].strip()
        return ("class" if key.endswith("{") else "value"), name
    opening = _OPENING.match(key) if end > row + 1 else None
    if opening and any(_BODY.match(each) for each in lines.keys[row + 1 : min(end, row + _LONGEST)]):
        return "def", opening[1]
    is_head = end > row + 1 and (lines.parents[row] < 0 or (key.endswith(("{", ":")) and len(key) > 1))
    words = key if is_head else " ".join(lines.keys[row:end])
    if language == "json" and (match := _JSON_KEY.match(key)):
        return "value", match[1]
    if language == "markdown" or key.startswith("- ") or (language == "yaml" and key.startswith("-")):
        return "value", words
    kind, name = lines.name(row)
    if kind == "def":
        receiver = _RECEIVER.match(key)
        return "def", f"{receiver[1]}.{name}" if receiver else name
    if kind == "class":
        return "class", " ".join(key.rstrip("{ ").split()) if key.startswith("impl") else name
    if kind == "section":
        return "class", name
    if kind:
        return ("def" if is_function(lines, row) else "value"), name
    if decorates(key) or _QUOTES.match(key):
        return "text", words
    if is_enum and (match := _VARIANT.match(key)):
        return "value", match[1]
    if language == "go" or key.endswith(";") or (language in ("typescript", "tsx", "php") and not key.endswith(",")):
        if match := _SIGNATURE.match(key):
            return "def", match[1]
        pattern = _FIELD if language in ("go", "typescript", "tsx", "javascript") else _TYPED_FIELD
        if match := pattern.match(key):
            return "value", match[1]
    return "value", words.rstrip(",; ")


def holds_members(lines: Lines, row: int, language: str) -> bool:
    """Whether the block of a row is a set of members rather than statements in order."""
    if lines.ends[row] <= row + 1:
        return False
    key = lines.keys[row]
    if language in STYLES or language == "json":
        return True
    if language == "yaml":
        return key.endswith(":") and not key.startswith("-")
    kind = lines.name(row)[0]
    if kind in ("class", "section"):
        return True
    if _CHOICE.match(key):
        return True
    if kind == "def" or is_function(lines, row) or _CONTROL.match(key):
        return False
    return key.endswith(("{", "[", "(")) or is_label(lines, row)


def is_label(lines: Lines, row: int) -> bool:
    """Whether a row says of the members below it who may see them."""
    return _LABEL.match(lines.keys[row]) is not None


def _decorates(lines: Lines, row: int, language: str) -> bool:
    key = lines.keys[row]
    if language in STYLES or language in ("json", "markdown"):
        return key.startswith(("/*", "//", "*"))
    if language == "csharp" and key.startswith("[") and key.endswith("]"):
        return True
    return decorates(key)


def _text_end(lines: Lines, row: int, language: str) -> int:
    return docstring_end(lines, row) if language == "python" else 0


def docstring_end(lines: Lines, row: int) -> int:
    """The row after a docstring that begins here, 0 where none does."""
    quotes = _QUOTES.match(lines.keys[row])
    if quotes is None:
        return 0
    if lines.keys[row].count(quotes[1]) > 1:
        return row + 1
    end = row + 1
    while end < lines.size and quotes[1] not in lines.keys[end]:
        end += 1
    return min(end + 1, lines.size)
