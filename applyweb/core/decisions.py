"""Original + hunks + decisions = resolved text, as a text and as a patch.

Must not know: who decided, where decisions are stored, how a diff is searched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from applyweb.core.diff import Block, Hunk, changed_blocks
from applyweb.core.text import split_lines

Verdict = Literal["accepted", "rejected", "pending"]

_GIT_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # patches know LF alone; a CR is content
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


class UnknownHunk(LookupError):
    """A decision names a hunk that this diff does not have. `hunk_id` is the name."""

    def __init__(self, hunk_id: str) -> None:
        super().__init__(f"There is no hunk {hunk_id} in this diff.")
        self.hunk_id = hunk_id


@dataclass(frozen=True, slots=True)
class Counts:
    """How many hunks there are and how they stand; the last three add up to `total`."""

    total: int
    accepted: int
    rejected: int
    pending: int


def resolve(
    original: str,
    merged: str,
    hunks: Sequence[Hunk],
    verdicts: Mapping[str, Verdict],
    pending: Literal["accepted", "rejected"] = "rejected",
) -> str:
    """The original with the accepted hunks. `hunks` are those of `diff.hunks(original, merged)`; a hunk
    without a verdict is pending, and `pending` says how such hunks count. Errors: UnknownHunk."""
    _require_known(hunks, verdicts)
    old, new = split_lines(original), split_lines(merged)
    pieces: list[str] = []
    at = 0
    for hunk in hunks:
        verdict = verdicts.get(hunk.id, "pending")
        if verdict == "pending":
            verdict = pending
        pieces.extend(old[at : hunk.old_start])
        if verdict == "accepted":
            pieces.extend(new[hunk.new_start : hunk.new_end])
        else:
            pieces.extend(old[hunk.old_start : hunk.old_end])
        at = hunk.old_end
    pieces.extend(old[at:])
    return "".join(pieces)


def count(hunks: Sequence[Hunk], verdicts: Mapping[str, Verdict]) -> Counts:
    """How the hunks stand. Errors: UnknownHunk."""
    _require_known(hunks, verdicts)
    tally = Counter(verdicts.get(hunk.id, "pending") for hunk in hunks)
    return Counts(len(hunks), tally["accepted"], tally["rejected"], tally["pending"])


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


def _require_known(hunks: Sequence[Hunk], verdicts: Mapping[str, Verdict]) -> None:
    known = {hunk.id for hunk in hunks}
    for hunk_id in verdicts:
        if hunk_id not in known:
            raise UnknownHunk(hunk_id)


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
