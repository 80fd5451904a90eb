"""How likely a merge is right: the evidence against it, weighed.

Every doubt and every signal of a merge is a feature; a logistic model over them gives the probability that the merged
text is the one that was meant. Its weights (`weights.py`) are fitted by `manage.py calibrate` on suites of cases, and
its probabilities are checked on packages that the fit has not seen. A doubt that was hardly ever seen in the suites
keeps the strong weight that the fit starts from: what is unknown is unsure.

Must not know: how placements are found, suites.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp

from applyweb.core.merge.plan import MergeNote
from applyweb.core.merge.weights import BIAS, CERTAIN, WEIGHTS

PRIOR = -7.0  # the weight of a doubt before any case was seen
PRIOR_BIAS = 4.0
_BARRING = frozenset(
    {
        "asked_change",
        "asked_removal",
        "bare_removal",
        "changed_by_prose",
        "definitions_dropped",
        "exchanged_by_prose",
        "key_twice",
        "lines_dropped",
        "marker_leak",
        "maybe_not_meant",
        "name_lost",
        "other_name",
        "other_place_said",
        "place_unsure",
        "removed_by_prose",
        "unasked_removal",
    }
)


def features(notes: Iterable[MergeNote], signals: Mapping[str, float]) -> dict[str, float]:
    """The evidence of one merge: 1.0 for each code of a warning or an error, and the signals that are not 0."""
    found = {note.code: 1.0 for note in notes if note.severity != "info"}
    return found | {f"~{name}": value for name, value in signals.items() if value}


def is_barred(notes: Iterable[MergeNote]) -> bool:
    """Whether something is never taken without a second look, however likely: an error, or a loss nobody asked for."""
    return any(note.severity == "error" or (note.severity == "warning" and note.code in _BARRING) for note in notes)


def prior(feature: str) -> float:
    """The weight of a feature of which no case tells: doubts speak against a merge, signals do not speak."""
    return 0.0 if feature.startswith("~") else PRIOR


def probability(evidence: Mapping[str, float]) -> float:
    """The probability, 0 to 1, that a merge with this evidence is exactly what was meant."""
    total = BIAS + sum(WEIGHTS.get(name, prior(name)) * value for name, value in evidence.items())
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))


def is_certain(likely: float) -> bool:
    return likely >= CERTAIN
