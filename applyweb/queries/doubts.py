"""Which hunk a doubt is about: the engine's notes, by the chat lines that they and the hunk share, and what the checks
and the support found, by the lines of the merged text. What is of no one hunk is about the file.

Must not know: how doubts are found or shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from applyweb.core.diff import Hunk
from applyweb.models import Apply

_NO_HUNK = frozenset({"not_placed", "too_many_changes"})  # they tell of what was not done
_NEAR = 6  # chat lines; a note further from all that a hunk shows is about the whole


def doubts_by_hunk(apply: Apply, hunks: Sequence[Hunk]) -> dict[str, list[str]]:
    """Sentences by hunk id, for the hunks that have any."""
    found: dict[str, list[str]] = {}
    for owner, message in _doubts(apply, hunks):
        if owner:
            found.setdefault(owner, []).append(message)
    return {name: list(dict.fromkeys(messages)) for name, messages in found.items()}


def doubts_of_file(apply: Apply, hunks: Sequence[Hunk]) -> list[str]:
    """Sentences that cannot be told of one hunk: any of them may be what they are about."""
    return list(dict.fromkeys(message for owner, message in _doubts(apply, hunks) if not owner))


def _doubts(apply: Apply, hunks: Sequence[Hunk]) -> Iterator[tuple[str, str]]:
    """(hunk id or "", sentence)."""
    asked: dict[str, list[int]] = apply.support.get("justified", {})
    for note in apply.notes:
        if note["severity"] == "info":
            continue
        line = 0 if note["code"] in _NO_HUNK else note["chat_line"]
        distances = [
            (min(abs(each - line) for each in asked[hunk.id]), hunk.id) for hunk in hunks if line and asked.get(hunk.id)
        ]
        nearest = min((distance for distance, _ in distances), default=_NEAR + 1)
        owner = next(name for distance, name in distances if distance == nearest) if nearest <= _NEAR else ""
        yield owner, note["message"]
    lines = [(check["line"], check["message"]) for check in apply.checks if check["state"] in ("failed", "warning")]
    lines += [(line, f"Line {line} is of neither the chat nor the file.") for line in apply.support.get("invented", [])]
    for line, message in lines:
        owners = [hunk.id for hunk in hunks if line is not None and hunk.new_start < line <= hunk.new_end]
        for owner in owners or [""]:
            yield owner, message
