"""Which edits of an answer are for this file: other files, commands and samples are set aside, each with a note.

Must not know: the original's lines, placements.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from applyweb.core.chat import Answer, Edit
from applyweb.core.merge.plan import MergeNote

_SHELL = frozenset(
    {
        "bash",
        "sh",
        "shell",
        "console",
        "zsh",
        "fish",
        "powershell",
        "ps1",
        "pwsh",
        "cmd",
        "bat",
        "terminal",
        "shell-session",
        "shellsession",
    }
)
_OUTPUT = frozenset({"output", "log", "stdout", "stderr", "traceback", "tree", "mermaid", "csv", "http"})


@dataclass(frozen=True, slots=True)
class Selection:
    """The edits for this file in order, the names of other files that the answer has code for, and all its prose."""

    edits: tuple[Edit, ...]
    others: tuple[str, ...]
    notes: tuple[MergeNote, ...]
    prose: str


def select(answer: Answer, path: str, language: str) -> Selection:
    kept: list[Edit] = []
    others: list[str] = []
    notes: list[MergeNote] = []
    for edit in answer.edits:
        if edit.path_source == "own" and is_other(edit.path, path):
            others.append(edit.path)
            notes.append(MergeNote("other_file", f"This code is for {edit.path}.", "info", edit.start))
        elif edit.format == "code" and _is_command(edit, language):
            notes.append(
                MergeNote("not_for_file", "These are commands or output, not code for the file.", "info", edit.start)
            )
        else:
            kept.append(edit)
    return Selection(tuple(kept), tuple(dict.fromkeys(others)), tuple(notes), answer.prose)


def is_other(named: str, path: str) -> bool:
    """Whether a named path is clearly another file than `path`: one must end with the other."""
    if not named or not path:
        return False
    first, second = _parts(named), _parts(path)
    shared = min(len(first), len(second))
    return first[-shared:] != second[-shared:]


def _parts(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(path.replace("\\", "/").lower()).parts
    return tuple(part for part in parts if part not in (".", "/", ".."))


def _is_command(edit: Edit, language: str) -> bool:
    word = edit.language
    if word in _OUTPUT:
        return True
    return word in _SHELL and language not in ("bash", "makefile", "dockerfile")
