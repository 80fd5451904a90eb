"""Checks on votes: do people favour a side, or what is longer; does somebody click at random?

Must not know: people's names or accounts, where votes come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from applyweb.core.intervals import Interval, rate
from applyweb.core.paired import LEAST_DIFFERING, sign_test
from applyweb.core.ranking import Vote, strengths

Manner = Literal["like the others", "against the others", "like random", "can't tell"]


@dataclass(frozen=True, slots=True)
class Bias:
    """How often, of `of` votes that chose one output, the one on the left (or the longer one) was chosen. `share` is
    None where no vote tells. `p` is the exact two-sided one of a fair coin. "unfair" at p < 0.05; with too few votes
    for any test "not enough data", and `more` are needed at least."""

    share: Interval | None
    of: int
    p: float
    word: Literal["unfair", "not seen", "not enough data"]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Judge:
    """How often a person chose the engine that all others' votes make the stronger: `agreed` of `of` votes, `share`
    with its interval. `expected` is the share for somebody who votes as the others do; 0.5 is what clicking at random
    gives. "like the others" where the interval lies above 0.5, "against the others" where below; "like random" where
    it holds 0.5 and not what is expected; "can't tell" where it holds both."""

    person: str
    agreed: int
    of: int
    share: Interval | None
    expected: float
    word: Manner


def position_bias(votes: Sequence[Vote]) -> Bias:
    """Tells of people only where sides were drawn at random or counterbalanced; else of the engines, too."""
    sides = [vote.choice == "left" for vote in votes if vote.choice in ("left", "right")]
    return _bias(sum(sides), len(sides))


def length_bias(votes: Sequence[Vote]) -> Bias:
    """Of the votes between outputs of different length. The longer may be chosen because it is better: what is unfair
    here asks for a look, and proves nothing alone."""
    longer = []
    for vote in votes:
        if vote.choice not in ("left", "right") or vote.left_length is None or vote.right_length is None:
            continue
        if vote.left_length != vote.right_length:
            longer.append((vote.left_length > vote.right_length) == (vote.choice == "left"))
    return _bias(sum(longer), len(longer))


def judges(votes: Sequence[Vote]) -> list[Judge]:
    """Each person, by name, held against a ranking from everybody else's votes."""
    return [_judge(person, votes) for person in sorted({vote.person for vote in votes})]


def _bias(count: int, of: int) -> Bias:
    p = sign_test(count, of - count)
    share = rate(count, of) if of else None
    if of < LEAST_DIFFERING:
        return Bias(share, of, p, "not enough data", LEAST_DIFFERING - of)
    return Bias(share, of, p, "unfair" if p < 0.05 else "not seen")


def _judge(person: str, votes: Sequence[Vote]) -> Judge:
    others = strengths(vote for vote in votes if vote.person != person)
    agreed, expected = [], []
    for vote in votes:
        if vote.person != person or vote.choice not in ("left", "right"):
            continue
        if vote.left not in others or vote.right not in others or others[vote.left] == others[vote.right]:
            continue
        lead = others[vote.left] - others[vote.right]
        agreed.append((lead > 0) == (vote.choice == "left"))
        expected.append(1.0 / (1.0 + math.exp(-abs(lead))))
    if not agreed:
        return Judge(person, 0, 0, None, 0.5, "can't tell")
    share, likely = rate(sum(agreed), len(agreed)), sum(expected) / len(expected)
    return Judge(person, sum(agreed), len(agreed), share, likely, _manner(share, likely))


def _manner(share: Interval, expected: float) -> Manner:
    if share.low > 0.5:
        return "like the others"
    if share.high < 0.5:
        return "against the others"
    return "like random" if share.high < expected else "can't tell"
