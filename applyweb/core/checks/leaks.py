"""Parts of the chat that are no code and got into the file: markers, fences, tags.

Must not know: the other checks. What the original has already is content.
"""

from __future__ import annotations

import re

from applyweb.core.checks.check import Check, passed
from applyweb.core.checks.facts import Facts
from applyweb.core.support.rows import is_marker, key_of

_SURE_MARKER = re.compile(
    r"\b(?:existing|rest of|remaining|unchanged|omitted|elided|same as (?:before|above)|keep\b.*\bas[- ]is)\b"
    r"|\bfor brevity\b|\bother (?:methods?|functions?|imports?|fields?|code|props|options)\b",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})\s*[\w+#.:/-]*\s*$")
_TAG = re.compile(
    r"^\s*(?:</?(?:updated?[-_]code|update|code|final[-_]code|original[-_]code|edit|instructions?)(?:[-_]\w+)?>\s*$"
    r"|<{5,9} ?(?:SEARCH|ORIGINAL|HEAD|UPDATED)\b|>{5,9} ?(?:REPLACE|UPDATED)\b|-{5,9} ?SEARCH\b|\+{5,9} ?REPLACE\b"
    r"|\*\*\* (?:Begin|End) Patch\b|\*\*\* (?:Update|Add|Delete) File:|@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@"
    r"|<\|(?:im_start|im_end|endoftext|fim_\w+)\|>)"
)


def marker_leak(facts: Facts) -> Check:
    """A line that stands for code not shown, now in the file. A real `...` (a stub, a slice) is left
    alone."""
    doubtful = 0
    for number, line in facts.brought_in:
        if not is_marker(line):
            continue
        dots, words = "..." in line or "…" in line, _SURE_MARKER.search(line) is not None
        if words and (dots or _is_in_marker_rows(facts, line)):
            message = f"Line {number} is a placeholder of the answer, not code: {_short(line)}"
            return Check("marker_leak", "failed", message, number)
        if not doubtful and (words or (dots and not _is_plain_dots(line))):
            doubtful = number
    if doubtful:
        message = f"Line {doubtful} may be a placeholder of the answer: {_short(facts.new[doubtful - 1])}"
        return Check("marker_leak", "warning", message, doubtful)
    return passed("marker_leak", "No placeholder of the answer got into the file.")


def fence_leak(facts: Facts) -> Check:
    """Fences, and the tags of patch and prompt forms. Fences that come in pairs inside may be
    documentation."""
    fences: list[int] = []
    solid = [number for number, line in enumerate(facts.new, start=1) if line.strip()]
    edges = {solid[0], solid[-1]} if solid else set()
    for number, line in facts.brought_in:
        if _TAG.match(line) and not _is_content_of_chat(facts, line):
            message = f"Line {number} belongs to the answer's form, not to the file: {_short(line)}"
            return Check("fence_leak", "failed", message, number)
        if facts.language != "markdown" and _FENCE.match(line):
            fences.append(number)
    at_edge = [number for number in fences if number in edges]
    if at_edge or len(fences) % 2:
        number = (at_edge or fences)[0]
        return Check("fence_leak", "failed", f"Line {number} is a Markdown fence that the file did not have.", number)
    if fences:
        message = f"Lines {fences[0]} and {fences[1]} are Markdown fences that the file did not have."
        return Check("fence_leak", "warning", message, fences[0])
    return passed("fence_leak", "No fence or tag of the answer got into the file.")


def _is_in_marker_rows(facts: Facts, line: str) -> bool:
    return key_of(line) in facts.markers


def _is_plain_dots(line: str) -> bool:
    return not any(character.isalnum() for character in line)


def _is_content_of_chat(facts: Facts, line: str) -> bool:
    """The chat's own code shows the line as code of the file (a test about prompts, a parser of patches)."""
    return facts.asked[key_of(line)] > 0


def _short(line: str) -> str:
    text = line.strip()
    return text if len(text) <= 80 else text[:79] + "…"
