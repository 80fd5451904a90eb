"""What the chat asked for and did not get.

Must not know: hunks. Only new-looking code counts: lines that are neither in the merged text nor in the
original.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from applyweb.core.chat.names import in_first_comment
from applyweb.core.support.rows import Row, is_telling

_ELLIPSIS = re.compile(r"\.{3,}(?![\w$\[({])|…")  # not before what it spreads
_WITHIN = 2_000  # lines that are looked for inside of others
_TALK = re.compile(
    r"^\s*(?:#|//|/\*|<!--|--\s|\{/\*)\s*(?:(?:then|now|and|also|first|finally|next)\W+)?"
    r"(?:add(?:ed)?|put|insert|place|move|paste|replaced?|removed?|deleted?|changed?|updated?|new|see|your"
    r"|this goes)\b",
    re.IGNORECASE,
)


def missing_rows(rows: Sequence[Row], before: Counter[str], after: Counter[str]) -> set[int]:
    """The 1-based chat lines of code that never landed, and of removals that a patch asks for and that were
    not made. Comments that speak to the reader ("# add this below") or name the file are left out. `before`
    and `after` tell how often each key stands in the original and in the merged text."""
    landed = {key.rstrip(",;") for key in after}
    parts = {row.edit for row in rows if row.op == "removed" and not before[row.key]}  # search texts within lines
    text = "\n".join(after)
    kept = {row.key for row in rows if row.op in ("shown", "added")}
    lines = set()
    left = _WITHIN
    begun: set[int] = set()
    for row in rows:
        names_file = row.edit not in begun and in_first_comment(row.text) != ""
        begun.add(row.edit)
        if not is_telling(row.key) or row.op == "marker" or names_file:
            continue
        if row.op == "removed":
            lost = row.key not in kept and before[row.key] and after[row.key] >= before[row.key]
        else:
            there = before[row.key] > 0 or row.key.rstrip(",;") in landed
            if not there and row.edit in parts and left:
                left -= 1
                there = row.key in text
            lost = not there and not (_ELLIPSIS.search(row.text) or is_talk(row.text))
        if lost:
            lines.add(row.line)
    return lines | _too_few(rows, before, after)


def _too_few(rows: Sequence[Row], before: Counter[str], after: Counter[str]) -> set[int]:
    """Lines that a piece of code without markers shows, or a patch leaves, more often than the merged text has them:
    one that stands elsewhere too did not land here."""
    lines: set[int] = set()
    for _, group in groupby(rows, key=lambda row: row.edit):
        piece = list(group)
        told = [row for row in piece if row.op != "marker" and is_telling(row.key)]
        whole = len(piece) == sum(row.op == "shown" for row in piece)
        shown = Counter(row.key for row in told if whole)
        added = Counter(row.key for row in told if row.op == "added")
        removed = Counter(row.key for row in told if row.op == "removed")
        for row in told:
            least = before[row.key] + added[row.key] - removed[row.key]
            too_few = after[row.key] < (least if row.op == "added" else shown[row.key] if before[row.key] else 0)
            if too_few and row.op != "removed":
                lines.add(row.line)
    return lines


def is_talk(text: str) -> bool:
    """Whether a line is a comment that speaks to the reader."""
    return _TALK.match(text) is not None
