"""The verdict of one check.

Must not know: any one check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["passed", "warning", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """`code` names the check and is stable; `message` tells a person what was found and where; `line` is a
    1-based line of the merged text, or None. "failed": this merge is almost surely wrong. "warning": look
    at it. "unknown": the check could not be made (no grammar)."""

    code: str
    state: State
    message: str
    line: int | None = None


def passed(code: str, message: str) -> Check:
    return Check(code, "passed", message)
