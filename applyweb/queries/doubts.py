"""Which hunk a doubt is about: the engine's notes, by the chat lines that they and the hunk share, and what the checks
and the support found, by the lines of the merged text.

Must not know: how doubts are found or shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from applyweb.core.diff import Hunk
from applyweb.models import Apply

_NO_HUNK = frozenset({"not_placed", "too_many_changes"})  # they tell of what was not done
_NEAR = 6  # chat lines; a note further from all that a hunk shows is about the whole


def doubts_by_hunk(apply: Apply, hunks: Sequence[Hunk]) -> dict[str, list[str]]:
    """Sentences by hunk id, for the hunks that have any; what cannot be told of one hunk is with none."""
    asked: dict[str, list[int]] = apply.support.get("justified", {})
    found: dict[str, list[str]] = {}
    for note in apply.notes:
        if note["severity"] == "info" or not note["chat_line"] or note["code"] in _NO_HUNK:
            continue
        distances = [
            (min(abs(line - note["chat_line"]) for line in asked[hunk.id]), hunk.id)
            for hunk in hunks
            if asked.get(hunk.id)
        ]
        nearest = min((distance for distance, _ in distances), default=_NEAR + 1)
        if nearest <= _NEAR:
            owner = next(name for distance, name in distances if distance == nearest)
            found.setdefault(owner, []).append(note["message"])
    lines = [(check["line"], check["message"]) for check in apply.checks if check["state"] in ("failed", "warning")]
    lines += [(line, f"Line {line} is of neither the chat nor the file.") for line in apply.support.get("invented", [])]
    for line, message in lines:
        for hunk in hunks:
            if line is not None and hunk.new_start < line <= hunk.new_end:
                found.setdefault(hunk.id, []).append(message)
    return {name: list(dict.fromkeys(messages)) for name, messages in found.items()}
