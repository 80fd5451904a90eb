"""Where two people differ, whatever each has cut, and taking over: against what becomes of every single line."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.parts import BadCut, Part, Parts, cut, decide_lines, join
from applyweb.core.standpoints import is_decided, standing, take_over

PLAIN = (Part(2, 3),)


def decided(verdict: str, text: str | None = None) -> Parts:
    return (replace(PLAIN[0], verdict=verdict, text=text),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (PLAIN, PLAIN, "open"),
        (decided("accepted"), PLAIN, "open"),
        (decided("accepted"), decided("accepted"), "same"),
        (decided("accepted"), decided("rejected"), "differs"),
        (decided("accepted"), decided("accepted", "own\n"), "differs"),
        (decided("accepted", "own\n"), decided("accepted", "own\n"), "same"),
        (decided("accepted", "own\n"), decided("accepted", "other\n"), "differs"),
        (cut(decided("accepted"), (1, 1)), decided("accepted"), "same"),
        (decide_lines(PLAIN, range(2), range(0), "accepted"), decided("accepted"), "open"),
        (decide_lines(PLAIN, range(2), range(1), "rejected"), decided("accepted"), "differs"),
    ],
)
def test_people_differ_where_both_decided_a_line_and_not_alike(mine: Parts, theirs: Parts, expected: str) -> None:
    assert standing(mine, theirs) == expected
    assert standing(theirs, mine) == expected


verdicts = st.sampled_from(["accepted", "rejected", "pending"])
ranges = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda ends: range(min(ends), max(ends)))
choices = st.lists(st.tuples(ranges, ranges, verdicts), max_size=4)


def reviewed(chosen: list[tuple[range, range, str]]) -> tuple[Parts, list[str]]:
    """Parts after these decisions, and what the verdict of each line is."""
    parts: Parts = (Part(6, 6),)
    for removed, added, verdict in chosen:
        with suppress(BadCut):  # a range that crosses what is cut already changes nothing
            parts = decide_lines(parts, removed, added, verdict)  # type: ignore[arg-type]
    lines = [part.verdict for part in parts for _ in range(part.removed)]
    return parts, [*lines, *(part.verdict for part in parts for _ in range(part.added))]


@given(choices, choices)
def test_any_two_reviews_are_compared_line_by_line(
    mine: list[tuple[range, range, str]], theirs: list[tuple[range, range, str]]
) -> None:
    (my_parts, my_lines), (their_parts, their_lines) = reviewed(mine), reviewed(theirs)
    pairs = [{one, other} for one, other in zip(my_lines, their_lines, strict=True)]
    expected = "same"
    if any("pending" in pair for pair in pairs):
        expected = "open"
    if {"accepted", "rejected"} in pairs:
        expected = "differs"
    assert standing(my_parts, their_parts) == expected


def test_what_is_taken_over_is_as_the_other_has_it_without_their_proposals() -> None:
    theirs = (Part(1, 1, "rejected", "why"), Part(1, 2, "accepted", text="own\n", proposal=7))
    taken = take_over({"a": PLAIN, "b": PLAIN}, {"a": theirs, "b": PLAIN})
    assert taken == {"a": (theirs[0], replace(theirs[1], proposal=None))}


def test_what_was_joined_stays_so_only_where_both_agree() -> None:
    plain = {key: decided("accepted") for key in "abc"}
    joined = {**plain, **join(plain, "b", joined=True)}
    other = {key: decided("rejected") for key in "abc"}
    other = {**other, **join(other, "b", joined=True)}
    assert take_over(joined, {"a": decided("rejected")})["b"][0].joined is False  # mine, its verdict is another now
    assert "b" not in take_over(joined, {"a": decided("accepted", "own\n")})  # mine, and still of one verdict
    assert take_over(plain, {"b": other["b"]})["b"] == decided("rejected")  # theirs, to a hunk that stays mine
    alike = join(plain, "b", joined=True)
    assert (
        take_over({**plain, "b": decided("rejected")}, alike)["b"] == plain["b"]
    )  # also where both are of one verdict
    assert take_over(plain, {"a": other["a"], "b": other["b"]})["b"] == other["b"]


def test_a_hunk_is_decided_where_any_part_is() -> None:
    assert not is_decided(PLAIN)
    assert is_decided(decide_lines(PLAIN, range(1), range(0), "rejected"))
