import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import hunks
from applyweb.core.stream import Settled, Settler
from applyweb.core.text import split_lines
from tests.core.texts import text_pairs


def follow(original: str, merged: str, size: int = 7) -> tuple[list[Settled], Settler]:
    settler = Settler(original)
    settled: list[Settled] = []
    for at in range(0, len(merged), size):
        settled.extend(settler.feed(merged[at : at + size]))
    return settled + settler.finish(), settler


def places(settled: list[Settled]) -> list[tuple[int, int, int, int]]:
    return [(each.old_start, each.old_end, each.new_start, each.new_end) for each in settled]


def rebuilt(original: str, merged: str, settled: list[Settled]) -> str:
    old, new = split_lines(original), split_lines(merged)
    for change in reversed(settled):
        old[change.old_start : change.old_end] = new[change.new_start : change.new_end]
    return "".join(old)


@given(text_pairs(), st.integers(1, 30))
def test_settled_changes_rebuild_the_file(pair: tuple[str, str], size: int) -> None:
    original, merged = pair
    settled, settler = follow(original, merged, size)
    assert rebuilt(original, merged, settled) == merged
    assert settler.position == len(split_lines(original))
    for one, next_one in itertools.pairwise(settled):
        assert one.old_end <= next_one.old_start
        assert one.new_end <= next_one.new_start


@given(text_pairs(), st.integers(1, 30))
def test_where_the_changes_are_those_of_the_diff_so_are_their_ids(pair: tuple[str, str], size: int) -> None:
    original, merged = pair
    settled, _ = follow(original, merged, size)
    final = hunks(original, merged)
    if places(settled) == [(each.old_start, each.old_end, each.new_start, each.new_end) for each in final]:
        assert [each.id for each in settled] == [each.id for each in final]


@given(text_pairs(), st.integers(1, 30), st.integers(1, 30))
def test_pieces_do_not_matter(pair: tuple[str, str], one: int, other: int) -> None:
    assert follow(*pair, one)[0] == follow(*pair, other)[0]


@given(text_pairs())
def test_what_has_settled_rebuilds_what_was_written_so_far(pair: tuple[str, str]) -> None:
    """At each line: the settled changes and the untouched lines up to the position are a beginning of the
    file."""
    original, merged = pair
    old, settler = split_lines(original), Settler(original)
    settled: list[Settled] = []
    lines = split_lines(merged)
    for number, line in enumerate(lines, start=1):
        settled.extend(settler.feed(line))
        assert 0 <= settler.position <= len(old)
        so_far = rebuilt("".join(old[: settler.position]), merged, settled)
        assert "".join(lines[:number]).startswith(so_far)


def numbered(count: int) -> list[str]:
    return [f"line {number}\n" for number in range(count)]


def edited(old: list[str], seed: int) -> list[str]:
    """Edits as people make them: a few places, each a handful of lines, far enough apart."""
    rng = random.Random(seed)
    new, at = [], 0
    while at < len(old):
        step = rng.randrange(12, 40)
        new.extend(old[at : at + step])
        at += step
        kind = rng.randrange(3)
        if kind != 0:
            new.extend(f"new {seed} {at} {k}\n" for k in range(rng.randrange(1, 9)))
        if kind != 1:
            at += rng.randrange(1, 9)
    return new


def test_normal_edits_settle_as_the_final_hunks() -> None:
    for seed in range(20):
        old = numbered(400)
        original, merged = "".join(old), "".join(edited(old, seed))
        settled, _ = follow(original, merged)
        final = [(h.old_start, h.old_end, h.new_start, h.new_end) for h in hunks(original, merged)]
        assert [(s.old_start, s.old_end, s.new_start, s.new_end) for s in settled] == final


def test_a_change_settles_after_three_equal_lines() -> None:
    settler = Settler("".join(numbered(20)))
    assert settler.feed("line 0\nchanged\nline 2\nline 3\n") == []
    assert settler.position == 1
    assert places(settler.feed("line 4\n")) == [(1, 2, 1, 2)]
    assert settler.position == 5


def test_position_follows_equal_lines_at_once() -> None:
    settler = Settler("".join(numbered(20)))
    assert settler.feed("line 0\nline 1\nline") == []
    assert settler.position == 2


def test_a_long_insertion_is_crossed() -> None:
    old = numbered(50)
    new = [*old[:10], *(f"new {n}\n" for n in range(3_000)), *old[10:]]
    settled, _ = follow("".join(old), "".join(new), 1_000)
    assert places(settled) == [(10, 10, 10, 3_010)]


def test_a_long_deletion_is_crossed() -> None:
    old = numbered(3_000)
    settler = Settler("".join(old))
    settled = settler.feed("".join([*old[:10], *old[2_900:2_950]]))
    assert places(settled) == [(10, 2_900, 10, 10)]
    assert settler.position == 2_950


def test_repeated_lines_further_down_do_not_draw_the_place_away() -> None:
    """An inserted function ends as a later one does; going on there would call everything between deleted."""
    function = "def f_{0}():\n    work({0})\n    return None\n\n\n"
    old = "".join(function.format(n) for n in range(60))
    head, tail = old[: len(function.format(0)) * 2], old[len(function.format(0)) * 2 :]
    settled, _ = follow(old, head + function.format("new") + tail)
    assert places(settled) == [(10, 10, 10, 15)]


def test_a_few_common_lines_far_away_are_no_place_to_go_on() -> None:
    blank = "\n" * 5
    old = "".join(numbered(100)) + blank + "end\n"
    settler = Settler(old)
    assert settler.feed("line 0\n" + blank + "new 1\nnew 2\n") == []
    assert settler.position == 1
    assert places(settler.feed("".join(numbered(100)[1:]))) == [(1, 1, 1, 8)]


def test_many_common_lines_far_away_are_one() -> None:
    old = "".join(numbered(100)) + "\n" * 60
    settler = Settler(old)
    assert places(settler.feed("line 0\n" + "\n" * 60)) == [(1, 100, 1, 1)]
    assert settler.position == 160


def test_a_very_long_line_in_small_pieces_is_one_line() -> None:
    original = "a\n" + "x" * 100_000 + "\nb\nc\nd\n"
    merged = "a\n" + "x" * 100_000 + "y\nb\nc\nd\n"
    assert places(follow(original, merged, 3)[0]) == [(1, 2, 1, 2)]


def test_a_return_and_its_newline_may_come_apart() -> None:
    settler = Settler("a\r\nb\r\nc\r\n")
    assert settler.feed("a\r") == []
    assert settler.position == 0
    assert settler.feed("\nb\r\n") == []
    assert settler.position == 2
