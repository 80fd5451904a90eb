"""What the person saw when deciding: the verdict of that hunk or part ("mixed" for one of several verdicts), and where
lines are written, which text of their own stood there. Where it has become another since, in a second window, nothing
is written and the code is `changed_meanwhile`.

Must not know: requests, the database.
"""

from __future__ import annotations

from applyweb.actions.errors import Refused
from applyweb.core import parts as core
from applyweb.core.parts import Layout


def require_seen(now: Layout, name: str, seen: str) -> None:
    """Errors: Refused `changed_meanwhile` where the hunk or part stands otherwise; core.UnknownPart."""
    hunk_id, indexes = core.find(now, name)
    stands = core.verdict_of(now[hunk_id][index] for index in indexes)
    if stands != seen:
        raise Refused(
            "changed_meanwhile",
            f"This hunk is {stands} since, by another window of yours; decide again to change that.",
        )


def require_text_seen(now: Layout, name: str, seen: str | None) -> None:
    """`seen` is core.parts.Part.text_id, None where the lines stood as proposed. Errors: Refused `changed_meanwhile`
    where other lines stand there, which would be gone unseen; core.UnknownPart."""
    hunk_id, indexes = core.find(now, name)
    if {now[hunk_id][index].text_id for index in indexes} != {seen}:
        raise Refused(
            "changed_meanwhile",
            "Other lines stand for this hunk since, by another window of yours; write again to change them.",
        )
