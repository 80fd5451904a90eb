"""What speaks against a merged text as a whole: broken syntax, markers left in it, what prose asked for and nobody did.

Must not know: how edits were placed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from applyweb.core.merge import prose, requests, words
from applyweb.core.merge.alterations import Alteration, alterations
from applyweb.core.merge.bindings import lines_gone, loose_names
from applyweb.core.merge.broken import breaks_syntax
from applyweb.core.merge.by_prose import imports_binding
from applyweb.core.merge.declared import declared
from applyweb.core.merge.lines import lines_of
from applyweb.core.merge.markers import is_wordy_marker
from applyweb.core.merge.plan import MergeNote
from applyweb.core.merge.run import Run
from applyweb.core.merge.select import Selection
from applyweb.core.merge.twice import MAPPINGS, keys_twice
from applyweb.core.text import split_lines

_LEAK = re.compile(
    r"^\s*(?:<{7} ?(?:SEARCH|HEAD|ORIGINAL)|>{7} ?(?:REPLACE|UPDATED)"
    r"|-{7} SEARCH|\+{7} REPLACE|\*\*\* (?:Begin|End) Patch"
    r"|\*\*\* (?:Update|Add) File: |@@ -\d+,?\d* \+\d+,?\d* @@|(?:<{5,}|-{2,}) SEARCH$)"
)

_IMPORT_ASKED = (
    re.compile(
        r"\badd(?:s|ed|ing)?\s+(?:an?\s+)?(?:imports?\s+(?:of|for)\s+)?`([^`\n]{1,120})`\s+to\s+(?:the|your|its)\s+"
        r"(?:imports?|import\s+\w+|includes?|usings?)\b",
        re.I,
    ),
    re.compile(
        r"\b(?:needs?|adds?|forget|remember|requires?)\b[^.\n`]{0,40}`((?:import|from|use|using|#include)\s+[^`\n]{1,120})`",
        re.I,
    ),
)
_CALL_ASKED = re.compile(
    r"\b(?:calls?|invokes?|uses?)\s+(?:it|this|`(?P<name>[\w$.]{1,80})(?:\(\))?`)\s+"
    r"(?:in|from|inside|within|at the (?:end|start|top|bottom) of)\s+"
    r"`(?P<where>[\w$.]{1,80})(?:\(\))?`",
    re.I,
)
_CONSTANT = re.compile(r"^(?:export )?const ([\w$]+) *(?:=|: )", re.M)
_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_LEAK_SIGNS = ("<<<<<<<", ">>>>>>>", "-------", "+++++++", "*** ", "@@ -", " SEARCH")  # one is in each of them

TOO_MANY_ASKED = "The answer holds too many changes to see whether all that it takes away is gone."


def judge(original: str, merged: str, language: str, selection: Selection, run: Run) -> list[MergeNote]:
    """Notes on the result; any warning makes the merge unsure."""
    notes: list[MergeNote] = []
    if merged != original:
        broken = breaks_syntax(original, merged, run.document, language)
        if broken is None and _is_balanced(original) and not _is_balanced(merged):
            notes.append(MergeNote("syntax", "The result has brackets without a partner.", "warning", 0))
        elif broken:
            notes.append(MergeNote("syntax", "The result has more syntax errors than the original.", "warning", 0))
    leaked = _new_lines(original, merged, _LEAK_SIGNS, lambda line: _LEAK.match(line) is not None)
    if leaked:
        notes.append(
            MergeNote("marker_leak", f"The result holds a patch marker: {leaked[0].strip()[:80]}", "warning", 0)
        )
    left = _new_lines(original, merged, ("...", "…"), lambda line: is_wordy_marker(line.strip()))
    if left:
        notes.append(MergeNote("marker_leak", f"The result holds a placeholder: {left[0].strip()[:80]}", "warning", 0))
    if merged == original and not any(note.code == "changes_nothing" and note.severity != "info" for note in run.notes):
        notes.append(MergeNote("changes_nothing", "The answer alters nothing in the file.", "warning", 0))
    twice = (Counter(_CONSTANT.findall(merged)) - Counter(_CONSTANT.findall(original))) if language in _SCRIPTS else ()
    notes += [
        MergeNote("declared_twice", f"{name[:60]} is a constant that stands there twice now.", "warning", 0)
        for name in twice
        if len(re.findall(rf"^(?:export )?const {re.escape(name)} *(?:=|: )", merged, re.M)) > 1
    ][:3]
    if merged != original and language in MAPPINGS:
        before = lines_of(split_lines(original), language)
        notes += [
            MergeNote("key_twice", f"{name[:60]} stands twice in one mapping now.", "warning", 0)
            for name in islice(keys_twice(before, run.document.lines), 3)
        ]
    notes += _not_done(original, merged, selection, run)
    if merged != original and run.work.spend(run.document.size):
        notes += [
            MergeNote("name_lost", f"{name[:60]} is used in the result, but what declared it is gone.", "warning", 0)
            for name in loose_names(merged, lines_gone(original, merged))[:3]
        ]
    return notes


def _is_balanced(text: str) -> bool:
    """Whether as many brackets close as open, of each kind; strings and comments are not understood."""
    return all(text.count(opening) == text.count(closing) for opening, closing in ("()", "[]", "{}"))


def _not_done(original: str, merged: str, selection: Selection, run: Run) -> Iterator[MergeNote]:
    """What the prose says that goes or changes, and is there as before."""
    lines = merged.split("\n")
    for removal in requests.removals(selection.prose):
        if not run.work.spend(run.looks):
            yield MergeNote("too_many_changes", TOO_MANY_ASKED, "warning", 0)
            return
        leaf = requests.leaf(removal.name)
        if removal.imported and imports_binding(run.document, removal.name, run.language):
            message = f"The answer says that {removal.name[:60]} is no longer imported, but it still is."
            yield MergeNote("asked_removal", message, "warning", run.chat_line(removal.sentence))
            continue
        name = f"{removal.owner}.{removal.name}" if removal.owner else removal.name
        dotted = len(re.findall(r"\.|::|#", name)) > 0
        if (dotted and any(prose.ranges(name, run.document.lines))) or (
            leaf == removal.name
            and any(
                requests.leaf(run.document.lines.name(row)[1]) == leaf for row in run.document.lines.declaring(leaf)
            )
        ):
            there = not _declared(leaf, selection)
        else:
            before = words.count(removal.name, original)
            there = before > 0 and words.count(removal.name, merged) >= before and not _moved(removal.name, selection)
        if there:
            message = f"The answer says that {name[:60]} goes, but it is still there."
            yield MergeNote("asked_removal", message, "warning", run.chat_line(removal.sentence))
    for statement in _imports_asked(selection.prose):
        if not run.work.spend(run.document.size):
            yield MergeNote("too_many_changes", TOO_MANY_ASKED, "warning", 0)
            return
        if not any(_imports(line, statement) for line in lines):
            message = f"The answer asks for an import of {statement[:60]}, which is not there."
            yield MergeNote("asked_change", message, "warning", 0)
    for callee, caller in _calls_asked(selection):
        ranges = list(prose.ranges(caller, run.document.lines))
        bodies = ("\n".join(run.document.texts[low:high]) for low, high in ranges)
        if ranges and not any(words.count(callee, body) for body in bodies):
            message = f"The answer says to use {callee[:60]} in {caller[:60]}, which does not."
            yield MergeNote("asked_change", message, "warning", 0)
    for change in alterations(selection.prose):
        if not run.work.spend(run.looks):
            yield MergeNote("too_many_changes", TOO_MANY_ASKED, "warning", 0)
            return
        if _is_undone(change, original, merged, lines):
            what = "becomes" if change.kind in ("name", "code", "value") else "stands beside"
            first, second = (change.old, change.new) if what == "becomes" else (change.new, change.old)
            message = f"The answer says that {first[:40]} {what} {second[:40]}, but that is not so."
            yield MergeNote("asked_change", message, "warning", run.chat_line(change.sentence))


def _calls_asked(selection: Selection) -> Iterator[tuple[str, str]]:
    """(what is to be called, in which function) by sentences: "and call it in `main`"; "it" is the one new function."""
    heads = [declared(line.strip()) for edit in selection.edits for line in edit.code.split("\n")]
    defs = list(dict.fromkeys(name for kind, name in heads if kind == "def"))
    for found in _CALL_ASKED.finditer(selection.prose):
        callee = found["name"] or (defs[0] if len(defs) == 1 else "")
        if callee:
            yield requests.leaf(callee), found["where"]


def _imports_asked(text: str) -> list[str]:
    """What sentences want to be imported: a name in quotes, or a whole statement."""
    return [found[1].strip("\"' ;") for pattern in _IMPORT_ASKED for found in pattern.finditer(text)]


def _imports(line: str, statement: str) -> bool:
    """Whether a line imports that, or is that in a block of imports."""
    last = re.split(r"[\s./:\\]+", statement)[-1].strip("\"'<>;{} ")
    key = line.strip()
    return last in key and (declared(key)[0] == "import" or key.strip("\"',; ") == statement)


def _is_undone(change: Alteration, original: str, merged: str, lines: Sequence[str]) -> bool:
    """Whether what is to be otherwise is there, and as before."""
    old = change.old if words.count(change.old, original) else requests.leaf(change.old)
    before = words.count(old, original)
    if not before:
        return False
    if change.kind == "name":
        return words.count(old, merged) >= (1 if change.everywhere else before)
    if change.kind == "value":
        return not any(change.new in line and words.count(old, line) for line in lines)
    return merged.count(change.new) <= original.count(change.new)


def _declared(leaf: str, selection: Selection) -> bool:
    """Whether the code of the answer declares it anew."""
    lines = (line.strip() for edit in selection.edits for line in edit.code.split("\n") if leaf in line)
    return any(requests.leaf(declared(key)[1]) == leaf for key in lines)


def _moved(name: str, selection: Selection) -> bool:
    return any(name in edit.code for edit in selection.edits)


def _new_lines(original: str, merged: str, signs: Sequence[str], wanted: Callable[[str], bool]) -> list[str]:
    """The lines of the result that hold one of the signs in their first 200 characters, are wanted, and of which the
    original has fewer."""
    if not any(sign in merged for sign in signs):
        return []
    heads = ((line, line[:200]) for line in split_lines(merged))
    found = Counter(line for line, head in heads if any(sign in head for sign in signs) and wanted(head))
    known = Counter(line for line in split_lines(original) if line in found)
    return list((found - known).elements())
