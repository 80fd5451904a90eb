"""A plot of runs: milliseconds by lines of the file, both logarithmic, one mark shape and colour an engine, as SVG.

Must not know: how anything is measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from applyweb.serving.bench.engines import Run

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 720, 420, 70, 50, 40, 20
_COLOURS = ("#4a4fd6", "#b4480f", "#1e7a44", "#8a2a86", "#666666")
_SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "M-4 -4H4V4H-4Z",
    "M0 -5L5 4H-5Z",
    "M-5 0L0 -5L5 0L0 5Z",
    "M-4 -4L4 4M-4 4L4 -4",
)


def svg(found: Sequence[Run]) -> str:
    """Runs that failed are left out. Readable without colour: each engine has a shape of its own."""
    shown = [run for run in found if not run.failure]
    names = list(dict.fromkeys(run.engine for run in found))
    across = _axis([run.lines for run in shown] or [1])
    up = _axis([run.ms for run in shown] or [1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12">',
        f"<title>Milliseconds to the end by lines of the file: {escape(', '.join(names))}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    for value in across:
        x = _x(value, across)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>')
    for value in up:
        y = _y(value, up)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,.0f}</text>')
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 10}" text-anchor="middle">lines of the file</text>')
    parts.append(f'<text x="{_LEFT}" y="{_TOP - 24}">milliseconds to the end</text>')
    for number, name in enumerate(names):
        mark = _mark(number)
        x = _LEFT + 180 + 130 * number
        parts.append(f'<path d="{_SHAPES[number % len(_SHAPES)]}" transform="translate({x} {_TOP - 28})" {mark}/>')
        parts.append(f'<text x="{x + 10}" y="{_TOP - 24}">{escape(name)}</text>')
        parts += [
            f'<path d="{_SHAPES[number % len(_SHAPES)]}" {mark} '
            f'transform="translate({_x(run.lines, across):.1f} {_y(run.ms, up):.1f})"/>'
            for run in shown
            if run.engine == name
        ]
    return "\n".join([*parts, "</svg>", ""])


def _mark(number: int) -> str:
    colour = _COLOURS[number % len(_COLOURS)]
    return f'fill="{colour}" fill-opacity="0.5" stroke="{colour}"'


def _axis(values: Sequence[float]) -> list[float]:
    """Powers of ten around the values, two at least."""
    low = math.floor(math.log10(max(min(values), 1)))
    high = max(low + 1, math.ceil(math.log10(max(*values, 1))))
    return [10.0**power for power in range(low, high + 1)]


def _x(value: float, axis: Sequence[float]) -> float:
    return _LEFT + _share(value, axis) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, axis: Sequence[float]) -> float:
    return _HEIGHT - _BOTTOM - _share(value, axis) * (_HEIGHT - _TOP - _BOTTOM)


def _share(value: float, axis: Sequence[float]) -> float:
    low, high = math.log10(axis[0]), math.log10(axis[-1])
    return (math.log10(max(value, 1)) - low) / (high - low)
