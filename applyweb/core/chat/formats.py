"""Which format a piece of code is in: a unified diff, SEARCH/REPLACE, an apply_patch, or plain code.

Must not know: how a format is read in full (core.chat.patches) or placed (core.merge).
"""

from __future__ import annotations

import re

from applyweb.core.chat.answer import Format

SEARCH = re.compile(r"^\s{0,3}(?:<{5,20} ?(?:SEARCH|ORIGINAL|HEAD)\b|-{5,20} ?SEARCH\b|<{7}(?: |$))[^\n]*$", re.M)
DIVIDER = re.compile(r"^\s{0,3}={5,20}\s*$", re.M)
_SEARCH_END = re.compile(r"^\s{0,3}(?:>{5,20} ?REPLACE|\+{5,20} ?REPLACE)\s*$", re.M)
_PATCH = re.compile(r"^\*\*\* (?:Begin Patch|Update File:|Add File:|Delete File:)", re.M)
_HUNK = re.compile(r"^@@(?:[ \t].*)?$", re.M)
_COUNTED = re.compile(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.M)
_FILES = re.compile(r"^--- \S.*\n\+\+\+ \S", re.M)
_CODE = re.compile(
    r"[{};=<>\[\]]|\w\(|\)\s*:|^\s*(?:#|//|/\*|@|- \w+$)|^\s*[\w.-]+:$"
    r"|^\s*(?:[\w.-]+: |(?:def|class|import|from|const|let|var|func|fn|type|package|use|return|pass|end)\b)"
    r"(?!.*[.!?]\s*$)"
)
_PROSE_LINE = re.compile(r"^(?:[A-Z][\w'’]*[,]?\s+(?:[\w'’`(),-]+\s+){3,}.*[.:!?]|[-*]\s+\w+.*)\s*$")


def format_of(code: str, info_language: str) -> Format:
    """The format of a piece of code; the info string (`diff`) is only a hint, the code decides."""
    if "*** " in code and _PATCH.search(code):
        return "apply_patch"
    search = SEARCH.search(code) if "<<<<<" in code or "-----" in code else None
    if search and (DIVIDER.search(code, search.end()) or _SEARCH_END.search(code, search.end())):
        return "search_replace"
    if ("\n+++ " in code and _FILES.search(code)) or ("@@ -" in code and _COUNTED.search(code)):
        return "udiff"
    marked = _marked_lines(code)
    if info_language in ("diff", "patch", "udiff") and (marked or _HUNK.search(code)):
        return "udiff"
    if _HUNK.search(code) and marked and _only_patch_lines(code):
        return "udiff"
    if marked and _only_patch_lines(code) and code.lstrip("\n")[:1] in "+- ":
        return "udiff" if not code.lstrip("\n").startswith("- ") or "\n+" in code else "code"
    return "code"


def looks_like_code(text: str) -> bool:
    """Whether an answer without any fence is code rather than talk: most of its lines do not read as sentences, and one
    at least shows a sign of code."""
    lines = [line for line in text.split("\n") if line.strip()][:400]
    talk = sum(1 for line in lines if _PROSE_LINE.match(line[:500]) or _is_talk(line[:500]))
    return talk * 2 < len(lines) and any(_CODE.search(line[:500]) for line in lines)


def _is_talk(line: str) -> bool:
    if re.search(r"[{};=<>]|\w\(|\)\s*:|^\s*(?:#|//|/\*|\*|@|\"|'|-\s|\[)", line):
        return False
    words = line.split()
    return len(words) >= 4 and not re.match(
        r"\s*(?:def|class|import|from|return|if|for|while|end|else|try|const|let|var|func|fn|type|package|use)\b", line
    )


def _marked_lines(code: str) -> bool:
    begins = code.startswith(("+", "-")) or "\n+" in code or "\n-" in code
    return begins and re.search(r"^[+-](?![+-]{2} )", code, re.M) is not None


def _only_patch_lines(code: str) -> bool:
    lines = [line for line in code.split("\n") if line.strip()]
    return all(line[0] in "+- @\\\t" for line in lines)
