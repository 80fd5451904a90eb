"""Finding text in a diff: order, sides, offsets, case, bounds."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import hunks
from applyweb.core.find import Match, find, fold
from applyweb.core.text import split_end, split_lines

OLD = "one = 1\ntwo = 2\nthree = 3\nfour = 4\n"
NEW = "one = 1\ntwo = 22\nthree = 3\nfive = one\nfour = 4\n"


def places(old: str, new: str, query: str, match_case: bool = False) -> list[tuple[str, int, int, int]]:
    found = find(old, new, hunks(old, new), query, match_case=match_case)
    return [(match.side, match.line, match.start, match.end) for match in found.matches]


def test_matches_come_in_the_order_of_the_diff_and_unchanged_lines_once() -> None:
    assert places(OLD, NEW, "one") == [("n", 1, 0, 3), ("n", 4, 7, 10)]
    assert places(OLD, NEW, "2") == [("o", 2, 6, 7), ("n", 2, 6, 7), ("n", 2, 7, 8)]
    assert places(OLD, NEW, "= ")[0:2] == [("n", 1, 4, 6), ("o", 2, 4, 6)]
    assert places(OLD, NEW, "nowhere") == []
    assert places(OLD, NEW, "") == []
    assert places("", "a\n", "a") == [("n", 1, 0, 1)]
    assert places("a\n", "", "a") == [("o", 1, 0, 1)]


def test_a_match_names_its_hunk_and_the_line_beside_it() -> None:
    found = find(OLD, NEW, hunks(OLD, NEW), "two").matches
    name = hunks(OLD, NEW)[0].id
    assert found == (Match("o", 2, 2, name, 0, 3), Match("n", 2, 2, name, 0, 3))
    assert [match.hunk for match in find(OLD, NEW, hunks(OLD, NEW), "three").matches] == [""]
    assert find("a\n", "", hunks("a\n", ""), "a").matches[0].at == 1


def test_case_counts_only_where_it_is_asked_for() -> None:
    text = "Ab aB İstanbul ΟΔΟΣ\n"
    assert places(text, text, "ab") == [("n", 1, 0, 2), ("n", 1, 3, 5)]
    assert places(text, text, "aB", match_case=True) == [("n", 1, 3, 5)]
    assert places(text, text, "istanbul") == [("n", 1, 6, 14)]
    assert places(text, text, "οδος") == places(text, text, "οδοσ") == [("n", 1, 15, 19)]


def test_folding_keeps_every_offset() -> None:
    changed = [c for c in map(chr, range(sys.maxunicode + 1)) if len(fold(c)) != 1]
    assert changed == []


def test_offsets_count_what_a_browser_counts() -> None:
    text = "😀é x x\r\nx\n"
    assert places(text, text, "x") == [("n", 1, 4, 5), ("n", 1, 6, 7), ("n", 2, 0, 1)]
    assert places(text, text, "😀") == [("n", 1, 0, 2)]


def test_a_match_stays_inside_of_its_line() -> None:
    assert places("a\nb\n", "a\nb\n", "ab") == []
    assert places("a\fb\n", "a\fb\n", "b") == [("n", 1, 2, 3)]


def test_no_more_matches_are_made_than_asked_for() -> None:
    text = "x" * 5000
    found = find(text, text, [], "x")
    assert (len(found.matches), found.more) == (1000, True)
    assert found.matches[-1].start == 999
    exact = find("x" * 7, "x" * 7, [], "x", most=7)
    assert (len(exact.matches), exact.more) == (7, False)


@given(
    st.lists(st.sampled_from(["ab\n", "b\n", "aab\n", "\n", "ba\r\n"])),
    st.lists(st.sampled_from(["ab\n", "a\n", "ba\r\n"])),
)
def test_every_line_that_holds_it_is_found(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    changes = hunks(before, after)
    found = find(before, after, changes, "ab").matches
    removed = {i for hunk in changes for i in range(hunk.old_start, hunk.old_end)}
    assert {match.line - 1 for match in found if match.side == "n"} == {
        i for i, line in enumerate(split_lines(after)) if "ab" in line
    }
    assert {match.line - 1 for match in found if match.side == "o"} == {
        i for i, line in enumerate(split_lines(before)) if "ab" in line and i in removed
    }
    for match in found:
        line = split_lines(before if match.side == "o" else after)[match.line - 1]
        assert split_end(line)[0][match.start : match.end] == "ab"
    assert [match.at for match in found] == sorted(match.at for match in found)
