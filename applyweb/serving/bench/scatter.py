"""A plot of runs: milliseconds by lines of the file, both logarithmic, one mark shape and colour an engine, as SVG.

Must not know: how anything is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from applyweb.serving.bench.engines import Run
from applyweb.serving.bench.marks import axis, mark, share

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 720, 420, 70, 50, 40, 20


def svg(found: Sequence[Run]) -> str:
    """Runs that failed are left out. Readable without colour: each engine has a shape of its own."""
    shown = [run for run in found if not run.failure]
    names = list(dict.fromkeys(run.engine for run in found))
    across = axis([run.lines for run in shown] or [1])
    up = axis([run.ms for run in shown] or [1])
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
        x = _LEFT + 180 + 130 * number
        parts.append(mark(number, x, _TOP - 28))
        parts.append(f'<text x="{x + 10}" y="{_TOP - 24}">{escape(name)}</text>')
        parts += [mark(number, _x(run.lines, across), _y(run.ms, up)) for run in shown if run.engine == name]
    return "\n".join([*parts, "</svg>", ""])


def _x(value: float, axis: Sequence[float]) -> float:
    return _LEFT + share(value, axis) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, axis: Sequence[float]) -> float:
    return _HEIGHT - _BOTTOM - share(value, axis) * (_HEIGHT - _TOP - _BOTTOM)
