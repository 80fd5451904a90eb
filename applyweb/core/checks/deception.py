"""Does the merge bring in characters that deceive a reader?

Must not know: which characters those are.
"""

from __future__ import annotations

from applyweb.core.checks.characters import Finding, suspicious
from applyweb.core.checks.check import Check, passed
from applyweb.core.checks.facts import Facts


def bidi(facts: Facts) -> Check:
    """Bidirectional controls and unseen characters that the merge brings in."""
    findings = [found for found in _brought_in(facts) if found.kind != "look_alike"]
    if not findings:
        return passed("bidi", "No unseen or direction-changing characters came in.")
    first = findings[0]
    effect = "it can make code read in another order than it runs" if first.kind == "bidi" else "it cannot be seen"
    message = f"{_lines(findings)}: {first.codepoint} ({first.name}) came in; {effect}."
    return Check("bidi", "warning", message, first.line)


def confusables(facts: Facts) -> Check:
    """Letters and signs that pass for ASCII ones, which the merge brings in."""
    findings = [found for found in _brought_in(facts) if found.kind == "look_alike"]
    if not findings:
        return passed("confusables", "No look-alike letters came in.")
    first = findings[0]
    message = f"{_lines(findings)}: {first.codepoint} ({first.name}) came in; it looks like “{first.looks}”."
    return Check("confusables", "warning", message, first.line)


def _brought_in(facts: Facts) -> list[Finding]:
    """Findings in the lines that the merge brings in, with their numbers in the merged text."""
    findings = suspicious(facts.merged)
    if not findings:
        return []
    added = {number for number, _ in facts.brought_in}
    return [found for found in findings if found.line in added]


def _lines(findings: list[Finding]) -> str:
    lines = sorted({found.line for found in findings})
    listed = ", ".join(map(str, lines[:8])) + (", …" if len(lines) > 8 else "")
    return f"Line {listed}" if len(lines) == 1 else f"Lines {listed}"
