"""What is to be said of a merged text: its hunks, its checks, which lines of the chat asked for what. Run in a process
of its own.

Must not know: Django, events, how it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from applyweb.core import checks as core_checks
from applyweb.core.diff import Hunk, hunks
from applyweb.core.support import support


@dataclass(frozen=True, slots=True)
class Judgement:
    """`sound` is False where a check failed; `astray` is `Support.astray`."""

    hunks: Sequence[Hunk]
    checks: list[dict[str, Any]]
    support: dict[str, Any]
    sound: bool
    astray: str


def judge(original: str, merged: str, chat: str, path: str, language: str) -> Judgement:
    """Diffs and checks a merged text, once and for all."""
    found = hunks(original, merged)
    checked = core_checks.run(original, merged, chat=chat, language=language, path=path)
    supported = support(original, merged, found, chat, path=path)
    return Judgement(
        hunks=found,
        checks=[asdict(check) for check in checked],
        support=asdict(supported),
        sound=all(check.state != "failed" for check in checked),
        astray=supported.astray,
    )


def warm_up() -> None:
    """Loads what the first apply would wait for."""
    judge("a = 1\n", "a = 2\n", "```python\na = 2\n```\n", "a.py", "python")
