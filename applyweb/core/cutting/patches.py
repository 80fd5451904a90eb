"""Answers in patch formats: unified diffs, SEARCH/REPLACE, apply_patch.

Must not know: other styles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from applyweb.core.cutting.change import Change, Window
from applyweb.core.cutting.draw import Draw
from applyweb.core.cutting.words import fence
from applyweb.core.languages import Language

_DIFF = Language("diff", "diff", ())
_PLAIN = Language("", "text", ())


def _rows(change: Change, window: Window) -> list[str]:
    """A window as the rows of a diff."""
    rows: list[str] = []
    at = window.start
    for old_start, old_end, start, end in change.spans:
        if window.start <= start and end <= window.end and start >= at:
            rows += [f" {line}" for line in change.new[at:start]]
            rows += [f"-{line}" for line in change.old[old_start:old_end]]
            rows += [f"+{line}" for line in change.new[start:end]]
            at = end
    return rows + [f" {line}" for line in change.new[at : window.end]]


def _stands_once(change: Change, window: Window) -> bool:
    """Whether the old lines of a window are in one place of the old file only."""
    old = change.old[window.old_start : window.old_end]
    if not any(line.strip() for line in old):
        return False
    keys = [line.strip() for line in change.old]
    wanted = [line.strip() for line in old]
    size = len(wanted)
    return sum(keys[at : at + size] == wanted for at in range(len(keys) - size + 1)) == 1


def udiff(numbers: Literal["right", "wrong", "none"]) -> Callable[[Change, Draw], str | None]:
    """A unified diff; wrong or missing numbers leave the place to the lines, which then stand only there."""

    def style(change: Change, draw: Draw) -> str | None:
        windows = change.windows(3)
        if numbers != "right" and not all(_stands_once(change, window) for window in windows):
            return None
        lines = [f"--- a/{change.path}", f"+++ b/{change.path}"]
        for window in windows:
            old, new = window.old_end - window.old_start, window.end - window.start
            drift = draw.choice((-7, -3, 2, 5, 40)) if numbers == "wrong" else 0
            at = max(1, window.old_start + 1 + drift)
            to = max(1, window.start + 1 + drift)
            lines.append("@@ @@" if numbers == "none" else f"@@ -{at},{old} +{to},{new} @@")
            lines += _rows(change, window)
        return fence(lines, _DIFF, draw)

    return style


def search_replace(change: Change, draw: Draw) -> str | None:
    """Blocks whose search text stands in one place only."""
    blocks = []
    for window in change.windows(draw.choice((1, 2, 3))):
        if not _stands_once(change, window):
            return None
        old, new = change.old[window.old_start : window.old_end], change.new[window.start : window.end]
        blocks.append(["<<<<<<< SEARCH", *old, "=======", *new, ">>>>>>> REPLACE"])
    if draw.happens(0.5):
        return "\n\n".join(fence(block, _PLAIN, draw) for block in blocks)
    return "\n\n".join("\n".join(block) for block in blocks)


def apply_patch(change: Change, draw: Draw) -> str | None:
    """A V4A patch with the definition around each change as its anchor; the lines stand in one place only."""
    lines = ["*** Begin Patch", f"*** Update File: {change.path}"]
    for window in change.windows(3):
        if not _stands_once(change, window):
            return None
        around = change.around(window.start, window.end)
        header = change.new[around[-1].header].strip() if around else ""
        anchored = header and not change.is_changed(around[-1].header, around[-1].header + 1)
        lines.append(f"@@ {header}" if anchored and draw.happens(0.7) else "@@")
        lines += _rows(change, window)
    lines.append("*** End Patch")
    return "\n".join(lines) if draw.happens(0.5) else fence(lines, _PLAIN, draw)
