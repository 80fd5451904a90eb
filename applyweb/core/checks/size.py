"""Did as much change as the answer accounts for?

Must not know: which hunk is whose; that is support's work.
"""

from __future__ import annotations

import re

from applyweb.core.checks.check import Check, passed
from applyweb.core.checks.facts import Facts
from applyweb.core.support.rows import is_telling

_MANY = 25  # lines
_REMOVAL = re.compile(r"\b(?:remov|delet|drop|strip|replac|rewrit|simplif|mov)\w*", re.IGNORECASE)


def no_op(facts: Facts) -> Check:
    """Nothing changed although the answer holds code. Where all that code is already there it is only
    told."""
    if facts.merged != facts.original:
        return passed("no_op", "The file changed.")
    if not facts.rows:
        return Check("no_op", "warning", "Nothing changed.")
    there = set(facts.old_keys)
    if all(row.key in there for row in facts.rows if row.op in ("shown", "added")) and not _removals_left(facts, there):
        return Check("no_op", "warning", "Nothing changed: the file already holds this code.")
    return Check("no_op", "failed", "Nothing changed, although the answer holds code that the file lacks.")


def blast_radius(facts: Facts) -> Check:
    """Far more lines came or went than the answer's code accounts for."""
    came = [number for number, _ in facts.brought_in if is_telling(facts.new_keys[number - 1])]
    unknown = [number for number in came if not facts.asked[facts.new_keys[number - 1]]]
    after = set(facts.new_keys)
    went = 0
    for block in facts.blocks:
        went += sum(1 for key in facts.old_keys[block.old_start : block.old_end] if key not in after)
    asked = facts.asked.total() + sum(row.op == "removed" for row in facts.rows)
    if not facts.chat:
        return passed("blast_radius", "There is no answer to measure the change by.")
    if len(unknown) > _MANY and len(unknown) * 2 > len(came):
        message = f"{len(unknown)} new lines are not in the answer, from line {unknown[0]} on."
        return Check("blast_radius", "failed", message, unknown[0])
    if went > _MANY and went > 4 * asked:
        message = f"{went} lines were removed, while the answer shows only {asked} lines of code."
        state = "warning" if _REMOVAL.search(facts.chat) else "failed"
        return Check("blast_radius", "failed" if state == "failed" else "warning", message)
    if len(unknown) > 5 and len(unknown) * 2 > len(came):
        message = f"{len(unknown)} new lines are not in the answer, from line {unknown[0]} on."
        return Check("blast_radius", "warning", message, unknown[0])
    return passed("blast_radius", "The size of the change fits the answer.")


def _removals_left(facts: Facts, there: set[str]) -> bool:
    return any(row.op == "removed" and row.key in there and not facts.asked[row.key] for row in facts.rows)
