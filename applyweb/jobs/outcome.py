"""From an engine's finished text to everything that is stored: diff, checks, support. CPU work, for a thread.

Must not know: events, sockets, how it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from applyweb.actions.applies import Events, Outcome
from applyweb.core import checks as core_checks
from applyweb.core.diff import Hunk, hunks
from applyweb.core.support import support
from applyweb.engines.base import Confidence, Finished
from applyweb.models import Apply


@dataclass(frozen=True, slots=True)
class OutcomeParts:
    """An outcome but for its event log; `summary` is the body of the "finished" event."""

    finished: Finished
    confidence: Confidence
    hunks: Sequence[Hunk]
    notes: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    support: dict[str, Any]

    @property
    def summary(self) -> dict[str, Any]:
        total = len(self.hunks)
        return {
            "status": "finished",
            "confidence": self.confidence,
            "engine": self.finished.engine,
            "hunks": {"total": total, "accepted": 0, "rejected": 0, "pending": total},
            "merged_sha256": sha256(self.finished.text.encode("utf-8")).hexdigest(),
            "stats": dict(self.finished.stats),
        }

    def outcome(self, events: Events) -> Outcome:
        """The whole, with the log that leads to it."""
        return Outcome(
            merged=self.finished.text,
            engine=self.finished.engine,
            confidence=self.confidence,
            hunks=self.hunks,
            notes=self.notes,
            checks=self.checks,
            support=self.support,
            stats=self.finished.stats,
            events=events,
        )


def build_outcome(apply: Apply, original: str, finished: Finished) -> OutcomeParts:
    """Diffs and checks the merged text. An engine's "certain" stands only where no check failed."""
    merged = finished.text
    chat = apply.chat.text
    found = hunks(original, merged)
    checked = core_checks.run(original, merged, chat=chat, language=apply.language, path=apply.path)
    failed = any(check.state == "failed" for check in checked)
    asked = support(original, merged, found, chat, path=apply.path)
    return OutcomeParts(
        finished=finished,
        confidence="unsure" if failed else finished.confidence,
        hunks=found,
        notes=[asdict(note) for note in finished.notes],
        checks=[asdict(check) for check in checked],
        support=asdict(asked),
    )
