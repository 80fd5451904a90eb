"""What speaks against a merged text as a whole: broken syntax, markers left in it, what prose asked for and nobody did.

Must not know: how edits were placed.
"""

from __future__ import annotations

import re
from collections import Counter

from applyweb.core import syntax
from applyweb.core.merge import prose
from applyweb.core.merge.plan import MergeNote
from applyweb.core.merge.run import Run
from applyweb.core.merge.select import Selection
from applyweb.core.text import split_lines

_LEAK = re.compile(
    r"^\s*(?:<{7} ?(?:SEARCH|HEAD|ORIGINAL)|>{7} ?(?:REPLACE|UPDATED)"
    r"|-{7} SEARCH|\+{7} REPLACE|\*\*\* (?:Begin|End) Patch"
    r"|\*\*\* (?:Update|Add) File: |@@ -\d+,?\d* \+\d+,?\d* @@|(?:<{5,}|-{2,}) SEARCH$)"
)

TOO_MANY_ASKED = "The answer holds too many changes to see whether all that it takes away is gone."


def judge(original: str, merged: str, language: str, selection: Selection, run: Run) -> list[MergeNote]:
    """Notes on the result; any warning makes the merge unsure."""
    notes: list[MergeNote] = []
    if merged != original:
        after = syntax.error_count(merged, language)
        if after and after > (syntax.error_count(original, language) or 0):
            notes.append(MergeNote("syntax", "The result has more syntax errors than the original.", "warning", 0))
    leaked = _new_lines(original, merged, _LEAK)
    if leaked:
        notes.append(
            MergeNote("marker_leak", f"The result holds a patch marker: {leaked[0].strip()[:80]}", "warning", 0)
        )
    for name in prose.removed_names(selection.prose):
        if not run.work.spend(run.document.lines.size):
            notes.append(MergeNote("too_many_changes", TOO_MANY_ASKED, "warning", 0))
            break
        found = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
        before_count = len(found.findall(original))
        if before_count and len(found.findall(merged)) >= before_count and not _moved(name, selection):
            message = f"The answer says that {name[:60]} goes, but it is still there."
            notes.append(MergeNote("asked_removal", message, "warning", 0))
    return notes


def _moved(name: str, selection: Selection) -> bool:
    return any(name in edit.code for edit in selection.edits)


def _new_lines(original: str, merged: str, pattern: re.Pattern[str]) -> list[str]:
    """Lines of the result that match and that the original has fewer of."""
    found = Counter(line for line in split_lines(merged) if pattern.match(line[:200]))
    known = Counter(line for line in split_lines(original) if line in found)
    return list((found - known).elements())
