"""A diff as segments: every line is somewhere, folds hold no rows, hunks have names."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import Hunk, hunks
from applyweb.core.syntax import definitions
from applyweb.core.text import split_end, split_lines
from applyweb.jobs.highlight import highlight_lines
from applyweb.web.render.diff import DiffView, EqualSegment, FoldSegment, HunkSegment, Segment, diff_view, make_sides
from applyweb.web.render.rows import Side
from applyweb.web.render.titles import Titles

CELL = re.compile(r'<div class="l (o|n)[^"]*" data-n="(\d+)"><code[^>]*>(.*?)</code></div>')
LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "c\r\n", "  d\n", "e"]), max_size=40).map("".join)


def sides_of(original: str, merged: str) -> tuple[Side, Side]:
    return make_sides(original, merged, highlight_lines(original, "python"), highlight_lines(merged, "python"))


def view_of(original: str, merged: str, language: str = "python") -> DiffView:
    return diff_view(*sides_of(original, merged), hunks(original, merged), Titles(original, merged, language))


def html_of(view: DiffView, segment: Segment) -> str:
    """The rows of a segment; a fold expanded."""
    if isinstance(segment, EqualSegment):
        return view.equal_html(segment)
    if isinstance(segment, FoldSegment):
        return view.unchanged_rows(segment.start, segment.end)
    return view.hunk_html(segment.hunk)


def shown(view: DiffView) -> str:
    """All rows that stand outside of folds."""
    return "".join(html_of(view, segment) for segment in view.segments if not isinstance(segment, FoldSegment))


def cells(html: str) -> dict[str, list[tuple[int, str]]]:
    """Per side the (number, text) of every cell, line-end marks left out."""
    found: dict[str, list[tuple[int, str]]] = {"o": [], "n": []}
    for side, number, code in CELL.findall(html):
        code = re.sub(r'<span class="eol"[^>]*></span>', "", code)
        found[side].append((int(number), unescape(re.sub(r"<[^>]*>", "", code))))
    return found


def expected(text: str) -> list[tuple[int, str]]:
    return [(number, split_end(line)[0]) for number, line in enumerate(split_lines(text), 1)]


def unfolded(original: str, merged: str) -> str:
    """The whole diff with every fold expanded."""
    view = view_of(original, merged)
    return "".join(html_of(view, segment) for segment in view.segments)


@given(LINES, LINES)
def test_every_line_of_both_sides_is_shown_once_and_in_order(original: str, merged: str) -> None:
    found = cells(unfolded(original, merged))

    assert found == {"o": expected(original), "n": expected(merged)}


def test_far_lines_are_folded_and_three_are_shown_around_a_hunk() -> None:
    lines = [f"line {n}\n" for n in range(1, 101)]
    view = view_of("".join(lines), "".join([*lines[:49], "changed\n", *lines[50:]]))

    folds = [segment for segment in view.segments if isinstance(segment, FoldSegment)]
    assert [(fold.start, fold.end, fold.first, fold.last) for fold in folds] == [
        (0, 46, True, False),
        (53, 100, False, True),
    ]
    assert [number for number, _ in cells(shown(view))["o"]] == [47, 48, 49, 50, 51, 52, 53]
    assert (view.added, view.removed) == (1, 1)


def test_a_short_gap_is_shown_whole() -> None:
    lines = [f"line {n}\n" for n in range(1, 20)]
    changed = [*lines]
    changed[3] = "x\n"
    changed[15] = "y\n"

    assert not [s for s in view_of("".join(lines), "".join(changed)).segments if isinstance(s, FoldSegment)]


def test_a_page_of_a_large_file_with_many_hunks_stays_small() -> None:
    lines = [f"value_{n} = {n}\n" for n in range(10_000)]
    changed = [*lines]
    for n in range(25, 10_000, 50):
        changed[n] = f"value_{n} = {n} + 1\n"
    view = diff_view(
        *make_sides("".join(lines), "".join(changed), lines, changed),
        hunks("".join(lines), "".join(changed)),
        Titles("".join(lines), "".join(changed), "text"),
    )

    assert len(view.hunks) == 200
    assert shown(view).count('class="row') == 1400


def test_unchanged_rows_refuses_changed_lines_and_lines_that_are_not_there() -> None:
    view = view_of("a\nb\nc\n", "a\nX\nY\nc\n")

    assert cells(view.unchanged_rows(2, 3)) == {"o": [(3, "c")], "n": [(4, "c")]}
    for start, end in ((1, 2), (0, 3), (-1, 1), (2, 9), (2, 1)):
        with pytest.raises(ValueError, match="range"):
            view.unchanged_rows(start, end)


def test_changed_words_and_changed_line_ends_are_marked() -> None:
    html = shown(view_of("total = net\n", "total = gross\r\n"))

    assert "<del>net</del>" in html
    assert "<ins>gross</ins>" in html
    assert [re.search(r'eol" data-c="(\w+)"', cell)[1] for cell in html.split('class="l n')] == ["LF", "CRLF"]  # type: ignore[index]


def test_a_missing_final_line_end_is_marked_on_its_side() -> None:
    html = shown(view_of("a\n", "a\nb"))

    assert html.count("no newline") == 1


def test_hunks_are_named_by_the_definition_that_they_change() -> None:
    original = (
        "import os\n\n\nclass Shop:\n    def net(self):\n        return 1\n\n    def tax(self):\n        return 2\n"
    )
    merged = original.replace("return 2", "return 3").replace("import os", "import sys")

    assert [(hunk.group, hunk.name, hunk.title) for hunk in view_of(original, merged).hunks] == [
        ("", "line 1", "line 1"),
        ("Shop", "tax", "Shop.tax"),
    ]


def test_rules_of_a_style_sheet_are_named_by_their_selectors() -> None:
    original = ".a.b {\n  x: 1;\n}\n\n\n\n\n\n@media print {\n  .c > .d,\n  .e {\n    y: 1;\n  }\n}\n"
    merged = original.replace(": 1", ": 2")

    assert [(hunk.group, hunk.name, hunk.title) for hunk in view_of(original, merged, "css").hunks] == [
        ("", ".a.b", ".a.b"),
        ("@media print", ".c > .d, .e", "@media print .c > .d, .e"),
    ]


def test_a_removed_definition_names_its_hunk() -> None:
    original = "def keep():\n    pass\n\n\ndef gone():\n    pass\n"

    assert [hunk.name for hunk in view_of(original, "def keep():\n    pass\n").hunks] == ["gone"]


def test_an_equal_line_inside_a_hunk_is_no_change() -> None:
    view = view_of("a\n\nb\n", "x\n\ny\n")

    assert len(view.hunks) == 1
    assert shown(view).count('class="row eq"') == 1
    assert shown(view).count('class="change"') == 2


def test_hunk_places_for_the_minimap_are_shares_of_the_merged_file() -> None:
    lines = [f"{n}\n" for n in range(100)]
    hunk = view_of("".join(lines), "".join([*lines[:50], "new\n" * 10, *lines[50:]])).hunks[0]

    assert isinstance(hunk, HunkSegment)
    assert (hunk.top, hunk.size) == (round(5000 / 110, 2), round(1000 / 110, 2))


PYTHON = "def first():\n" + "    a = 1\n" * 30 + "\n\ndef second():\n" + "    b = 1\n" * 30


def test_a_fold_knows_where_the_definitions_beside_it_begin_and_end() -> None:
    lines = split_lines(PYTHON)
    lines[5] = "    a = 2\n"
    lines[50] = "    b = 2\n"
    folds = [segment for segment in view_of(PYTHON, "".join(lines)).segments if isinstance(segment, FoldSegment)]

    assert [(fold.start, fold.ends, fold.begins, fold.end) for fold in folds] == [
        (9, 31, 33, 47),  # between the two: to the end of the first, from the beginning of the second
        (54, None, None, 64),  # below the second, which goes on to the end of the file
    ]
    assert folds[0].label == "def second():"


def test_hunks_are_named_as_a_search_through_all_definitions_would_name_them() -> None:
    """The index by lines against the plain search, on nested and neighbouring definitions."""
    source = "".join(
        f"class C{n}:\n    # note\n    def m{n}(self):\n        def inner():\n            return {n}\n"
        f"        return inner\n\n    def k{n}(self):\n        return 0\n\n\nX{n} = 1\n"
        for n in range(6)
    )
    known = definitions(source, "python")
    titles = Titles("", source, "python")
    size = len(split_lines(source))
    for start in range(size):
        for end in range(start + 1, min(start + 14, size)):
            around = [each for each in known if each.start <= start and end <= each.end]
            inside = [each for each in known if start <= each.start < end]
            wanted = min(around, key=lambda each: each.end - each.start) if around else inside[0] if inside else None
            group, name = titles.of(Hunk("x", 0, 0, start, end))
            assert f"{group}.{name}".lstrip(".") == (
                wanted.name if wanted else f"line {start + 1}" if end == start + 1 else f"lines {start + 1} to {end}"
            )
        enclosing = [each for each in known if each.start <= start < each.end]
        assert titles.enclosing(start) == min(enclosing, key=lambda each: each.end - each.start, default=None)


MOVED = "def evict(self):\n    entry = self.pop()\n    if entry:\n        return 1\n    return 0\n"
KEPT = "".join(f"kept = {n}\n" for n in range(30))


def test_a_moved_block_is_marked_at_both_ends_with_a_way_to_the_other() -> None:
    view = view_of(MOVED + KEPT, KEPT + MOVED)
    away, here = view.hunks

    assert (away.moved, here.moved) == ("to line 31", "from line 1")
    gone, came = html_of(view, away), html_of(view, here)
    assert gone.count('class="l o del mv"') == came.count('class="l n add mv"') == 5
    assert f'data-go="{here.id}">line 31</button>; 5 lines, not a word changed' in gone
    assert f'data-go="{away.id}">line 1</button>; 5 lines, not a word changed' in came
    assert gone.count("moveto") == came.count("moveto") == 1


def test_a_block_that_moved_deeper_says_by_how_much_and_its_new_head_is_no_part_of_it() -> None:
    deeper = "class C:\n" + "".join(f"    {line}" for line in split_lines(MOVED))
    view = view_of(MOVED + KEPT, KEPT + deeper)

    assert [hunk.moved for hunk in view.hunks] == ["to line 32", ""]
    html = html_of(view, view.hunks[1])
    assert "indented by 4 more" in html
    assert html.count("add mv") == 5
    assert html.index('data-n="31"') < html.index("moveto") < html.index('data-n="32"')


def test_a_moved_line_never_shares_a_row_with_another() -> None:
    view = view_of(MOVED + KEPT, MOVED.replace("entry", "other") + KEPT + MOVED)

    for row in re.findall(r'<div class="row[^"]*">(.*?</div>)</div>', shown(view)):
        assert " mv" not in row or "pad" in row


def test_changes_of_white_space_alone_are_told_and_their_rows_are_quiet() -> None:
    view = view_of(
        "if a:\n  b = 1\n  c = 2\n" + KEPT + "d=1\nx\n", "if a:\n    b = 1\n    c = 2\n" + KEPT + "d = 1\ny\n"
    )

    assert [(hunk.spaces, hunk.differing) for hunk in view.hunks] == [("indent", 2), ("", 2)]
    assert html_of(view, view.hunks[0]).count('class="row sp"') == 2
    assert html_of(view, view.hunks[1]).count('class="row sp"') == 1
