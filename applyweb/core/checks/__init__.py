"""Our own tests of a merge: does anything in the output show that it went wrong?

May live here: one module a kind of fault, each seeing only texts. Must not know: engines, and how a merge
is made.
"""

from __future__ import annotations

from applyweb.core.checks.characters import Finding, Mark, suspicious, visible
from applyweb.core.checks.check import Check, State
from applyweb.core.checks.deception import bidi, confusables
from applyweb.core.checks.ending import truncation
from applyweb.core.checks.facts import Facts
from applyweb.core.checks.leaks import fence_leak, marker_leak
from applyweb.core.checks.repeats import loop
from applyweb.core.checks.size import blast_radius, no_op
from applyweb.core.checks.soundness import syntax
from applyweb.core.checks.spacing import spacing

__all__ = ["Check", "Finding", "Mark", "State", "run", "suspicious", "visible"]

_ORDER = (marker_leak, truncation, no_op, fence_leak, loop, blast_radius, syntax, spacing, bidi, confusables)


def run(original: str, merged: str, *, chat: str = "", language: str = "", path: str = "") -> tuple[Check, ...]:
    """Every check, always in the same order. Without a chat those that need one judge by the two texts alone; `path`
    tells pieces of the chat for other files."""
    facts = Facts.of(original, merged, chat, language, path)
    return tuple(check(facts) for check in _ORDER)
