"""Which of somebody's files each piece of an answer is for: an answer over several files becomes one plan.

A name is a file's where one ends with the other, whatever the case. Where two files fit, or nothing names one, nothing
is guessed: a question stands until somebody answers it. Must not know: what the files hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from applyweb.core import languages
from applyweb.core.chat.answer import Answer
from applyweb.core.chat.pieces import Piece, Range, pieces_of
from applyweb.core.merge.markers import Strength, marker_strength
from applyweb.core.merge.select import is_other, select

Kind = Literal["given", "new", "missing", "deleted", "unsafe", "unwanted"]
_MOST_NAMES = 1_000
_FEW = 60  # so many files can be offered as an answer


class PlanError(ValueError):
    """No plan can be made of this; `str(error)` is for people."""


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A file and the pieces for it. `given`: it is there. `new`: it is not, and the pieces can make it. `missing`: it
    is not, and the pieces change what it holds. `deleted`: the answer only deletes it. `unsafe`: it would be written
    outside of the folder. `unwanted`: somebody said no. Only the first two can become applies; `given_as` is the given
    path of the first."""

    path: str
    kind: Kind
    pieces: tuple[Piece, ...]
    given_as: str = ""

    @property
    def applies(self) -> bool:
        return self.kind in ("given", "new")


@dataclass(frozen=True, slots=True)
class Question:
    """A piece that could be for several files, or names none. `names` is what the answer calls its file."""

    piece: Piece
    names: tuple[str, ...]
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`files` in the answer's order; `untouched` are given files that no piece is for; `commands` are no code of a
    file; `dropped` are the pieces that somebody said are for no file."""

    files: tuple[FilePlan, ...]
    untouched: tuple[str, ...]
    questions: tuple[Question, ...]
    commands: tuple[Piece, ...]
    dropped: tuple[Piece, ...]
    pieces: tuple[Piece, ...]

    @property
    def to_apply(self) -> tuple[FilePlan, ...]:
        return tuple(file for file in self.files if file.applies)

    def hidden_from(self, file: FilePlan) -> tuple[Range, ...]:
        """The chat lines that are for other files than this one, or for none."""
        shown = {piece.lines[0] for piece in (*file.pieces, *self.commands)}
        return tuple(sorted(range_ for piece in self.pieces if piece.lines[0] not in shown for range_ in piece.hidden))


def assign(chat: str, paths: Sequence[str], answers: Mapping[int, str] | None = None) -> Plan:
    """The plan for these files. `answers` say by the first line of a piece which file it is for: one of `paths`, a name
    that the answer uses (a new file), or "" for none. Errors: PlanError."""
    pieces = pieces_of(chat)
    return _Assignment(pieces, list(dict.fromkeys(paths)), dict(answers or {})).plan()


def clean_path(path: str) -> str:
    """A path with "/" alone and without empty steps; "" where it is absolute, leaves its folder, or is git's own."""
    steps = path.strip().replace("\\", "/").split("/")
    kept = [step for step in steps if step not in ("", ".")]
    absolute = not steps[0] or steps[0][1:2] == ":"  # also of a drive
    if absolute or ".." in kept or any(step.lower() == ".git" for step in kept):
        return ""
    return "/".join(kept)


class _Assignment:
    def __init__(self, pieces: Sequence[Piece], paths: list[str], answers: dict[int, str]) -> None:
        self._pieces, self._paths, self._answers = tuple(pieces), paths, answers
        self._given = _Leaves(paths)
        self._commands = {piece.lines[0]: piece for piece in pieces if self._is_command(piece)}
        code = [piece for piece in pieces if piece.lines[0] not in self._commands]
        named = dict.fromkeys(name for piece in code for name in piece.names)
        if len(named) > _MOST_NAMES:
            raise PlanError(f"The answer names {len(named):,} files; it may name {_MOST_NAMES:,}.")
        self._new = _longest([name for name in named if not self._fitting(name)])
        self._named_new = _Leaves(self._new)
        unknown = set(answers) - {piece.lines[0] for piece in pieces}
        if unknown:
            raise PlanError(f"No piece of code begins on chat line {min(unknown)}.")

    def plan(self) -> Plan:
        owned: dict[str, list[Piece]] = {}
        questions: list[Question] = []
        dropped: list[Piece] = []
        for piece in self._pieces:
            if piece.lines[0] in self._commands:
                continue
            target = self._answered(piece)
            if target is None:
                fitting = self._targets(piece)
                if len(fitting) != 1:
                    questions.append(Question(piece, piece.names, fitting))
                    continue
                target = fitting[0]
            if target:
                owned.setdefault(target, []).append(piece)
            else:
                dropped.append(piece)
        files = [self._file(path, found) for path, found in owned.items()]
        asked = {path for question in questions for path in question.candidates}
        files += [
            FilePlan(path, "unwanted", tuple(piece for piece in dropped if path in self._targets(piece)))
            for path in self._new
            if path not in owned and path not in asked
        ]
        untouched = tuple(path for path in self._paths if path not in owned and path not in asked)
        return Plan(
            tuple(files), untouched, tuple(questions), tuple(self._commands.values()), tuple(dropped), self._pieces
        )

    def _is_command(self, piece: Piece) -> bool:
        """Commands and output are for no file, unless a file is named or told, or a script is among those given."""
        if piece.names or self._answers.get(piece.lines[0]):
            return False
        known = [language.name for path in self._paths if (language := languages.by_path(path))] or [""]
        return all(not select(Answer((piece.edit,), ""), "", name).edits for name in known)

    def _answered(self, piece: Piece) -> str | None:
        answer = self._answers.get(piece.lines[0])
        if answer and answer not in (*self._paths, *self._new, *piece.names):
            raise PlanError(f"Chat line {piece.lines[0]} cannot be for {answer}: no such file is given or named.")
        return answer

    def _targets(self, piece: Piece) -> tuple[str, ...]:
        """The files that a piece may be for: one where it is clear."""
        if piece.names:
            found = [to for name in piece.names for to in self._fitting(name) or self._named_new.ending(name)]
            return tuple(dict.fromkeys(found))
        if len(self._paths) <= _FEW:
            return (*self._paths, *self._new)
        named = {path for other in self._pieces for name in other.names for path in self._fitting(name)}
        return (*(path for path in self._paths if path in named), *self._new)

    def _fitting(self, name: str) -> list[str]:
        """The given files that a name may be for; one where it says exactly that one."""
        plain = name.replace("\\", "/").removeprefix("./")
        for same in (str, str.lower):
            exact = [path for path in self._given.of(name) if same(path) == same(plain)]
            if len(exact) == 1:
                return exact
        return self._given.ending(name)

    def _file(self, path: str, pieces: list[Piece]) -> FilePlan:
        whole = FilePlan(path, "given", tuple(pieces), path if path in self._paths else "")
        if all(piece.deletes for piece in pieces):
            return replace(whole, kind="deleted")
        if path in self._paths:
            return replace(whole, path=self._full_path(path, pieces))
        if not clean_path(path):
            return replace(whole, kind="unsafe")
        makes = all(piece.adds_only and not _has_gap(piece) for piece in pieces)
        return replace(whole, path=clean_path(path), kind="new" if makes else "missing")

    def _full_path(self, path: str, pieces: Sequence[Piece]) -> str:
        """A file given by its bare name has the folder that the answer tells, where it tells one."""
        if "/" in path:
            return path
        named = {name for piece in pieces for name in piece.names if not is_other(name, path)}
        full = _longest([clean for name in named if (clean := clean_path(name))])
        return full[0] if len(full) == 1 and len(full[0]) > len(path) and full[0] not in self._paths else path


class _Leaves:
    """Paths by their last step: of many thousand only those are looked at that end like a name."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths: dict[str, list[str]] = {}
        for path in paths:
            self._paths.setdefault(_leaf(path), []).append(path)

    def of(self, name: str) -> list[str]:
        return self._paths.get(_leaf(name), [])

    def ending(self, name: str) -> list[str]:
        """Those that end with the name, or that it ends with."""
        return [path for path in self.of(name) if not is_other(name, path)]


def _leaf(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].lower()


def _longest(names: Sequence[str]) -> list[str]:
    """Names without those that only say less of another: `a.py` beside `src/a.py`."""
    leaves = _Leaves(names)
    return [name for name in names if all(len(other) <= len(name) for other in leaves.ending(name))]


def _has_gap(piece: Piece) -> bool:
    """Whether code leaves lines out that only the file itself has. A bare "..." may be Python's own."""
    rows = piece.edit.code.split("\n") if piece.edit.format == "code" else []
    return any(marker_strength(row.strip()) == Strength.STRONG for row in rows if row.strip() != "...")
