"""Figures of metrics as text: 88.0 %, +0.5 pp, 0.12 lines, 12.3 ms. Must not know: where they come from."""

from __future__ import annotations

import math

from applyweb.core.intervals import Interval
from applyweb.core.metrics import Unit


def shown(unit: Unit, value: float) -> str:
    if unit == "rate":
        return f"{value * 100:.1f} %"
    return f"{value:.2f} lines" if unit == "lines" else f"{value:.1f} ms"


def shown_change(unit: Unit, value: float) -> str:
    """With its sign; rates differ by percentage points."""
    if unit == "rate":
        return f"{value * 100:+.1f} pp"
    return f"{value:+.2f} lines" if unit == "lines" else f"{value:+.1f} ms"


def shown_range(unit: Unit, interval: Interval, *, change: bool = False) -> str:
    """Where the figure lies. A bound that too few cases could tell is left out."""
    show = shown_change if change else shown
    low, high = math.isfinite(interval.low), math.isfinite(interval.high)
    if low and high:
        return f"{show(unit, interval.low)} to {show(unit, interval.high)}"
    if low:
        return f"{show(unit, interval.low)} or more"
    return f"{show(unit, interval.high)} or less" if high else "unknown"
