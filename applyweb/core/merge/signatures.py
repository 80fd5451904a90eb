"""Ellipses inside of argument lists, written out: `def f(self, ...)` with the parameters that the file's `f` has.

Must not know: placements, markers on lines of their own. What may be code by itself stays: an ellipsis that the file
has there too, and one in a call in Python."""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.merge.blocks import balance
from applyweb.core.merge.lines import Lines, indent_of, lines_of
from applyweb.core.merge.lists import parts

_ELLIPSIS = re.compile(r"(?:\.{3}|…|/\*\s*(?:\.{3}|…)?[^*]*\*/|#.*)$")
_DOTS = re.compile(r"\.{3}|…")
_HEAD = re.compile(r"^(?P<head>.*?(?P<name>[A-Za-z_$][\w$]*)\s*(?:<[^()<>]*>)?\()")
_MOST = 40  # lists of one piece that are written out
_MOST_ROWS = 60  # of a signature


def written_out(texts: Sequence[str], original: Lines, language: str) -> list[str]:
    """The texts with such lists written out."""
    if not any("(" in text and ("..." in text or "…" in text) for text in texts):
        return list(texts)
    edit = lines_of(texts, language)
    result: list[str] = []
    looked_up = 0
    for row, text in enumerate(texts):
        if looked_up < _MOST and "(" in text and _DOTS.search(text):
            looked_up += 1
            result.extend(_row(row, text, edit, original, language))
        else:
            result.append(text)
    return result


def _row(row: int, text: str, edit: Lines, original: Lines, language: str) -> list[str]:
    split = _split(text)
    if edit.keys[row] in original.where or split is None:
        return [text]
    head, inside, tail = split
    args = parts(inside)
    if not any(_ELLIPSIS.match(arg) for arg in args):
        return [text]
    at = _counterpart(row, head, edit, original, language)
    if at is None:
        return [text]
    end = at + 1
    limit = min(original.size, at + _MOST_ROWS)
    while end < limit and balance([key.rstrip("{[") for key in original.keys[at:end]]) > 0:
        end += 1
    theirs = _split("\n".join(original.texts[at:end]))
    if theirs is None or any(_ELLIPSIS.match(arg) for arg in parts(theirs[1])):
        return [text]
    olds = parts(theirs[1])
    news = _filled(args, olds)
    if end == at + 1:
        return [head + ", ".join(news) + tail]
    return _in_rows(head, news, tail, original.texts[at:end])


def _split(text: str) -> tuple[str, str, str] | None:
    """What stands before and in the first brackets after a name, and behind them."""
    match = _HEAD.match(text)
    if match is None:
        return None
    depth = 1
    for index in range(match.end(), len(text)):
        depth += (text[index] in "([{") - (text[index] in ")]}")
        if depth == 0:
            return match["head"], text[match.end() : index], text[index:]
    return None


def _counterpart(row: int, head: str, edit: Lines, original: Lines, language: str) -> int | None:
    """The row of the file that declares the same function, in the class of the same name where there are several; or
    that makes the same call."""
    kind, name = edit.name(row)
    if kind != "def":
        rows = [at for at in original.solid if original.keys[at].startswith(head.strip())]
        return rows[0] if len(rows) == 1 and language != "python" else None
    rows = [at for at in original.declaring(name.rsplit(".", 1)[-1]) if original.name(at) == (kind, name)]
    if len(rows) > 1:
        outer = _outer(edit, row)
        rows = [at for at in rows if _outer(original, at) == outer]
    return rows[0] if len(rows) == 1 else None


def _outer(lines: Lines, row: int) -> str:
    parent = lines.parents[row]
    return lines.name(parent)[1] if parent >= 0 else ""


def _filled(args: Sequence[str], olds: Sequence[str]) -> list[str]:
    """The arguments with those of the file, that are not shown, in the place of the ellipsis."""
    shown = {_name(arg) for arg in args}
    rest = [old for old in olds if _name(old) not in shown]
    filled: list[str] = []
    for arg in args:
        filled.extend(rest if _ELLIPSIS.match(arg) else [arg])
        rest = [] if _ELLIPSIS.match(arg) else rest
    return filled


def _name(arg: str) -> str:
    """What an argument is called: the word before its type or value, else its last word."""
    bare = re.sub(r"^(?:@\w+\s+|final\s+|const\s+|mut\s+)*", "", arg)
    if match := re.match(r"[*&.]*([\w$]+)\s*\??\s*[:=]", bare):
        return match[1]
    words = re.findall(r"[\w$]+", bare.partition("=")[0])
    return words[-1] if words else arg


def _in_rows(head: str, news: Sequence[str], tail: str, theirs: Sequence[str]) -> list[str]:
    """One argument a line, as the file has them."""
    inner = [text for text in theirs[1:-1] if text.strip()]
    if len(theirs) < 3 or not theirs[0].rstrip().endswith("(") or any(len(parts(text.strip())) != 1 for text in inner):
        return [head + ", ".join(news) + tail]
    shift = indent_of(head)
    base = indent_of(theirs[0])
    depth = shift + indent_of(inner[0]).removeprefix(base)
    ending = "," if inner[-1].rstrip().endswith(",") else ""
    rows = [f"{depth}{new}," for new in news[:-1]] + [f"{depth}{new}{ending}" for new in news[-1:]]
    return [head, *rows, shift + tail]
