"""Rankings against choix, by hand, and by simulation."""

from __future__ import annotations

import math
from random import Random

import choix
import pytest

from applyweb.core.ranking import Vote, rank, strengths
from tests.core.voting import votes_by

TRUTH = {"a": 0.9, "b": 0.2, "c": -0.3, "d": -0.8}


def test_strengths_are_those_of_choix() -> None:
    votes = votes_by(Random(1), TRUTH, 400)
    pairs = [
        ("abcd".index(vote.left), "abcd".index(vote.right))[:: 1 if vote.choice == "left" else -1] for vote in votes
    ]
    theirs = choix.opt_pairwise(4, pairs, alpha=0.02, tol=1e-10)
    assert list(strengths(votes).values()) == pytest.approx(list(theirs), abs=1e-6)


def test_ties_are_half_a_win_for_each() -> None:
    """Choix knows no ties: every vote twice, and a tie once each way, with twice the prior, is the same."""
    votes = votes_by(Random(2), TRUTH, 300)
    tied = [Vote(vote.case, vote.left, vote.right, "tie") if at % 5 == 0 else vote for at, vote in enumerate(votes)]
    pairs = []
    for vote in tied:
        pair = ("abcd".index(vote.left), "abcd".index(vote.right))
        pairs += {"left": [pair, pair], "right": [pair[::-1], pair[::-1]]}.get(vote.choice, [pair, pair[::-1]])
    theirs = choix.opt_pairwise(4, pairs, alpha=0.04, tol=1e-10)
    assert list(strengths(tied).values()) == pytest.approx(list(theirs), abs=1e-6)


def test_two_engines_are_their_odds() -> None:
    votes = [Vote(str(at), "a", "b", "left" if at < 300 else "right") for at in range(400)]
    told = strengths(votes)
    assert told["a"] - told["b"] == pytest.approx(math.log(3), abs=0.001)
    best, other = rank(votes, resamples=50).standings
    assert best.rating.value - other.rating.value == pytest.approx(400 * math.log10(3), abs=0.2)
    assert best.rating.value + other.rating.value == pytest.approx(2000)


def test_rank_by_interval() -> None:
    truth = {"a": 1.5, "b": 0.0, "c": 0.0, "d": -1.5}
    told = rank(votes_by(Random(3), truth, 1500), resamples=200)
    assert {each.engine: each.rank for each in told.standings} == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert told.groups == (("a", "b", "c", "d"),)
    assert [each.rating.value for each in told.standings] == sorted(
        (each.rating.value for each in told.standings), reverse=True
    )


def test_fewer_votes_than_a_rank_needs_say_how_many_more() -> None:
    votes = votes_by(Random(4), {"a": 0.5, "b": -0.5}, 60)
    votes += [Vote("x", "a", "new", "left"), Vote("y", "new", "b", "left"), Vote("z", "new", "b", "both_bad")]
    told = {each.engine: each for each in rank(votes, resamples=50).standings}
    assert (told["new"].rank, told["new"].votes, told["new"].more, told["new"].both_bad) == (None, 2, 28, 1)
    assert (told["a"].rank, told["a"].votes, told["a"].more, told["a"].both_bad) == (1, 61, 0, 0)
    assert told["b"].both_bad == 1


def test_both_bad_moves_no_rating() -> None:
    votes = votes_by(Random(5), TRUTH, 100)
    assert strengths([*votes, *[Vote("x", "a", "d", "both_bad")] * 50]) == strengths(votes)


def test_engines_that_no_vote_links_have_no_rank() -> None:
    votes = [
        Vote(f"{one}{at}", one, two, "left" if at % 3 else "right") for one, two in ("ab", "cd") for at in range(60)
    ]
    told = rank(votes, resamples=50)
    assert told.groups == (("a", "b"), ("c", "d"))
    assert [each.rank for each in told.standings] == [None] * 4
    assert rank([*votes, Vote("x", "b", "c", "tie")], resamples=50).standings[0].rank == 1


def test_who_never_lost_has_no_upper_bound() -> None:
    best, other = rank([Vote(str(at), "a", "b", "left") for at in range(40)], resamples=50).standings
    assert math.isfinite(best.rating.value)
    assert (best.rating.high, other.rating.low) == (math.inf, -math.inf)
    assert (best.rank, other.rank) == (1, 2)


def test_only_both_bad_or_nothing_tells_no_rating() -> None:
    told = rank([Vote("x", "a", "b", "both_bad")])
    assert [(each.rating.value, each.rating.low, each.rank) for each in told.standings] == [(1000, -math.inf, None)] * 2
    assert rank([]).standings == ()


def test_an_engine_is_not_compared_with_itself() -> None:
    with pytest.raises(ValueError, match="two engines"):
        rank([Vote("x", "a", "a", "tie")])


def test_votes_on_one_case_count_as_one_case() -> None:
    votes = votes_by(Random(6), {"a": 0.3, "b": -0.3}, 100)
    copies = [vote for vote in votes for _ in range(5)]
    one, five = rank(votes, resamples=400).standings[0].rating, rank(copies, resamples=400).standings[0].rating
    assert five.high - five.low == pytest.approx(one.high - one.low, rel=0.05)


def test_the_same_seed_tells_the_same() -> None:
    votes = votes_by(Random(7), TRUTH, 100)
    assert rank(votes, seed=1, resamples=50) == rank(votes, seed=1, resamples=50)
    assert rank(votes, seed=1, resamples=50) != rank(votes, seed=2, resamples=50)


def test_ratings_cover() -> None:
    truth = {"a": 0.5, "b": 0.0, "c": -0.5}
    draw, covered, studies = Random(8), 0, 2000
    for study in range(studies):
        told = rank(votes_by(draw, truth, 150), seed=study, resamples=79)
        rating = next(each.rating for each in told.standings if each.engine == "abc"[study % 3])
        covered += rating.low <= 1000 + 400 / math.log(10) * truth["abc"[study % 3]] <= rating.high
    assert 0.94 <= covered / studies <= 0.96
