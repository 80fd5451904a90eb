"""Lists in brackets on one line: their parts, and one list of two.

Must not know: files, edits."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CLOSES = {"(": ")", "[": "]", "{": "}"}
_MOST = 4000
_NAMED = re.compile(r"([\"']?[\w$.-]+[\"']?)\s*(?::(?!:)|=(?![=>]))")


def parts(text: str) -> list[str]:
    """What commas part at the outermost level, brackets and quotes respected, without outer white space."""
    found: list[str] = []
    depth, quote, begin = 0, "", 0
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote and text[index - 1] != "\\" else quote
        elif char in "\"'`":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            found.append(text[begin:index].strip())
            begin = index + 1
    found.append(text[begin:].strip())
    return [part for part in found if part]


def joined_lists(line: str, keys: Sequence[str]) -> str | None:
    """A line that holds a whole list, with what the list of the other text (its lines) has more; None where they are
    not two versions of one list."""
    if len(line) > _MOST or len(keys) > 60:
        return None
    old, new = _split(line), _split(" ".join(keys))
    if old is None or new is None or _words(old[0]) != _words(new[0]) or _words(old[2]) != _words(new[2]):
        return None
    ours, theirs = parts(new[1]), parts(old[1])
    if re.search(r"[\w)\]]\s*.$", old[0]) and not all(_is_named(part) for part in (*ours, *theirs)):
        return None  # what a call or a subscript takes by position is no set
    known = {_name(part): index for index, part in enumerate(theirs)}
    if len(known) != len(theirs):
        return None
    added = [part for part in ours if _name(part) not in known]
    for part in ours:
        if (index := known.get(_name(part))) is not None:
            theirs[index] = part
    gap = " " if old[1].startswith(" ") else ""
    return old[0] + gap + ", ".join([*theirs, *added]) + gap + old[2]


def _split(line: str) -> tuple[str, str, str] | None:
    """What stands before, in and after the first bracket that closes where the line ends."""
    body = line.rstrip(" ,;")
    for index, char in enumerate(body):
        if char in _CLOSES and body.endswith(_CLOSES[char]):
            inside = body[index + 1 : -1]
            if not parts(inside) or inside.count(char) == inside.count(_CLOSES[char]):
                return line[: index + 1], inside, line[len(body) - 1 :]
            return None
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[\w$]+|[^\w\s,;]", text)


def _is_named(part: str) -> bool:
    return _NAMED.match(part) is not None


def _name(part: str) -> str:
    """What tells a part of a list from the others: a key, a keyword's name, or all of it."""
    match = _NAMED.match(part)
    return match[1].strip("\"'") if match else part
