"""Does the file still parse?

Must not know: parsers; it counts errors before and after.
"""

from __future__ import annotations

from applyweb.core.checks.check import Check, passed
from applyweb.core.checks.facts import Facts
from applyweb.core.syntax import error_count

_TRIED = 12  # changes that are tried alone to find the one that breaks the file
_PARSED = 4_000_000  # characters that are parsed for it, about a second


def syntax(facts: Facts) -> Check:
    """More syntax errors than the original had. What was broken before may stay so."""
    after = error_count(facts.merged, facts.language)
    before = error_count(facts.original, facts.language)
    if after is None or before is None:
        return Check("syntax", "unknown", "There is no grammar for this language, so the syntax was not checked.")
    if after <= before:
        return passed("syntax", "The syntax is sound." if not after else "The syntax is no worse than before.")
    number = _breaking_line(facts, before)
    where = f", by the change at line {number}" if number else ""
    now = "1 syntax error" if after == 1 else f"{after} syntax errors"
    return Check("syntax", "failed", f"The file has {now} now, before it had {before or 'none'}{where}.", number)


def _breaking_line(facts: Facts, before: int) -> int | None:
    """The 1-based line of the first change that breaks the original by itself; None where no single one
    does."""
    if len(facts.blocks) > _TRIED:
        return None
    left = _PARSED
    for block in facts.blocks:
        left -= len(facts.original)
        if left < 0:
            return None
        lines = [
            *facts.old[: block.old_start],
            *facts.new[block.new_start : block.new_end],
            *facts.old[block.old_end :],
        ]
        if (error_count("".join(lines), facts.language) or 0) > before:
            return min(block.new_start + 1, len(facts.new)) or None
    return None
