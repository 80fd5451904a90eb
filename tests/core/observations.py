"""Cases of a run, as its metrics see them."""

from __future__ import annotations

from applyweb.core.metrics import Observation
from applyweb.core.scoring import Confidence, Outcome, Score


def seen(
    outcome: Outcome = "exact",
    *,
    confidence: Confidence = "certain",
    extra: int = 0,
    missing: int = 0,
    broken: bool = False,
    ms: float = 1.0,
    answered: bool = True,
) -> Observation:
    return Observation(Score(outcome, confidence, extra, missing, broken), ms, answered)


def right_of(right: int, cases: int) -> list[Observation]:
    """The first `right` of so many cases are exact, the others silently wrong."""
    return [seen() if at < right else seen("silent_wrong", extra=1) for at in range(cases)]
