"""Finding a line again, and its place in a diff."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.anchors import KEPT, below_hunk, find_line, kept_text, last_line, place_of
from applyweb.core.diff import hunks
from applyweb.core.text import split_lines

lines = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n", "é\n"]), max_size=12)


def test_a_line_that_is_where_it_was_is_found_at_once() -> None:
    assert find_line(["x\n", "x\n", "x\n"], 2, "x") == 2


def test_a_line_that_moved_is_found_by_its_text_at_the_nearest_place() -> None:
    moved = ["x\n", "a\n", "b\n", "c\n", "x\r\n"]
    assert find_line(moved, 4, "x") == 5
    assert find_line(moved, 3, "x") == 1
    assert find_line(moved, 99, "x") == 5
    assert find_line(moved, 2, "gone") is None
    assert find_line([], 1, "") is None


def test_the_hunk_that_a_line_was_in_goes_before_what_is_nearer() -> None:
    texts = ["return\n", "a\n", "b\n", "return\n"]
    assert find_line(texts, 1, "return", range(3, 4)) == 4
    assert find_line(texts, 1, "return", range(1, 3)) == 1


def test_the_beginning_of_a_long_line_tells_it() -> None:
    long = "x" * KEPT
    assert kept_text(long + "yz\n") == long
    assert find_line(["a\n", long + "other\n"], 1, long) == 2
    assert find_line(["a\n", long[1:] + "\n"], 1, long) is None


def test_places_of_unchanged_and_changed_lines() -> None:
    found = hunks("a\nb\nc\nd\n", "a\nX\nY\nc\nd\n")
    assert [place_of(found, "new", line).hunk for line in (1, 2, 3, 4, 5)] == ["", found[0].id, found[0].id, "", ""]
    assert [place_of(found, "new", line).old_index for line in (1, 4, 5)] == [0, 2, 3]
    assert place_of(found, "old", 2).hunk == found[0].id
    assert place_of(found, "old", 4).old_index == 3
    assert last_line(found[0]) == ("new", 3)
    assert last_line(hunks("a\nb\n", "a\n")[0]) == ("old", 2)


@given(old=lines, new=lines)
def test_places_agree_with_the_diff_and_stand_in_its_order(old: list[str], new: list[str]) -> None:
    original, merged = "".join(old), "".join(new)
    found = hunks(original, merged)
    old_lines, new_lines = split_lines(original), split_lines(merged)
    for line in range(1, len(new_lines) + 1):
        place = place_of(found, "new", line)
        if place.old_index is None:
            hunk = next(hunk for hunk in found if hunk.id == place.hunk)
            assert hunk.new_start < line <= hunk.new_end
            assert place.order < below_hunk(hunk).order
        else:
            assert old_lines[place.old_index] == new_lines[line - 1]
            assert place_of(found, "old", place.old_index + 1).old_index == place.old_index
    for side, count in (("old", len(old_lines)), ("new", len(new_lines))):
        orders = [place_of(found, side, line).order for line in range(1, count + 1)]  # type: ignore[arg-type]
        assert orders == sorted(orders)
