"""Edits of one answer applied in turn to a document, each planned against the text so far.

Must not know: how the answer was parsed or selected, how the result is judged.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from functools import cache
from itertools import islice

from applyweb.core.chat import Edit
from applyweb.core.chat.patches import Hunk, hunks_of, rows_between
from applyweb.core.merge import announced, asides, prose, suspicions
from applyweb.core.merge.alterations import Alteration, alterations
from applyweb.core.merge.announced import Role
from applyweb.core.merge.asks import takes_nothing
from applyweb.core.merge.by_prose import ByProse
from applyweb.core.merge.code import plan_code
from applyweb.core.merge.document import Document
from applyweb.core.merge.lines import lines_of
from applyweb.core.merge.matches import solid_places
from applyweb.core.merge.place import Hints, place_hunk
from applyweb.core.merge.plan import MergeNote, Plan, Severity, Splice
from applyweb.core.merge.ranges import Ranges
from applyweb.core.merge.regions import Change
from applyweb.core.merge.requests import Removal, removals
from applyweb.core.merge.rules import shows_rules
from applyweb.core.merge.said import Said
from applyweb.core.merge.select import is_other
from applyweb.core.merge.work import Work

TOO_MANY = "The answer holds too many changes to search for in a file of this size; this one was not placed."
_CODE_LOOKS = 5  # how often a line is looked at for a piece of code
_PLAIN = 3  # so many lines of one place are not in a file by chance


class Run:
    """The state while edits are applied. `said` is all that the answer says, code and prose. `seen`, `placed` and
    `foreign` count changes (hunks, pieces of code); `changes` are all that were made, and those without a place."""

    def __init__(self, document: Document, language: str, path: str, said: str, work: Work | None = None) -> None:
        self.document, self.language, self.path, self.said = document, language, path, said
        self.notes: list[MergeNote] = []
        self.changes: list[Change] = []
        self.seen = self.placed = self.foreign = 0
        self.cursor = 0
        self.work = work or Work()
        self.signals: dict[str, float] = {}
        self._evidence = Said(said)

    def apply_all(self, edits: Sequence[Edit]) -> None:
        """All edits in order. A piece that is the file's code as it stands may say what the next one replaces, or
        what is to go."""
        rest = deque(edits)
        original = list(self.document.texts)
        tests = cache(lambda: asides.holds_tests(original))  # looked for once, and only where an edit may be one
        roles = {id(edit): asides.role_of(edit, tests) for edit in edits}
        meant = sum(role in ("edit", "unclear") for role in roles.values())
        while rest:
            edit = rest.popleft()
            if edit.format == "code" and not self._may_search(edit.start):
                continue
            if rest and prose.shows_old(edit) and self._stands(edit) and self._renews(edit, rest[0]):
                self._exchange(edit, rest.popleft().code)
            elif prose.orders_removal(edit) and self._stands(edit):
                self._exchange(edit, "")
            elif meant and roles[id(edit)] not in ("edit", "unclear"):
                self._set_aside(edit, roles[id(edit)])
            else:
                self.apply(edit)

    def _set_aside(self, edit: Edit, role: Role) -> None:
        """Beside code that is meant for the file this one is not; where it would change the file, that may be wrong."""
        lines = self.document.lines
        changes = role not in asides.PLAIN and not asides.is_excerpt(edit, lines)
        if changes:
            self.work.spend(_CODE_LOOKS * lines.size)
            plan = plan_code(edit, lines, self.language, self.cursor, self.work)
            changes = plan.placed and suspicions.changes_something(lines, plan.splices)
        message = f"This code is announced as {asides.ANNOUNCED[role]}; it was not applied."
        self._note("set_aside", message, "warning" if changes else "info", edit.start)

    def _may_search(self, chat_line: int) -> bool:
        """Whether there is work left for one more change, which is counted and noted where there is not."""
        if self.work.spend(self.document.unread):
            return True
        self.seen += 1
        self._note("too_many_changes", TOO_MANY, "error", chat_line)
        return False

    def _places(self, edit: Edit) -> list[list[int]]:
        keys = [key for line in edit.code.split("\n") if (key := line.strip())]
        return solid_places(keys, self.document.lines, self.work) if keys else []

    def _stands(self, edit: Edit) -> bool:
        return edit.format == "code" and edit.fenced and bool(self._places(edit))

    def _renews(self, edit: Edit, other: Edit) -> bool:
        return asides.is_new_version(edit, other, self.document.lines)

    def _exchange(self, edit: Edit, new: str) -> None:
        rows = rows_between(edit.code.strip("\n").split("\n"), new.strip("\n").split("\n") if new else [])
        self.seen += 1
        self._apply_hunk(Hunk(tuple(rows), edit.start, style="search"), edit, 0)

    def apply(self, edit: Edit) -> None:
        if edit.format == "code":
            self._apply_code(edit)
        else:
            self._apply_hunks(edit)

    def _apply_code(self, edit: Edit) -> None:
        self.seen += 1
        self.work.spend(_CODE_LOOKS * self.document.lines.size)
        plan = plan_code(edit, self.document.lines, self.language, self.cursor, self.work)
        if not plan.placed:
            self._note("not_placed", "Nothing in the file says where this code goes.", "error", edit.start)
            self.changes.append(Change(None, True, edit, rows=(0, edit.code.count("\n") + 1)))
            return
        if not plan.whole:
            self._suspect(plan, edit)
            if suspicions.overwrites(self.document.lines, plan.splices, self.document.origins):
                plan.doubt("overwrites", "This would replace lines that an earlier part of the answer wrote.", 0)
        self._make(plan, edit.start, edit)

    def finish(self, edits: Sequence[Edit], text: str) -> None:
        """Carry out what the prose plainly says and no code shows, and a last line without an end."""
        by_prose = ByProse(self.document, "\n".join(edit.code for edit in edits), self.language)
        orders: list[Removal | Alteration] = [*removals(text), *alterations(text)]
        for order in orders:
            if not self.work.spend(self.looks + _CODE_LOOKS * self.document.unread):
                break  # the judge notes it
            if done := by_prose.carry_out(order):
                self._note(*done, self.chat_line(order.sentence))
        if announced.drops_final_newline(text):
            self.document.final_newline = False

    @property
    def looks(self) -> int:
        """What it takes to look for one name in the file and in the answer."""
        return self.document.size + self._evidence.size

    def chat_line(self, sentence: str) -> int:
        """The line of the answer that a sentence of it begins on; 0 where it is not found."""
        at = self.said.find(sentence[:80])
        return self.said.count("\n", 0, at) + 1 if at >= 0 else 0

    def _apply_hunks(self, edit: Edit) -> None:
        hunks = hunks_of(edit)
        named = any(hunk.path and not is_other(hunk.path, self.path) for hunk in hunks)
        self.cursor = 0
        drift = 0
        for hunk in hunks:
            if not self._may_search(hunk.chat_line):
                continue
            self.seen += 1
            if is_other(hunk.path, self.path):
                if named or not self._fits(hunk):
                    self.foreign += 1
                    self._note("other_file", f"This change is for {hunk.path}.", "info", hunk.chat_line)
                    continue
                self._note("other_name", f"This change names {hunk.path}, but it fits here.", "warning", hunk.chat_line)
            if hunk.problem:
                self._note("malformed", f"This change is malformed: {hunk.problem}.", "warning", hunk.chat_line)
                if not hunk.rows:
                    continue
            if hunk.deletes_file:
                self._note(
                    "deletes_file", "The answer deletes the file; that is not done here.", "error", hunk.chat_line
                )
                continue
            if hunk.whole:
                plan = Plan([Splice(0, self.document.lines.size, tuple(hunk.new))])
                if self.document.lines.solid:
                    plan.doubt("file_exists", "The answer adds a file that is there already: it was replaced.", 0)
                self._make(plan, hunk.chat_line, edit, hunk)
                continue
            drift = self._apply_hunk(hunk, edit, drift)

    def _fits(self, hunk: Hunk) -> bool:
        """Whether a change that names another file is plainly of this one: several old lines, all in one place."""
        if hunk.whole or sum(1 for line in hunk.old if line.strip()) < _PLAIN:
            return False
        result = place_hunk(hunk, self.document.lines, Hints(work=self.work))
        return not isinstance(result, str) and not result[0].doubts

    def _apply_hunk(self, hunk: Hunk, edit: Edit, drift: int) -> int:
        lines = self.document.lines
        hints = Hints(self.cursor, drift, lambda: prose.scopes(edit, lines), self.work)
        result = place_hunk(hunk, lines, hints)
        inexact = isinstance(result, str) or result[1].doubt
        if inexact and hunk.style == "search" and self._replace_inside(hunk, edit, alone=not isinstance(result, str)):
            return drift
        if isinstance(result, str):
            self._note("not_placed", f"This change cannot be placed: {result}.", "error", hunk.chat_line)
            self.changes.append(Change(None, True, edit, hunk))
            return drift
        plan, found = result
        before = lines.size
        self._make(plan, hunk.chat_line, edit, hunk)
        if hunk.final_newline is not None:
            self.document.final_newline = hunk.final_newline
        grown = len(self.document.texts) - before
        self.cursor = max(0, max(found.at.values()) + 1 + grown)
        return found.first - (hunk.line - 1) + grown if hunk.line else drift + grown

    def _replace_inside(self, hunk: Hunk, edit: Edit, *, alone: bool) -> bool:
        """A search text that is a part of a line, or spans parts of lines; `alone`: only where it stands once."""
        old, new = "\n".join(hunk.old), "\n".join(hunk.new)
        whole = "\n".join(self.document.texts)
        count = whole.count(old) if old.strip() else 0
        if not count or (alone and count > 1):
            return False
        at = whole.index(old)
        first = whole.count("\n", 0, at)
        last = first + old.count("\n")
        region = "\n".join(self.document.texts[first : last + 1])
        if alone and not re.search(r"\w", region.replace(old, "", 1)):
            return False  # whole lines but for a sign or two, which was left out by mistake
        texts = region.replace(old, new, 1).split("\n")
        plan = Plan([Splice(first, last + 1, tuple(texts))])
        if count > 1:
            plan.doubt("place_unsure", f"The search text stands in {count} places; the first one was taken.", 0)
        self._make(plan, hunk.chat_line, edit, hunk)
        return True

    def _make(self, plan: Plan, chat_line: int, edit: Edit, hunk: Hunk | None = None) -> None:
        for text, row in islice(suspicions.turned_lines(self.document.lines, plan.splices), 1):
            plan.doubt("repeats", f"New lines repeat the line beside them: {text[:60]}", row)
        for name, value in plan.signals.items():
            self.signals[name] = max(value, self.signals.get(name, 0.0))
        self._keep_changes(plan, edit, hunk)
        changed = self.document.apply(plan.splices)
        self.placed += 1
        if plan.splices:
            self.cursor = max(splice.start + len(splice.texts) for splice in plan.splices)
        for code, message, row in plan.doubts:
            self._note(code, message, "warning", chat_line + row)
        if not changed:
            severity: Severity = "info" if edit.format == "code" and self._stands(edit) else "warning"
            self._note("changes_nothing", "This change alters nothing in the file.", severity, chat_line)

    def _keep_changes(self, plan: Plan, edit: Edit, hunk: Hunk | None) -> None:
        """Before the splices are made: a doubt is about the splice that its row is in or next to, else about all."""
        rows = [row for _, _, row in plan.doubts]
        ranges = [(splice.row, splice.row + len(splice.texts)) for splice in plan.splices]
        doubted, told = Ranges((row, row + 1) for row in rows), Ranges((low - 1, high + 1) for low, high in ranges)
        near = [doubted.meet(low - 1, high + 1) for low, high in ranges]
        everywhere = any(not told.hold(row) for row in rows)
        for splice, among, said in zip(plan.splices, near, ranges, strict=True):
            span = self.document.original_rows(splice.start, splice.end)
            self.changes.append(Change(span, among or everywhere, edit, hunk, said))

    def _suspect(self, plan: Plan, edit: Edit) -> None:
        lines = self.document.lines
        role = asides.role_of(edit, lambda: asides.holds_tests(self.document.texts))
        if role not in ("edit", "command") and suspicions.changes_something(lines, plan.splices):
            plan.doubt("maybe_not_meant", f"This code is announced as {asides.ANNOUNCED[role]}; it was applied.", 0)
        if suspicions.is_elsewhere(lines, plan.splices, prose.spot(edit, lines)):
            plan.doubt("other_place_said", "The sentence above names another place for it.", 0)
        adds = takes_nothing(edit)
        whole = self.language == "json" or shows_rules(lines_of(edit.code.split("\n"), self.language), 0)
        if adds or "bare" in plan.signals:
            losses = suspicions.unsaid_losses(lines, plan, self._evidence, adds=adds, whole=whole)
            for key, row in islice(losses, 1):
                words = "only adds" if adds else "shows this block anew"
                plan.doubt("lines_dropped", f"The answer {words}, but this would go: {key[:60]}", row)
        bare = "bare" in plan.signals
        for key, row in islice(suspicions.lost_returns(lines, plan.splices) if bare else (), 1):
            plan.doubt("lines_dropped", f"The function would end without what it gives back: {key[:60]}", row)
        for text, row in islice(suspicions.repeated_lines(lines, plan.splices, self._evidence.lines), 1):
            plan.doubt("repeats", f"New lines repeat the line beside them: {text[:60]}", row)
        for name, row in suspicions.declared_twice(lines, plan.splices):
            if name not in plan.siblings:
                plan.doubt("declared_twice", f"{name[:60]} is declared there already; now it stands there twice.", row)
        for text, row in islice(suspicions.emptied_blocks(lines, plan.splices), 1):
            plan.doubt("emptied_block", f"Nothing would stay inside this block: {text[:60]}", row)
        if lost := suspicions.unasked_removals(lines, plan, self._evidence):
            names = ", ".join(name for name, _ in lost)
            plan.doubt("unasked_removal", f"Nothing in the answer asks for it, but {names[:120]} would go.", lost[0][1])

    def _note(self, code: str, message: str, severity: Severity, chat_line: int) -> None:
        self.notes.append(MergeNote(code, message, severity, chat_line))
