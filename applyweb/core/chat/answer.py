"""The values that an assistant's answer is read into.

Must not know: the original file, and where an edit goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["code", "udiff", "search_replace", "apply_patch"]
PathSource = Literal["", "own", "prose"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One piece of code of an answer. `start` and `end` are the 1-based inclusive chat lines of `code` (which has
    "\\n" ends only); `path` is the file that it is for, "" where nothing says, and `path_source` tells whether
    the piece itself names it (info string, a line of its own, a heading, a header) or only a sentence before it
    does. `before` and `after` are the prose between this piece and its neighbours."""

    code: str
    info: str
    format: Format
    start: int
    end: int
    path: str = ""
    path_source: PathSource = ""
    before: str = ""
    after: str = ""
    fenced: bool = True
    closed: bool = True

    @property
    def language(self) -> str:
        """The first word of the info string, lower case; "" where there is none."""
        return self.info.replace(":", " ").replace("{", " ").split(" ", 1)[0].lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its edits in order, and everything that is not code."""

    edits: tuple[Edit, ...]
    prose: str
