"""Marks and logarithmic axes of the plots: each series has a shape and a colour, so it can be read without colour.

Must not know: what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_COLOURS = ("#4a4fd6", "#b4480f", "#1e7a44", "#8a2a86", "#666666")
_SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "M-4 -4H4V4H-4Z",
    "M0 -5L5 4H-5Z",
    "M-5 0L0 -5L5 0L0 5Z",
    "M-4 -4L4 4M-4 4L4 -4",
)


def mark(number: int, x: float, y: float) -> str:
    """The mark of the series `number`, counted from 0, at a place."""
    colour = _COLOURS[number % len(_COLOURS)]
    return (
        f'<path d="{_SHAPES[number % len(_SHAPES)]}" transform="translate({x:.1f} {y:.1f})" '
        f'fill="{colour}" fill-opacity="0.5" stroke="{colour}"/>'
    )


def axis(values: Sequence[float]) -> list[float]:
    """Powers of ten around the values, two at least."""
    low = math.floor(math.log10(max(min(values), 1)))
    high = max(low + 1, math.ceil(math.log10(max(*values, 1))))
    return [10.0**power for power in range(low, high + 1)]


def share(value: float, axis: Sequence[float]) -> float:
    """Where a value stands on an axis, from 0 to 1."""
    low, high = math.log10(axis[0]), math.log10(axis[-1])
    return (math.log10(max(value, 1)) - low) / (high - low)
