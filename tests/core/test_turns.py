"""Whose turn it is: nobody's single request waits for another's many."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.turns import in_turn


def test_alone_it_is_the_order_in_which_they_came() -> None:
    assert in_turn("aaaa", {"a": 8}) == [0, 1, 2, 3]
    assert in_turn("", {"a": 8}) == []


def test_one_request_comes_before_the_second_of_everybody_else() -> None:
    assert in_turn("a" * 30 + "b", {"a": 8}) == [30, *range(30)]
    assert in_turn("aaabbc", {}) == [0, 3, 5, 1, 4, 2]
    assert in_turn("aab", {"b": 1}) == [0, 2, 1]


def test_who_got_a_place_less_lately_comes_before_who_asked_earlier() -> None:
    assert in_turn("ab", {}, "a") == [1, 0]
    assert in_turn("abc", {}, "cab") == [2, 0, 1]
    assert in_turn("aab", {"b": 1}, "ab") == [0, 2, 1]
    assert in_turn("aab", {"b": 1}, "ba") == [0, 2, 1]
    assert in_turn("aab", {"b": 2}, "ba") == [0, 1, 2]


PEOPLE = st.sampled_from("abcd")


@given(st.lists(PEOPLE), st.dictionaries(PEOPLE, st.integers(0, 9)), st.permutations("abcd"))
def test_each_has_a_turn_and_each_place_goes_to_who_has_fewest(
    waiting: list[str], held: dict[str, int], served: list[str]
) -> None:
    turns = in_turn(waiting, held, served)
    assert sorted(turns) == list(range(len(waiting)))
    places = Counter(held)
    left = Counter(waiting)
    for index in turns:
        assert places[waiting[index]] == min(places[person] for person in left)
        places[waiting[index]] += 1
        left[waiting[index]] -= 1
        left += Counter()  # those who have none left are gone
    for person in set(waiting):
        own = [index for index in turns if waiting[index] == person]
        assert own == sorted(own)


@given(st.lists(PEOPLE, min_size=1), st.integers(1, 3))
def test_nobody_without_a_place_sees_anybody_come_twice_before_them(waiting: list[str], places: int) -> None:
    """Run to its end: one place is given back, the oldest, before the next is given."""
    left, held, served = list(waiting), list[str](), list[str]()
    seen: dict[str, Counter[str]] = {person: Counter() for person in waiting}
    while left:
        if len(held) == places:
            seen.setdefault(held.pop(0), Counter()).clear()
        index = in_turn(left, Counter(held), served)[0]
        person = left.pop(index)
        for other in set(left) - set(held) - {person}:
            seen[other][person] += 1
            assert seen[other][person] == 1
        seen[person].clear()
        held.append(person)
        served = [*(each for each in served if each != person), person]
