"""Does the file end where it should?

Must not know: grammars; brackets are only counted.
"""

from __future__ import annotations

import re
from itertools import groupby

from applyweb.core.checks.check import Check, passed
from applyweb.core.checks.facts import Facts
from applyweb.core.support.rows import key_of

_LARGE_TAIL = 12  # lines
_LARGE_SHARE = 0.25  # of the original's lines, in files that are not tiny
_REMOVAL = re.compile(r"\b(?:remov|delet|drop|strip|trim|get rid|gone|no longer|only keep|move)\w*", re.IGNORECASE)


def truncation(facts: Facts) -> Check:
    """Ends in the middle of a line or block, or lacks a large tail that nobody asked to remove."""
    last_line = _last(facts.new)
    if last_line == 0:
        if facts.original.strip():
            return Check("truncation", "warning", "The file is empty now.")
        return passed("truncation", "The file is empty, as it was.")
    last = key_of(facts.new[last_line - 1])
    known = last == key_of(facts.old[_last(facts.old) - 1]) if _last(facts.old) else False
    shown = facts.asked[last] > 0
    if not known and not shown and _is_cut(facts, last):
        message = f"The file ends in the middle of line {last_line}."
        return Check("truncation", "failed", message, last_line)
    lost = _lost_tail(facts)
    if lost and not _shows_the_end(facts):
        message = f"The last {lost} lines of the original are gone, and the answer does not show that end."
        if facts.chat and not _asks_for_removal(facts):
            return Check("truncation", "failed", message, last_line)
        return Check("truncation", "warning", message, last_line)
    if not known and _open_brackets(facts.new) > max(0, _open_brackets(facts.old)):
        message = f"Brackets are left open at the end (line {last_line})."
        return Check("truncation", "warning" if shown else "failed", message, last_line)
    return passed("truncation", "The file ends where it should.")


def _last(lines: list[str]) -> int:
    """The 1-based number of the last line that is not blank; 0 where there is none."""
    for number in range(len(lines), 0, -1):
        if lines[number - 1].strip():
            return number
    return 0


def _is_cut(facts: Facts, last: str) -> bool:
    """The last line begins a longer line of the original or the answer, and is none itself."""
    keys = set(facts.old_keys) | set(facts.asked)
    return last not in keys and any(key.startswith(last) for key in keys)


def _lost_tail(facts: Facts) -> int:
    """How many lines of the original's end were dropped with nothing much in their place; 0 for a few."""
    if not facts.blocks:
        return 0
    block = facts.blocks[-1]
    if any(line.strip() for line in facts.old[block.old_end :]):
        return 0
    kept = set(facts.new_keys)
    lines = range(block.old_start, block.old_end)
    gone = sum(1 for line in lines if facts.old[line].strip() and facts.old_keys[line] not in kept)
    lost = gone - sum(1 for line in facts.new[block.new_start : block.new_end] if line.strip())
    large = lost >= _LARGE_TAIL or (lost >= 4 and lost >= _LARGE_SHARE * len(facts.old))
    return lost if large else 0


def _shows_the_end(facts: Facts) -> bool:
    """Some piece of code of the answer ends with the very lines that the file ends with."""
    end = [key for line in facts.new[-50:] if (key := key_of(line))][-3:]
    for _, group in groupby((row for row in facts.rows if row.op != "removed"), key=lambda row: row.edit):
        rows = list(group)[-3:]
        if all(row.op != "marker" for row in rows) and [row.key for row in rows] == end[-len(rows) :]:
            return True
    return False


def _asks_for_removal(facts: Facts) -> bool:
    return any(row.op == "removed" for row in facts.rows) or _REMOVAL.search(facts.chat) is not None


def _open_brackets(lines: list[str]) -> int:
    text = "".join(lines)
    return sum(text.count(opening) - text.count(closing) for opening, closing in ("()", "[]", "{}"))
