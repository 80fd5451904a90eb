import itertools

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import intraline, pair_lines
from tests.core.texts import lines

contents = st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=30)


@given(lines, lines)
def test_rows_hold_every_line_once_and_in_order(removed: list[str], added: list[str]) -> None:
    rows = pair_lines(removed, added)
    assert [row[0] for row in rows if row[0] is not None] == list(range(len(removed)))
    assert [row[1] for row in rows if row[1] is not None] == list(range(len(added)))
    assert all(row != (None, None) for row in rows)


def test_similar_lines_share_a_row_and_new_ones_stand_alone() -> None:
    removed = ["    total = price * count\n", "    return total\n"]
    added = [
        "    # with the tax\n",
        "    total = price * count * tax\n",
        "    log(total)\n",
        "    return total\n",
    ]
    assert pair_lines(removed, added) == ((None, 0), (0, 1), (None, 2), (1, 3))


def test_unlike_lines_do_not_share_a_row() -> None:
    assert pair_lines(["import os\n"], ["    yield {}\n"]) == ((0, None), (None, 0))


def test_only_whitespace_between_two_lines_still_pairs_them() -> None:
    assert pair_lines(["return x\n"], ["        return x\n"]) == ((0, 0),)


def test_large_blocks_pair_by_position() -> None:
    removed = [f"old {n}\n" for n in range(300)]
    added = [f"completely other {n}\n" for n in range(301)]
    rows = pair_lines(removed, added)
    assert rows[:2] == ((0, 0), (1, 1))
    assert rows[-1] == (None, 300)


@given(contents, contents)
def test_marks_lie_inside_the_lines_and_what_is_unmarked_is_equal(old: str, new: str) -> None:
    left, right = intraline(old, new)
    for line, marks in ((old, left), (new, right)):
        assert all(0 <= start < end <= len(line) for start, end in marks)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(marks))
    if left or right:
        assert outside(old, left) == outside(new, right)


def outside(line: str, marks: tuple[tuple[int, int], ...]) -> str:
    for start, end in reversed(marks):
        line = line[:start] + line[end:]
    return line


def test_the_changed_word_is_marked_whole() -> None:
    assert intraline("total = price * count", "total = price * amount") == (((16, 21),), ((16, 22),))


def test_an_added_argument_marks_the_new_side_only() -> None:
    assert intraline("call(a)", "call(a, b)") == ((), ((6, 9),))


def test_what_is_kept_between_two_changes_stays_unmarked() -> None:
    old, new = "first = compute(alpha, common_name)", "second = compute(beta, common_name, more)"
    assert intraline(old, new) == (((0, 5), (16, 21)), ((0, 6), (17, 21), (34, 40)))
    assert intraline("value", "wrap(value)") == ((), ((0, 5), (10, 11)))


def marked(old: str, new: str) -> tuple[str, str]:
    """Both lines with their marks in brackets."""
    lines = []
    for line, marks in zip((old, new), intraline(old, new), strict=True):
        for start, end in reversed(marks):
            line = f"{line[:start]}[{line[start:end]}]{line[end:]}"
        lines.append(line)
    return lines[0], lines[1]


def test_words_that_begin_or_end_alike_are_marked_whole() -> None:
    assert marked("f(span: Span, keep)", "f(spin: Spun, keep)") == ("f([span: Span], keep)", "f([spin: Spun], keep)")
    assert marked("log(colour, width, beta_1, height)", "log(colours, width, beta_2, height)") == (
        "log([colour], width, [beta_1], height)",
        "log([colours], width, [beta_2], height)",
    )


def test_one_sign_between_two_changes_is_part_of_them() -> None:
    assert marked("return a + b * keep", "return d + e * keep") == ("return [a + b] * keep", "return [d + e] * keep")
    assert marked("import os, logging", "import os, re, logging, sys") == (
        "import os, logging",
        "import os,[ re,] logging[, sys]",
    )


def test_lines_without_common_words_are_not_marked() -> None:
    assert intraline("import os", "yield {}") == ((), ())
    assert intraline("same", "same") == ((), ())
    assert intraline("", "new") == intraline("  ", "new") == ((), ())


def test_one_common_word_of_many_is_not_enough_for_marks() -> None:
    assert intraline("value = compute(first, second)", "return value or default_of(other)") == ((), ())


def test_a_very_long_line_is_marked_between_its_common_ends() -> None:
    old = "a" * 50_000 + "X" + "b" * 50_000
    new = "a" * 50_000 + "YZ" + "b" * 50_000
    assert intraline(old, new) == (((50_000, 50_001),), ((50_000, 50_002),))


def test_common_ends_of_a_long_line_do_not_overlap() -> None:
    assert intraline("a" * 3_000, "a" * 3_001) == ((), ((3_000, 3_001),))
