"""Checks on those who vote."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from applyweb.core.judging import judges, length_bias, position_bias
from applyweb.core.ranking import Choice, Vote
from tests.core.voting import votes_by

TRUTH = {"a": 1.2, "b": 0.3, "c": -0.3, "d": -1.2}


def vote(choice: Choice, left: int | None = None, right: int | None = None) -> Vote:
    return Vote("x", "a", "b", choice, left_length=left, right_length=right)


def test_position_bias() -> None:
    told = position_bias([vote("left")] * 16 + [vote("right")] * 4 + [vote("tie"), vote("both_bad")])
    assert (told.of, told.word) == (20, "unfair")
    assert told.share is not None
    assert told.share.value == 0.8
    assert told.p == pytest.approx(0.0118, abs=0.0001)
    assert position_bias([vote("left")] * 11 + [vote("right")] * 9).word == "not seen"


def test_too_few_votes_say_how_many_more() -> None:
    told = position_bias([vote("left")] * 4)
    assert (told.word, told.more) == ("not enough data", 2)
    assert position_bias([vote("left")] * 6).word == "unfair"
    assert position_bias([]).share is None


def test_length_bias_is_of_votes_between_unlike_lengths() -> None:
    longer = [vote("left", 9, 3), vote("right", 2, 8)] * 5
    shorter = [vote("right", 9, 3)]
    untold = [vote("left", 5, 5), vote("left", None, 5), vote("tie", 9, 3)] * 10
    told = length_bias([*longer, *shorter, *untold])
    assert (told.of, told.word) == (11, "unfair")
    assert told.share is not None
    assert told.share.value == pytest.approx(10 / 11)


def test_somebody_who_clicks_at_random_stands_out() -> None:
    draw, found = Random(1), Counter[tuple[str, str]]()
    for _ in range(40):
        votes = [vote for name in ("ada", "bob", "cleo") for vote in votes_by(draw, TRUTH, 100, name)]
        votes += votes_by(draw, dict.fromkeys(TRUTH, 0.0), 100, "dice")
        found.update((judge.person, judge.word) for judge in judges(votes))
    assert found["dice", "like random"] >= 36
    for honest in ("ada", "bob", "cleo"):
        assert found[honest, "like the others"] >= 38
        assert found[honest, "like random"] == 0


def test_who_votes_the_other_way_round_is_told_apart_from_random() -> None:
    draw = Random(2)
    votes = [vote for name in ("ada", "bob", "cleo") for vote in votes_by(draw, TRUTH, 100, name)]
    votes += votes_by(draw, {name: -strength for name, strength in TRUTH.items()}, 100, "turned")
    assert next(judge for judge in judges(votes) if judge.person == "turned").word == "against the others"


def test_few_votes_or_nobody_else_cannot_tell() -> None:
    draw = Random(3)
    alone = judges(votes_by(draw, TRUTH, 50, "ada"))
    assert [(judge.person, judge.of, judge.word) for judge in alone] == [("ada", 0, "can't tell")]
    few = judges([*votes_by(draw, TRUTH, 200, "ada"), *votes_by(draw, TRUTH, 2, "bob")])
    assert few[1].word == "can't tell"
