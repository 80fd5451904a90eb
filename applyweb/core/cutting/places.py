"""Blocks that hold members or entries (a class, a struct, a rule, an object, a list), and what a change adds to one.

Must not know: how answers are worded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from applyweb.core.cutting.change import Change, indent, leaf
from applyweb.core.cutting.lines import is_comment

_CLOSERS = {"{": "}", "[": "]", "(": ")"}
_CONTROL = re.compile(
    r"\b(?:if|elif|else|for|while|try|except|switch|case|do|function|catch|finally|with|def|func|fn|fun|match|when|unless|async|static|void)\b"
)
_OBJECT = re.compile(r"(?:[=:(\[,?]|\breturn|\bdefault|=>\s*\()\s*[{\[(]$|^[{\[]$")
_CALL = re.compile(r"[=(]\s*[\w.]+\($|^(?:return )?[\w.]+\($")
_LISTED = re.compile(r"^(?:from\s+\S+\s+import\s+\(|import\s+(?:\w+,\s*)?\{|export\s+\{|use\s+[\w:]+\{)$")
_NO_ENTRY = re.compile(
    r"(?:and|or|if|else|for|not in|is)\b|[-+*/%|&?:.<>=]+\s|\|\||&&|\.\w|\"\"\"|\'\'\'"
)  # goes on or explains
_NAMELESS = frozenset({"return", "default", "export", "import", "from", "yield", "await"})
_KEY = re.compile(r"^[\"']?([A-Za-z_$][\w$.-]*)[\"']?\s*(?:[=:(,;]|$)")
_OWNER = re.compile(r"([A-Za-z_$][\w$.-]*)[\"']?\s*(?::[^=:]*)?[=:(]*\s*(?:new\s+\w+)?[{\[(:]*$")


@dataclass(frozen=True, slots=True)
class Addition:
    """Lines [start, end) of the new text, put into the block that row `header` opens and row `closer` (None for a block
    of mere indentation) closes. `name` is the block's, "" where it has none. `after` is the row of the last line that
    stands before them in the block, None where they are the first; `last` tells that none comes after them."""

    header: int
    closer: int | None
    start: int
    end: int
    name: str
    kind: str
    after: int | None
    last: bool


def addition(change: Change) -> Addition | None:
    """What a change of one span adds to one block; None where it does anything else."""
    if len(change.spans) != 1:
        return None
    old_start, old_end, start, end = change.spans[0]
    if old_start != old_end:
        comma = old_end - old_start == 1 and start < end and change.new[start] == change.old[old_start] + ","
        if not comma or start + 1 == end:
            return None
        start += 1
    rows = [row for row in range(start, end) if change.new[row].strip()]
    if not rows:
        return None
    start, end = rows[0], rows[-1] + 1
    depth = len(indent(change.new[start]))
    if any(len(indent(change.new[row])) < depth for row in rows) or not _is_balanced(change.new[start:end]):
        return None
    entries = [line.strip() for line in change.new[start:end] if line.strip() and not is_comment(line, change.language)]
    if not entries or any(
        _NO_ENTRY.match(line) for line in (change.new[start].strip(), entries[0]) if not line.startswith("- ")
    ):
        return None
    header = next((r for r in range(start - 1, -1, -1) if _solid(change, r) and _depth(change, r) < depth), None)
    below = next((r for r in range(end, len(change.new)) if _solid(change, r)), None)
    out = next((r for r in range(end, len(change.new)) if _solid(change, r) and _depth(change, r) < depth), None)
    if header is None or any(_depth(change, row) < depth for row in range(header + 1, end) if _solid(change, row)):
        return None
    kind, name = _kind(change, header)
    if not kind:
        return None
    closer = None
    opening = change.new[header].rstrip()[-1]
    if opening in _CLOSERS:
        if out is None or not change.new[out].strip().startswith(_CLOSERS[opening]):
            return None
        closer = out
    before = [row for row in range(header + 1, start) if _solid(change, row)]
    at_end = below is None or below == out
    return Addition(header, closer, start, end, name, kind, before[-1] if before else None, at_end)


def added_names(change: Change, found: Addition) -> list[str]:
    """The names of the new members or the keys of the new entries."""
    inside = [each for each in change.definitions if found.start <= each.start and each.end <= found.end]
    outer = [each for each in inside if not any(o is not each and o.start <= each.start < o.end for o in inside)]
    if outer:
        return [leaf(each.name) for each in outer]
    depth = _depth(change, found.start)
    rows = [row for row in range(found.start, found.end) if _solid(change, row) and _depth(change, row) == depth]
    keys = [_KEY.match(change.new[row].strip().lstrip("&*-. ")) for row in rows]
    return [key[1] for key in keys if key]


def _kind(change: Change, header: int) -> tuple[str, str]:
    """What kind of block a row opens, and its name; ("", "") for one that holds statements or that nobody knows."""
    text = change.new[header].strip()
    for each in change.definitions:
        if each.header == header and each.kind in ("class", "section"):
            multiline = text[-1] not in "{:["
            return ("", "") if multiline and each.kind == "class" else (each.kind, leaf(each.name))
    if _LISTED.search(text):
        return "entries", ""
    if _CONTROL.search(text.split("=")[0]) or not (_OBJECT.search(text) or _CALL.search(text)):
        return "", ""
    named = _OWNER.search(text)
    name = named[1] if named and named[1] not in _NAMELESS else ""
    return "entries", name if sum(_names(line, name) for line in change.new) == 1 else ""


def _names(line: str, name: str) -> bool:
    """Whether a line opens a block of this name."""
    found = _OWNER.search(line.strip()) if line.rstrip().endswith(tuple(_CLOSERS)) else None
    return found is not None and found[1] == name


def _solid(change: Change, row: int) -> bool:
    return bool(change.new[row].strip())


def _depth(change: Change, row: int) -> int:
    return len(indent(change.new[row]))


def _is_balanced(lines: list[str]) -> bool:
    text = "\n".join(lines)
    return all(text.count(opening) == text.count(closing) for opening, closing in _CLOSERS.items())
