"""Samples over time -> small line plots, as the numbers of an SVG path. Must not know: where samples come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from applyweb.jobs.engine_history import Sample

WIDTH, HEIGHT = 240.0, 40.0  # of the drawing, in its own units
_SHORTEST = 60.0  # seconds from its left to its right side, at least
_GAP = 15.0  # seconds without a sample: nobody looked, and the line is broken
_LABELS = {
    "tokens_per_second": ("Tokens per second", "{:,.0f}"),
    "spec_accept_length": ("Acceptance length", "{:.1f}"),
    "running": ("Running", "{:.0f}"),
    "queued": ("Queued", "{:.0f}"),
}


@dataclass(frozen=True, slots=True)
class Plot:
    """`path` is the `d` of an SVG path in WIDTH x HEIGHT, `dot` the place of the last sample or None."""

    label: str
    now: str
    most: str
    said: str
    path: str
    dot: tuple[float, float] | None


def plots(samples: Sequence[Sample]) -> list[Plot]:
    """One for each figure that any sample has, in a fixed order."""
    told = {name for sample in samples for name in sample.figures or ()}
    return [_plot(name, samples) for name in _LABELS if name in told]


def _plot(name: str, samples: Sequence[Sample]) -> Plot:
    label, form = _LABELS[name]
    values = [None if sample.figures is None else sample.figures.get(name) for sample in samples]
    end = samples[-1].at
    span = max(_SHORTEST, end - samples[0].at)
    top = max(value for value in values if value is not None)
    words: list[str] = []
    before: float | None = None
    place: tuple[float, float] | None = None
    for sample, value in zip(samples, values, strict=True):
        place = None
        if value is None:
            before = None
            continue
        x = round(WIDTH - (end - sample.at) / span * WIDTH, 1)
        y = round(HEIGHT - (value / top if top > 0 else 0.0) * HEIGHT, 1)
        joined = before is not None and sample.at - before <= _GAP
        words.append(f"{'L' if joined else 'M'}{x:g} {y:g}")
        before, place = sample.at, (x, y)
    last = values[-1]
    now = "no answer" if last is None else form.format(last)
    most = form.format(top)
    minutes = max(1, round((end - samples[0].at) / 60))
    over = "the last minute" if minutes == 1 else f"the last {minutes} minutes"
    return Plot(label, now, most, f"{label} over {over}: now {now}, at most {most}", "".join(words), place)
