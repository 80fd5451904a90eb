"""From an engine's finished text to everything that is stored. Must not know: events, sockets, how it is written."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from applyweb.actions.applies import Events, Outcome
from applyweb.engines.base import Finished
from applyweb.jobs.judge import Judgement, concluded, judge
from applyweb.jobs.processes import judging
from applyweb.models import Apply
from applyweb.queries.applies import own_chat


@dataclass(frozen=True, slots=True)
class OutcomeParts:
    """An outcome but for its event log; `summary` is the body of the "finished" event. `finished` is concluded."""

    finished: Finished
    judgement: Judgement

    @property
    def summary(self) -> dict[str, Any]:
        total = len(self.judgement.hunks)
        return {
            "status": "finished",
            "confidence": self.finished.confidence,
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
            confidence=self.finished.confidence,
            hunks=self.judgement.hunks,
            notes=[asdict(note) for note in self.finished.notes],
            checks=self.judgement.checks,
            support=self.judgement.support,
            stats=self.finished.stats,
            events=events,
        )


async def build_outcome(apply: Apply, original: str, finished: Finished) -> OutcomeParts:
    """Diffs and checks the merged text."""
    work = judging.submit(judge, original, finished.text, own_chat(apply), apply.path, apply.language)
    judgement = await asyncio.wrap_future(work)
    return OutcomeParts(concluded(finished, judgement), judgement)
