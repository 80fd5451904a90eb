"""Original + hunks + their decided parts = resolved text, as a text and as a patch.

Must not know: who decided, where decisions are stored, how a diff is searched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from applyweb.core.diff import Block, Hunk, changed_blocks
from applyweb.core.parts import Layout, Part, Parts, names
from applyweb.core.text import describe, split_lines

_GIT_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # patches know LF alone; a CR is content
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many hunks there are and how they stand; the last three add up to `total`."""

    total: int
    accepted: int
    rejected: int
    pending: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What one part put into the resolved text: the lines [start, end) of it, 0-based."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolved text, and where in it each part stands, in order."""

    text: str
    pieces: tuple[Piece, ...]


def layout_of(hunks: Sequence[Hunk], decided: Mapping[str, Parts]) -> dict[str, Parts]:
    """Every hunk's parts in the file's order: those that are decided, else one pending part. Errors: ValueError where
    the parts of a hunk do not have its lines, or belong to none of `hunks`."""
    found: dict[str, Parts] = {}
    for hunk in hunks:
        removed, added = hunk.old_end - hunk.old_start, hunk.new_end - hunk.new_start
        parts = decided.get(hunk.id) or (Part(removed, added),)
        if (sum(part.removed for part in parts), sum(part.added for part in parts)) != (removed, added):
            raise ValueError(f"the parts of hunk {hunk.id} do not have its lines")
        found[hunk.id] = parts
    if decided.keys() - found.keys():
        raise ValueError(f"no hunks of this diff: {sorted(decided.keys() - found.keys())}")
    return found


def resolve(
    original: str,
    merged: str,
    hunks: Sequence[Hunk],
    layout: Layout,
    pending: Literal["accepted", "rejected"] = "rejected",
) -> Resolved:
    """The original with what is accepted. `hunks` are those of `diff.hunks(original, merged)`, `layout` is theirs;
    `pending` says how pending parts count. All accepted as proposed is `merged`, all rejected is `original`, character
    for character. Where a subset puts lines behind a last line without an end, that line gets the usual end."""
    old, new = split_lines(original), split_lines(merged)
    usual = describe(original or merged).line_end
    lines: list[str] = []
    pieces: list[Piece] = []

    def add(more: Sequence[str]) -> None:
        if more and lines and lines[-1][-1] not in "\r\n":
            lines[-1] += usual
        lines.extend(more)

    at = 0
    for hunk in hunks:
        add(old[at : hunk.old_start])
        at, new_at = hunk.old_start, hunk.new_start
        parts = layout[hunk.id]
        for name, part in zip(names(hunk.id, parts), parts, strict=True):
            accepted = (pending if part.verdict == "pending" else part.verdict) == "accepted"
            begun = len(lines)
            if not accepted:
                add(old[at : at + part.removed])
            elif part.text is not None:
                add(split_lines(part.text))
            else:
                add(new[new_at : new_at + part.added])
            pieces.append(Piece(name, begun, len(lines)))
            at, new_at = at + part.removed, new_at + part.added
    add(old[at:])
    return Resolved("".join(lines), tuple(pieces))


def count(layout: Layout) -> Counts:
    """How the parts stand."""
    tally = Counter(part.verdict for parts in layout.values() for part in parts)
    return Counts(sum(tally.values()), tally["accepted"], tally["rejected"], tally["pending"])


def unified_patch(path: str, original: str, resolved: str, context: int = 3) -> str:
    """A patch from one text to the other that `git apply` and `patch -p1` take; "" where nothing changed.
    An empty original means that the file is new. Directory steps that leave the tree ("..", a leading "/")
    are dropped."""
    if original == resolved:
        return ""
    old: list[str] = _GIT_LINE.findall(original)
    new: list[str] = _GIT_LINE.findall(resolved)
    blocks = changed_blocks(old, new)
    steps = [step for step in path.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    name = "/".join(steps) or "file"
    pieces = [f"diff --git {_quoted('a/' + name)} {_quoted('b/' + name)}\n"]
    if original:
        pieces.append(f"--- {_header_name('a/' + name)}\n")
    else:
        pieces.append("new file mode 100644\n--- /dev/null\n")
    pieces.append(f"+++ {_header_name('b/' + name)}\n")
    for group in _grouped(blocks, context):
        pieces.extend(_patch_hunk(old, new, group, context))
    return "".join(pieces)


def _grouped(blocks: Sequence[Block], context: int) -> list[list[Block]]:
    """Blocks whose context would touch go into one hunk of the patch."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and block.old_start - groups[-1][-1].old_end <= 2 * context:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _patch_hunk(old: Sequence[str], new: Sequence[str], group: Sequence[Block], context: int) -> list[str]:
    lead = min(context, group[0].old_start)
    tail = min(context, len(old) - group[-1].old_end)
    old_start, old_end = group[0].old_start - lead, group[-1].old_end + tail
    new_start, new_end = group[0].new_start - lead, group[-1].new_end + tail
    lines = [f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@\n"]
    at = old_start
    for block in group:
        lines.extend(_marked(" ", line) for line in old[at : block.old_start])
        lines.extend(_marked("-", line) for line in old[block.old_start : block.old_end])
        lines.extend(_marked("+", line) for line in new[block.new_start : block.new_end])
        at = block.old_end
    lines.extend(_marked(" ", line) for line in old[at:old_end])
    return lines


def _range(start: int, end: int) -> str:
    """1-based first line and length; an empty range names the line before it."""
    return f"{start + 1 if end > start else start},{end - start}"


def _marked(sign: str, line: str) -> str:
    return sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _quoted(name: str) -> str:
    """The name as git writes it: in C quotes where it holds quotes, backslashes, control or non-ASCII
    characters."""
    data = name.encode("utf-8", "surrogatepass")
    if all(32 <= byte < 127 and byte not in (34, 92) for byte in data):
        return name
    return '"' + "".join(_escaped(byte) for byte in data) + '"'


def _escaped(byte: int) -> str:
    if byte in _ESCAPES:
        return "\\" + _ESCAPES[byte]
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def _header_name(name: str) -> str:
    """A tab ends a name with spaces, or the rest of it would be read as a date."""
    quoted = _quoted(name)
    return quoted + "\t" if " " in quoted and not quoted.startswith('"') else quoted
