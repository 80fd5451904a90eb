"""What stands for code that is not shown, and what only looks like it."""

from __future__ import annotations

import pytest

from applyweb.core.merge.lines import lines_of
from applyweb.core.merge.markers import Strength, find_markers, marker_strength


@pytest.mark.parametrize(
    "line",
    [
        "# ... existing code ...",
        "// ...",
        "...",
        "…",
        "/* ... unchanged ... */",
        "<!-- ... rest of the page ... -->",
        "{/* ... other routes ... */}",
        "-- ... same as before ...",
        " * ... (description unchanged) ...",
        "; ... other settings ...",
        "# ... keep the handlers for `a` and `b` as they are ...",
        "[... rest of the file ...]",
        '""" ... """',
    ],
)
def test_ellipsis_markers(line: str) -> None:
    assert marker_strength(line.strip()) is Strength.STRONG


@pytest.mark.parametrize(
    "line",
    [
        "# rest of the class stays the same",
        "// (imports unchanged)",
        "# body unchanged",
        "// keep everything else as is",
        "# existing imports",
        "<!-- header unchanged -->",
        "# other methods remain the same",
    ],
)
def test_worded_markers(line: str) -> None:
    assert marker_strength(line) is Strength.WEAK


@pytest.mark.parametrize(
    "line",
    [
        "x = [...]",
        "...args,",
        "return {...state, open: true}",
        "# wait for the server to come up",
        "# TODO: handle the other case",
        "raise ValueError('unchanged')",
        "def f(*args): ...",
        "// Loading...",
        "tuple[int, ...]",
        "",
        "# " + "unchanged " * 60,
    ],
)
def test_not_markers(line: str) -> None:
    assert marker_strength(line) is Strength.NONE


def test_a_line_of_the_original_is_content() -> None:
    edit = lines_of(["# ... existing code ...", "x = 1"])
    assert find_markers(edit, {"# ... existing code ..."}) == [Strength.NONE, Strength.NONE]
    assert find_markers(edit, {"x = 1"}) == [Strength.STRONG, Strength.NONE]
