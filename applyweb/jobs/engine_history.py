"""What the engines' figures were in the last minutes, kept in memory while somebody watches.

Nothing is asked for its sake: whoever looks at an engine's status leaves a sample. Must not know: engines, pages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
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
                kept.append(sample)
            return tuple(kept)


history = History()
