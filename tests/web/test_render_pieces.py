"""A diff in pieces: nothing lost, nothing twice, none much larger than a screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import hunks
from applyweb.web.render.diff import DiffView, FoldSegment, HunkSegment, diff_view, make_sides
from applyweb.web.render.pieces import ROWS, SHOWN_ROWS, cut, part_pixels, parts
from applyweb.web.render.titles import Titles


def view_of(lines: list[str], changed: list[str]) -> DiffView:
    original, merged = "".join(lines), "".join(changed)
    sides = make_sides(original, merged, lines, changed)
    return diff_view(*sides, hunks(original, merged), Titles(original, merged, "text"))


def changed_every(step: int, size: int) -> DiffView:
    lines = [f"value {n}\n" for n in range(size)]
    return view_of(lines, [f"other {n}\n" if n % step == step // 2 else line for n, line in enumerate(lines)])


@given(st.integers(2, 60), st.integers(0, 900))
def test_pieces_hold_every_segment_once_and_in_order(step: int, size: int) -> None:
    view = changed_every(step, size)
    pieces = cut(view.segments)

    assert [segment for piece in pieces for segment in piece.segments] == list(view.segments)
    assert [piece.number for piece in pieces] == list(range(len(pieces)))
    assert [hunk for piece in pieces for hunk in piece.hunks] == list(view.hunks)


def test_a_piece_is_about_a_screen_and_begins_with_what_leads_to_its_hunk() -> None:
    pieces = cut(changed_every(50, 10_000).segments)

    assert all(ROWS <= piece.rows < ROWS + 20 for piece in pieces[:-1])
    assert all(isinstance(piece.segments[0], FoldSegment) for piece in pieces)
    assert [piece.first_line for piece in pieces[:3]] == [1, 230, 480]


def test_a_large_hunk_is_one_piece_of_which_the_first_rows_are_shown() -> None:
    lines = [f"value {n}\n" for n in range(5_000)]
    view = view_of(lines, [f"other {line}" for line in lines])
    (piece,) = cut(view.segments)

    assert isinstance(view.segments[0], HunkSegment)
    assert (piece.rows, piece.pixels(view)) == (SHOWN_ROWS, 5_000 * 20 + 38)


def test_the_height_of_a_piece_counts_lines_that_wrap() -> None:
    view = view_of(["short\n", "x" * 200 + "\n", "end\n"], ["short\n", "y\n", "end\n"])
    (piece,) = cut(view.segments)

    assert piece.pixels(view) == 20 + 38 + 4 * 20 + 20
    assert part_pixels(view, view.hunks[0].hunk, 0, 1) == 4 * 20


@given(st.integers(0, 2_000))
def test_the_parts_of_a_hunk_are_what_is_not_shown(rows: int) -> None:
    found = parts(rows)

    covered = [row for start, end in found for row in range(start, end)]
    assert covered == (list(range(SHOWN_ROWS, rows)) if found else [])
    assert found or rows <= SHOWN_ROWS * 1.25
