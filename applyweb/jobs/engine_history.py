"""What the engines' figures were in the last minutes, kept in memory while somebody watches.

Nothing is asked for its sake: whoever looks at an engine's status leaves a sample. Must not know: engines, pages.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock

WINDOW = 600.0  # seconds that are kept
_APART = 1.0  # samples of two viewers that are nearer than this are one
_MOST = 600


@dataclass(frozen=True, slots=True)
class Sample:
    """`at` in seconds of a clock that never goes back. `figures` is None where the engine did not answer."""

    at: float
    figures: Mapping[str, float] | None


class History:
    def __init__(self) -> None:
        self._samples: dict[str, deque[Sample]] = {}
        self._lock = Lock()  # two requests at once would else both find the last sample old

    def add(self, engine: str, sample: Sample) -> tuple[Sample, ...]:
        """All samples of the engine, oldest first, with this one where it is not too near to the last."""
        with self._lock:
            kept = self._samples.setdefault(engine, deque(maxlen=_MOST))
            while kept and sample.at - kept[0].at > WINDOW:
                kept.popleft()
            if not kept or sample.at - kept[-1].at >= _APART:
                kept.append(_rated(sample, kept[-1]) if kept else sample)
            return tuple(kept)


def _rated(sample: Sample, before: Sample) -> Sample:
    """With the average speed since the sample before, where nothing is written at the moment: a drafted file is begun
    and ended between two looks. A count that fell is another server's."""
    now, then = sample.figures, before.figures
    if now is None or then is None or now.get("tokens_per_second"):
        return sample
    written = now.get("tokens_written", 0.0) - then.get("tokens_written", math.inf)
    if written <= 0:
        return sample
    return replace(sample, figures={**now, "tokens_per_second": written / (sample.at - before.at)})


history = History()
