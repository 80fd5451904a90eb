"""A plot of the browser benchmark as SVG: a panel a measure, the cases across, one mark a tool, the goal as a line.

Must not know: how anything is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from applyweb.serving.bench.marks import axis, mark, share
from applyweb.serving.bench.review.cases import MEASURES, Measure
from applyweb.serving.bench.review.contest import Row

_SHOWN: tuple[Measure, ...] = ("paint", "inp", "nodes", "memory")
_PANEL, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP = 400, 250, 56, 34, 40, 24
_HEAD = 40


def svg(rows: Sequence[Row], tools: Sequence[str]) -> str:
    """Two panels a line. A tool that was not measured in a case has no mark there."""
    width, height = 2 * _PANEL + _GAP, _HEAD + 2 * _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12">',
        f"<title>The review page beside other tools: {escape(', '.join(tools))}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, tool in enumerate(tools):
        x = _LEFT + 120 * number
        parts += [mark(number, x, 22), f'<text x="{x + 10}" y="26">{escape(tool)}</text>']
    x = _LEFT + 120 * len(tools)
    parts += [_goal_line(x - 6, 22, 24), f'<text x="{x + 24}" y="26">goal, at most</text>']
    for number, measure in enumerate(_SHOWN):
        found = [row for row in rows if row.measure == measure]
        left, top = (number % 2) * (_PANEL + _GAP), _HEAD + (number // 2) * _HEIGHT
        parts += [f'<g transform="translate({left} {top})">', *_panel(measure, found, tools), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(measure: Measure, rows: Sequence[Row], tools: Sequence[str]) -> list[str]:
    about = MEASURES[measure]
    goals = [row.goal for row in rows if row.goal is not None]
    up = axis([*goals, *(value for row in rows for value in row.medians.values())] or [1])
    parts = [f'<text x="{_LEFT}" y="18" font-weight="600">{escape(about.title)}, {about.unit}</text>']
    for value in up:
        y = _y(value, up)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_PANEL}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,.0f}</text>')
    each = (_PANEL - _LEFT) / max(len(rows), 1)
    for place, row in enumerate(rows):
        middle = _LEFT + each * (place + 0.5)
        parts.append(_label(row.title, middle))
        if row.goal is not None:
            parts.append(_goal_line(middle - each * 0.42, _y(row.goal, up), each * 0.84))
        for number, tool in enumerate(tools):
            if tool in row.medians:
                x = middle + (number - (len(tools) - 1) / 2) * 14
                parts.append(mark(number, x, _y(row.medians[tool], up)))
    return parts


def _label(title: str, x: float) -> str:
    lines, _, what = title.partition(", ")
    y = _HEIGHT - _BOTTOM + 16
    return (
        f'<text text-anchor="middle" font-size="11"><tspan x="{x:.1f}" y="{y}">{escape(lines)}</tspan>'
        f'<tspan x="{x:.1f}" dy="13">{escape(what)}</tspan></text>'
    )


def _goal_line(x: float, y: float, length: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}h{length:.1f}" stroke="#222222" stroke-width="1.5" stroke-dasharray="4 3"/>'


def _y(value: float, up: Sequence[float]) -> float:
    return _HEIGHT - _BOTTOM - share(value, up) * (_HEIGHT - _BOTTOM - _TOP)
