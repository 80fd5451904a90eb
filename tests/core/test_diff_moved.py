"""Moved blocks: found where they are, never invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import Moved, hunks, moved_blocks, spaces_of
from applyweb.core.text import split_lines
from tests.core.texts import text_pairs

BLOCK = "def evict(self):\n    entry = self.pop()\n    if entry:\n        return 1\n\n    return 0\n"
HEAD = "".join(f"head = {n}\n" for n in range(20))
TAIL = "".join(f"tail = {n}\n" for n in range(20))


def moved(original: str, merged: str) -> list[tuple[int, int, int, int]]:
    found = moved_blocks(split_lines(original), split_lines(merged), hunks(original, merged))
    return [(block.old_start, block.new_start, block.count, block.indent) for block in found]


def indented(text: str, by: str) -> str:
    return "".join(by + line if line.strip() else line for line in split_lines(text))


def test_a_block_that_stands_elsewhere_is_found_at_both_ends() -> None:
    original, merged = BLOCK + HEAD + TAIL, HEAD + BLOCK + TAIL
    (block,) = moved_blocks(split_lines(original), split_lines(merged), hunks(original, merged))

    ids = [hunk.id for hunk in hunks(original, merged)]
    assert block == Moved(0, 20, 6, 0, ids[0], ids[1])


def test_a_block_that_was_indented_anew_is_found() -> None:
    assert moved(BLOCK + HEAD + TAIL, HEAD + "class C:\n" + indented(BLOCK, "    ") + TAIL) == [(0, 21, 6, 4)]
    assert moved(HEAD + "class C:\n" + indented(BLOCK, "\t") + TAIL, BLOCK + HEAD + TAIL) == [(21, 0, 6, -1)]


def test_a_block_whose_lines_were_indented_differently_is_not_one_block() -> None:
    crooked = "".join(" " * n + line for n, line in enumerate(split_lines(BLOCK)))
    assert moved(BLOCK + HEAD + TAIL, HEAD + crooked + TAIL) == []


def test_fewer_than_three_telling_lines_are_no_block() -> None:
    small = "first = 1\n}\n\n{\nsecond = 2\n"
    assert moved(small + HEAD + TAIL, HEAD + small + TAIL) == []
    assert moved(small + "third = 3\n" + HEAD + TAIL, HEAD + small + "third = 3\n" + TAIL) == [(0, 20, 6, 0)]


def test_what_changed_within_a_moved_block_parts_it() -> None:
    changed = BLOCK.replace("    if entry:\n", "    if not entry:\n") + "    # one\n    # two\n"
    original = BLOCK + "    # one\n    # two\n" + HEAD + TAIL
    assert moved(original, HEAD + changed + TAIL) == [(3, 23, 5, 0)]


def test_lines_that_stay_in_their_hunk_have_not_moved() -> None:
    assert moved(HEAD + BLOCK + TAIL, HEAD + "if x:\n" + indented(BLOCK, "    ") + TAIL) == []


def test_a_line_end_does_not_matter() -> None:
    assert moved(BLOCK + HEAD + TAIL, HEAD + BLOCK.replace("\n", "\r\n") + TAIL) == [(0, 20, 6, 0)]


@given(text_pairs())
def test_blocks_are_disjoint_lie_in_two_hunks_and_hold_equal_lines(pair: tuple[str, str]) -> None:
    old, new = split_lines(pair[0]), split_lines(pair[1])
    found = hunks(*pair)
    by_id = {hunk.id: hunk for hunk in found}
    seen_old: set[int] = set()
    seen_new: set[int] = set()
    for block in moved_blocks(old, new, found):
        olds, news = (range(start, start + block.count) for start in (block.old_start, block.new_start))
        assert block.old_hunk != block.new_hunk
        assert set(olds) <= set(range(by_id[block.old_hunk].old_start, by_id[block.old_hunk].old_end))
        assert set(news) <= set(range(by_id[block.new_hunk].new_start, by_id[block.new_hunk].new_end))
        assert not seen_old & set(olds)
        assert not seen_new & set(news)
        seen_old |= set(olds)
        seen_new |= set(news)
        assert [old[i].strip() for i in olds] == [new[j].strip() for j in news]


@given(st.integers(3, 30), st.integers(0, 8), st.data())
def test_every_moved_block_of_telling_lines_is_found(size: int, indent: int, data: st.DataObject) -> None:
    """Distinct lines, moved over more lines than there are in the block."""
    block = [f"moved_{n} = {data.draw(st.integers(0, 9))}\n" for n in range(size)]
    rest = [f"rest_{n} = 0\n" for n in range(80)]
    at = data.draw(st.integers(40, 80))
    fresh = [" " * indent + line for line in block]

    assert moved("".join([*block, *rest]), "".join([*rest[:at], *fresh, *rest[at:]])) == [(0, at, size, indent)]


def test_ten_thousand_equal_lines_are_no_work() -> None:
    """Lines that occur very often are no place to begin at; this would not end in the time of a test otherwise."""
    same = "value = compute(1)\n" * 10_000
    assert moved(same + HEAD, HEAD.replace("head", "last") + "one\ntwo\n" + same + TAIL) == []


def test_changes_of_white_space_are_told_apart() -> None:
    assert spaces_of(["  a\n", "b\n"], ["    a\n", "\tb\n"]) == "indent"
    assert spaces_of(["a = 1\n"], ["a  =  1\n"]) == "space"
    assert spaces_of(["a\n"], ["a\r\n"]) == "space"
    assert spaces_of(["a\n"], ["a\n", "\n"]) == "space"
    assert spaces_of([], ["\n"]) == "space"
    assert spaces_of(["a\n"], ["b\n"]) == ""
    assert spaces_of(["a b\n"], ["  a c\n"]) == ""
    assert spaces_of([], ["a\n"]) == ""
