"""The plan of a changeset as rows and questions in words, before it is made.

Must not know: requests, how a plan is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from applyweb.core.chat.pieces import Piece
from applyweb.core.merge.assign import FilePlan, Plan, Question

_SHOWN = 12  # untouched files by name
_CODE = 80
_KINDS = {
    "given": ("", "", "changed"),
    "new": ("plus", "", "New: the answer makes it"),
    "missing": ("warn", "unsure", "Not given: the answer changes what it holds"),
    "deleted": ("trash", "", "To be deleted: not done here"),
    "unsafe": ("fail", "failed", "Outside of the folder: not made"),
    "unwanted": ("x", "", "Left out"),
}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A file of a plan. `places` are its chat lines in words, `lines` the first of each piece."""

    path: str
    given_as: str
    kind: str
    icon: str
    tone: str
    words: str
    places: str
    lines: str


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """A piece whose file must be told. `line` names it, `code` is its beginning."""

    line: int
    places: str
    why: str
    code: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """What the first page shows of an answer over several files before anything begins."""

    rows: tuple[PlanRow, ...]
    questions: tuple[PlanQuestion, ...]
    settled: tuple[tuple[int, str], ...]
    untouched: tuple[str, ...]
    more_untouched: int
    commands: int

    @property
    def applies(self) -> int:
        return sum(row.kind in ("given", "new") for row in self.rows)


def plan_view(plan: Plan, answers: Mapping[int, str]) -> PlanView:
    """The page's value. `answers` are those that the plan was made with."""
    made = {piece.lines[0] for file in plan.files if file.kind in ("new", "unwanted") for piece in file.pieces}
    return PlanView(
        rows=tuple(_plan_row(file) for file in plan.files),
        questions=tuple(_question(question) for question in plan.questions),
        settled=tuple((line, path) for line, path in sorted(answers.items()) if line not in made),
        untouched=plan.untouched[:_SHOWN],
        more_untouched=max(0, len(plan.untouched) - _SHOWN),
        commands=len(plan.commands),
    )


def _plan_row(file: FilePlan) -> PlanRow:
    icon, tone, words = _KINDS[file.kind]
    lines = " ".join(str(piece.lines[0]) for piece in file.pieces)
    return PlanRow(file.path, file.given_as, file.kind, icon, tone, words, _places(file.pieces), lines)


def _question(question: Question) -> PlanQuestion:
    code = next((row.strip() for row in question.piece.edit.code.split("\n") if row.strip()), "")
    why = f"names {' and '.join(question.names)}" if question.names else "names no file"
    return PlanQuestion(question.piece.lines[0], _places([question.piece]), why, code[:_CODE], question.candidates)


def _places(pieces: Sequence[Piece]) -> str:
    """Chat lines in words: "chat lines 3 to 9 and 20"."""
    shown = [
        f"{first} to {last}" if last > first else str(first) for first, last in (each.lines for each in pieces[:4])
    ]
    if len(pieces) > 4:
        shown.append(f"{len(pieces) - 4} more places")
    if not shown:
        return ""
    words = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"chat line{'s' if len(shown) > 1 or ' to ' in words else ''} {words}"
