"""What is to be said of a merged text: its hunks, its checks, which lines of the chat asked for what. Run in a process
of its own.

Must not know: Django, events, how it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from applyweb.core import checks as core_checks
from applyweb.core.diff import Hunk, hunks
from applyweb.core.support import support
from applyweb.engines.base import Finished, Note
from applyweb.engines.embedded import EmbeddedEngine


@dataclass(frozen=True, slots=True)
class Judgement:
    """`sound` is False where a check failed; `astray` is `Support.astray`."""

    hunks: Sequence[Hunk]
    checks: list[dict[str, Any]]
    support: dict[str, Any]
    sound: bool
    astray: str


def judge(
    original: str, merged: str, chat: str, path: str, language: str, known: Sequence[Hunk] | None = None
) -> Judgement:
    """Diffs and checks a merged text, once and for all. `known`: its hunks, where they are not to be found anew."""
    found = hunks(original, merged) if known is None else known
    checked = core_checks.run(original, merged, chat=chat, language=language, path=path)
    supported = support(original, merged, found, chat, path=path)
    return Judgement(
        hunks=found,
        checks=[asdict(check) for check in checked],
        support=asdict(supported),
        sound=all(check.state != "failed" for check in checked),
        astray=supported.astray,
    )


def concluded(finished: Finished, judgement: Judgement) -> Finished:
    """An engine's end with the judgement in it. An engine's "certain" stands only where no check failed, and a model's
    only where it did what the chat asks for and nothing else, else a note says so. The merge has weighed the same
    evidence itself."""
    strayed = "" if finished.engine == EmbeddedEngine.name else judgement.astray
    confidence = finished.confidence if judgement.sound and not strayed else "unsure"
    notes = finished.notes
    if strayed:
        notes = (*notes, Note("astray", f"Look at what the model made of it: {strayed}."))
    return replace(finished, confidence=confidence, notes=notes)


def warm_up() -> None:
    """Loads what the first apply would wait for."""
    judge("a = 1\n", "a = 2\n", "```python\na = 2\n```\n", "a.py", "python")
