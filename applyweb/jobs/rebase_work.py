"""The CPU work of a rebase: the three texts, then what is to be said of the outcome. Run in a process of its own.

Must not know: Django, how anything is read or written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from applyweb.core.diff import Hunk
from applyweb.core.parts import Parts
from applyweb.core.rebase import Rebased, rebase
from applyweb.jobs.judge import Judgement, judge


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A diff under review: its texts, its hunks, and what several people decided of them."""

    original: str
    merged: str
    hunks: Sequence[Hunk]
    layouts: Sequence[Mapping[str, Parts]]


def rebased(reviewed: Reviewed, new: str) -> Rebased:
    """The review over another original."""
    return rebase(reviewed.original, reviewed.merged, reviewed.hunks, new, reviewed.layouts)


def rebased_and_judged(reviewed: Reviewed, new: str, chat: str, path: str, language: str) -> tuple[Rebased, Judgement]:
    """The same, with the checks and the support of its hunks."""
    found = rebased(reviewed, new)
    return found, judge(new, found.merged, chat, path, language, found.hunks)
