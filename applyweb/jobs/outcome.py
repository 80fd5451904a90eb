"""From an engine's finished text to everything that is stored. Must not know: events, sockets, how it is written."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from applyweb.actions.applies import Events, Outcome
from applyweb.engines.base import Confidence, Finished, Note
from applyweb.engines.embedded import EmbeddedEngine
from applyweb.jobs.judge import Judgement, judge
from applyweb.jobs.processes import judging
from applyweb.models import Apply

EMBEDDED = EmbeddedEngine.name


@dataclass(frozen=True, slots=True)
class OutcomeParts:
    """An outcome but for its event log; `summary` is the body of the "finished" event."""

    finished: Finished
    judgement: Judgement

    @property
    def confidence(self) -> Confidence:
        """An engine's "certain" stands only where no check failed, and a model's only where it did what the chat asks
        for and nothing else. The merge has weighed the same evidence itself."""
        return self.finished.confidence if self.judgement.sound and not self._strayed else "unsure"

    @property
    def _strayed(self) -> str:
        return "" if self.finished.engine == EMBEDDED else self.judgement.astray

    @property
    def _notes(self) -> list[dict[str, Any]]:
        notes = [asdict(note) for note in self.finished.notes]
        if self._strayed:
            notes.append(asdict(Note("astray", f"Look at what the model made of it: {self._strayed}.")))
        return notes

    @property
    def summary(self) -> dict[str, Any]:
        total = len(self.judgement.hunks)
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
            hunks=self.judgement.hunks,
            notes=self._notes,
            checks=self.judgement.checks,
            support=self.judgement.support,
            stats=self.finished.stats,
            events=events,
        )


async def build_outcome(apply: Apply, original: str, finished: Finished) -> OutcomeParts:
    """Diffs and checks the merged text."""
    work = judging.submit(judge, original, finished.text, apply.chat.text, apply.path, apply.language)
    return OutcomeParts(finished, await asyncio.wrap_future(work))
