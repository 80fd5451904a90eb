"""Rates of several runs with their 95 % intervals, as one SVG. Must not know: how runs are made or compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from applyweb.core.figures import shown, shown_range
from applyweb.core.metrics import METRICS, Observation, measure
from applyweb.serving.bench.marks import mark

_RATES = [metric for metric in METRICS.values() if metric.unit == "rate"]
_WIDTH, _LEFT, _RIGHT, _LINE, _TOP = 760, 150, 30, 16, 24  # in the drawing's own units


def rate_plot(runs: Mapping[str, Sequence[Observation]]) -> str:
    """One group of lines a rate, one line a run, in their order. A rate that no case of a run tells has none."""
    row = _LINE * len(runs) + 12
    axis = _TOP + _LINE * len(runs) + 12
    height = axis + row * len(_RATES) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        'font-size="12" role="img">',
        "<title>Rates with their 95 % intervals</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for number, name in enumerate(runs):
        y = _TOP + _LINE * number
        parts += [mark(number, _LEFT, y), f'<text x="{_LEFT + 12}" y="{y + 4}">{escape(name)}</text>']
    bottom = axis + row * len(_RATES)
    for percent in range(0, 101, 20):
        x = _x(percent / 100)
        parts.append(f'<path d="M{x:.1f} {axis}V{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{percent} %</text>')
    for at, metric in enumerate(_RATES):
        top = axis + row * at
        parts.append(f'<text x="8" y="{top + row / 2 + 4:.1f}">{metric.name}</text>')
        for number, (name, run) in enumerate(runs.items()):
            seen = measure(metric, run)
            if seen is None:
                continue
            middle = top + 6 + _LINE * (number + 0.5)
            said = f"{name}, {metric.name}: {shown('rate', seen.value)} ({shown_range('rate', seen)})"
            parts.append(f"<g><title>{escape(said)}</title>")
            parts.append(f'<path d="M{_x(seen.low):.1f} {middle}H{_x(seen.high):.1f}" stroke="#333" stroke-width="2"/>')
            parts.append(f"{mark(number, _x(seen.value), middle)}</g>")
    return "\n".join([*parts, "</svg>", ""])


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
