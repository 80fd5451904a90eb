"""File names in an answer: in an info string, on a line of their own, in a heading, in a sentence, in a first comment.

Must not know: the original's path; whether a name fits is the merge's question.
"""

from __future__ import annotations

import re

from applyweb.core import languages

_PATH = r"(?:[A-Za-z]:)?[\w@.+~$()\[\]-]*(?:[/\\][\w@.+~$()\[\]-]+)*"
_WHOLE = re.compile(rf"^{_PATH}$")
_QUOTED = re.compile(r"`([^`\n]{1,200})`")
_INFO_VALUE = re.compile(r"""(?:title|file|filename|path|name)\s*=\s*["']?([^"'\s}]+)""", re.I)
_DECORATION = re.compile(r"^(?:#{1,6}\s+|>\s*|[-*+]\s+|\d+[.)]\s+)+")
_LABEL = re.compile(r"^(?:file(?:name)?|path|in|edit|update|new file|modified)\s*:?\s+", re.I)
_COMMENT = re.compile(
    r"^\s*(?://+|#+|--|;+|/\*+|<!--|\(\*)\s*(?:file(?:name)?\s*:\s*|path\s*:\s*)?(\S+)\s*(?:\*/|-->|\*\))?\s*$",
    re.I,
)


def is_path(text: str) -> bool:
    """Whether a text is a path: no blanks, a known suffix or name, and not a bare dotted name such as `a.b`."""
    if not 2 < len(text) < 260 or not _WHOLE.match(text) or text.startswith(("..", "--")) or text.endswith((".", "/")):
        return False
    leaf = re.split(r"[/\\]", text)[-1]
    if languages.by_path(text) is not None:
        return leaf != "." + leaf.rsplit(".", 1)[-1] and not leaf.endswith("()")
    return ("/" in text or "\\" in text) and re.search(r"\.[A-Za-z][\w]{0,7}$", leaf) is not None


def in_info(info: str) -> str:
    """The path in an info string: `python:a/b.py`, `a/b.js`, `ts title="a.ts"`, `python a/b.py`; "" where none."""
    named = _INFO_VALUE.search(info)
    if named and is_path(named[1]):
        return named[1]
    words = re.split(r"[\s,]+", info.strip("{} "))
    for word in words:
        if is_path(word):
            return word
        head, _, tail = word.partition(":")
        if tail and re.fullmatch(r"[\w+#.-]+", head) and is_path(re.sub(r"[:#]L?\d+(?:-L?\d+)?$", "", tail)):
            return re.sub(r"[:#]L?\d+(?:-L?\d+)?$", "", tail)
    return ""


def on_own_line(line: str) -> str:
    """The path that a line of prose consists of, however it is dressed (heading, bold, code, a colon, a label)."""
    text = _DECORATION.sub("", line.strip())
    text = _LABEL.sub("", text.strip("*_ ")).strip("*_ ").rstrip(":").strip("*_` \"'")
    return text if is_path(text) else ""


def in_sentence(text: str) -> str:
    """The one path that a sentence names in code quotes; "" where there is none or several."""
    paths = {quoted.strip() for quoted in _QUOTED.findall(text) if is_path(quoted.strip())}
    return paths.pop() if len(paths) == 1 else ""


def in_first_comment(code: str) -> str:
    """The path that the first line of code holds as a comment and nothing else."""
    match = _COMMENT.match(code.split("\n", 1)[0][:300])
    return match[1] if match and is_path(match[1]) and re.search(r"[/\\.]", match[1]) else ""
