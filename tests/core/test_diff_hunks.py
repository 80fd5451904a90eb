import itertools
import random

from hypothesis import given

from applyweb.core.diff import Hunk, changed_blocks, hunks
from applyweb.core.diff.lcs import common_pairs
from applyweb.core.text import split_lines
from tests.core.texts import text_pairs


def spans(original: str, merged: str) -> list[tuple[int, int, int, int]]:
    return [(h.old_start, h.old_end, h.new_start, h.new_end) for h in hunks(original, merged)]


@given(text_pairs())
def test_hunks_hold_every_difference_and_nothing_lies_between_them(pair: tuple[str, str]) -> None:
    original, merged = pair
    old, new = split_lines(original), split_lines(merged)
    i = j = 0
    for hunk in hunks(original, merged):
        assert old[i : hunk.old_start] == new[j : hunk.new_start]
        assert hunk.old_start < hunk.old_end or hunk.new_start < hunk.new_end
        assert hunk.old_start > i or i == 0
        i, j = hunk.old_end, hunk.new_end
    assert old[i:] == new[j:]


@given(text_pairs())
def test_hunk_ids_are_unique_and_the_same_each_time(pair: tuple[str, str]) -> None:
    first = hunks(*pair)
    assert len({hunk.id for hunk in first}) == len(first)
    assert hunks(*pair) == first


@given(text_pairs())
def test_hunk_ids_do_not_depend_on_where_the_change_stands(pair: tuple[str, str]) -> None:
    """Many unique lines above move every offset and leave the ids alone."""
    head = "".join(f"head {number}\n" for number in range(5))
    moved = hunks(head + "-\n" + pair[0], head + "-\n" + pair[1])
    plain = hunks("-\n" + pair[0], "-\n" + pair[1])
    assert [hunk.id for hunk in moved] == [hunk.id for hunk in plain]
    assert [hunk.old_start for hunk in moved] == [hunk.old_start + 5 for hunk in plain]


def test_the_same_change_twice_gets_an_ordinal() -> None:
    original = "a\n1\n2\n3\na\n4\n5\n6\na\n"
    first, second, third = hunks(original, original.replace("a", "b"))
    assert second.id == first.id + "-2"
    assert third.id == first.id + "-3"
    assert len(first.id) == 12


def test_removed_and_added_lines_are_told_apart_in_the_id() -> None:
    (grown,) = hunks("x\ny\n", "x\na\ny\n")
    (shrunk,) = hunks("x\na\ny\n", "x\ny\n")
    assert grown.id != shrunk.id


def test_equal_texts_have_no_hunks() -> None:
    assert hunks("", "") == ()
    assert hunks("a\r\nb", "a\r\nb") == ()


def test_only_a_line_end_is_a_change() -> None:
    assert spans("a\nb\nc\n", "a\nb\r\nc\n") == [(1, 2, 1, 2)]
    assert spans("a\nb\n", "a\nb") == [(1, 2, 1, 2)]


def test_creating_and_emptying_a_file_is_one_hunk() -> None:
    assert spans("", "a\nb\n") == [(0, 0, 0, 2)]
    assert spans("a\nb\n", "") == [(0, 2, 0, 0)]


def test_changes_parted_by_one_blank_line_are_one_hunk() -> None:
    assert spans("a\n\nb\nkeep\nc\n", "A\n\nB\nkeep\nC\n") == [(0, 3, 0, 3), (4, 5, 4, 5)]
    assert spans("a\n   \nb\n", "A\n   \nB\n") == [(0, 3, 0, 3)]


def test_changes_parted_by_two_blank_lines_stay_two_hunks() -> None:
    assert spans("a\n\n\nb\n", "A\n\n\nB\n") == [(0, 1, 0, 1), (3, 4, 3, 4)]


def test_an_inserted_function_is_one_whole_block() -> None:
    original = "def a():\n    x()\n    return 1\n\ndef c():\n    z()\n    return 1\n"
    added = "def b():\n    y()\n    return 1\n\n"
    merged = original.replace("def c", added + "def c")
    assert spans(original, merged) == [(4, 4, 4, 8)]
    assert spans(merged, original) == [(4, 8, 4, 4)]


def test_an_inserted_braced_block_keeps_its_own_closing_line() -> None:
    original = "if (a) {\n  one();\n}\nif (c) {\n  three();\n}\n"
    merged = "if (a) {\n  one();\n}\nif (b) {\n  two();\n}\nif (c) {\n  three();\n}\n"
    assert spans(original, merged) == [(3, 3, 3, 6)]


def test_an_appended_function_begins_with_its_blank_line() -> None:
    original = "def a():\n    return 1\n"
    assert spans(original, original + "\ndef b():\n    return 1\n") == [(2, 2, 2, 5)]


def test_a_repeated_method_is_removed_from_its_head_on() -> None:
    a, b, c = (f"  void {name}() {{\n    x();\n  }}\n" for name in "abc")
    original = f"class A {{\n{a}\n{b}\n{c}}}\n"
    merged = f"class A {{\n{a}\n{c}}}\n"
    assert spans(original, merged) == [(5, 9, 5, 5)]


def test_a_deletion_that_can_slide_against_an_addition_becomes_one_replacement() -> None:
    assert spans("keep\nx\nx\nend\n", "keep\nnew\nx\nend\n") == [(1, 2, 1, 2)]


def test_a_moved_function_leaves_the_larger_part_in_place() -> None:
    small = "def small():\n    return 0\n\n"
    large = "".join(f"def large_{n}():\n    return {n}\n\n" for n in range(1, 6))
    assert spans(small + large, large + small) == [(0, 3, 0, 0), (18, 18, 15, 18)]


def test_unique_lines_hold_a_rewritten_file_together() -> None:
    """A plain shortest script would match the braces and blanks of unrelated functions."""
    original = "function one() {\n  a();\n}\n\nfunction shared() {\n  s();\n}\n"
    merged = "function shared() {\n  s();\n}\n\nfunction two() {\n  b();\n}\n"
    assert spans(original, merged) == [(0, 4, 0, 0), (7, 7, 3, 7)]


def test_common_pairs_are_longest_where_no_line_is_unique() -> None:
    rng = random.Random(5)
    for _ in range(60):
        old = [rng.randrange(3) for _ in range(rng.randrange(40))] * 2
        new = [rng.randrange(3) for _ in range(rng.randrange(40))] * 2
        pairs = common_pairs(old, new)
        assert all(old[i] == new[j] for i, j in pairs)
        assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))
        assert len(pairs) == longest_common(old, new)


def longest_common(a: list[int], b: list[int]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        before = row[:]
        for j, y in enumerate(b):
            row[j + 1] = before[j] + 1 if x == y else max(before[j + 1], row[j])
    return row[-1]


def test_runs_between_anchors_hold_every_line_of_a_text_with_few_changes() -> None:
    """Runs are compared in growing steps: a change just before, at and just after a step must not lose a line."""
    old = list(range(300))
    for at in range(1, 299):
        for new in ([*old[:at], 999, *old[at:]], [*old[:at], *old[at + 1 :]], [*old[:at], 999, *old[at + 1 :]]):
            new = [*new[:150], 998, *new[150:]]
            kept = [line for line in old if line in new]
            assert [old[i] for i, j in common_pairs(old, new) if old[i] == new[j]] == kept


def test_a_halved_search_is_as_long_as_a_whole_one() -> None:
    """4,000 by 4,000 lines of three kinds is beyond what one walk stores."""
    rng = random.Random(9)
    old = [rng.randrange(3) for _ in range(4_000)]
    new = [rng.randrange(3) for _ in range(4_000)]
    pairs = common_pairs(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert len(set(dict(pairs))) == len(pairs)
    row, full = (1 << 4_000) - 1, (1 << 4_000) - 1
    masks = {line: sum(1 << j for j, other in enumerate(new) if other == line) for line in range(3)}
    for line in old:
        hit = row & masks[line]
        row = ((row + hit) | (row - hit)) & full
    assert len(pairs) == 4_000 - row.bit_count()


def test_a_search_beyond_the_budget_still_finds_the_common_part() -> None:
    rng = random.Random(3)
    old = [rng.randrange(4) for _ in range(60_000)]
    new = [*old[:30_000], 9, *old[30_000:]]
    rng.shuffle(scrambled := [rng.randrange(4) for _ in range(60_000)])
    assert len(common_pairs(old, new)) == 60_000
    pairs = common_pairs([7, *old, 8], [8, *scrambled, 7])
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))
    assert len(pairs) > 1_000


def test_one_odd_line_that_moved_far_does_not_tear_the_rest_apart() -> None:
    body = ["- name: a\n", "  run: b\n", "\n"] * 20
    assert spans("".join(["odd\n", *body]), "".join([*body, "odd\n"])) == [(0, 1, 0, 0), (61, 61, 60, 61)]


def test_large_and_odd_texts_are_diffed_whole() -> None:
    long = "x" * 100_000
    assert spans(f"{long}\n{long}\n", f"{long}\n{long}y\n") == [(1, 2, 1, 2)]
    old = "".join(f"line {n}\n" for n in range(50_000))
    new = "".join(f"other {n}\n" for n in range(50_000))
    assert hunks(old, new)[0] == Hunk(hunks(old, new)[0].id, 0, 50_000, 0, 50_000)
    assert spans("same\n" * 50_000, "same\n" * 25_000 + "odd\n" + "same\n" * 25_000) == [
        (25_000, 25_000, 25_000, 25_001)
    ]


def test_blocks_are_between_lines_of_any_kind() -> None:
    assert [(b.old_start, b.old_end) for b in changed_blocks(["a", "b"], ["a", "c"])] == [(1, 2)]
