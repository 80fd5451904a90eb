"""Votes of people whose preferences are known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

from applyweb.core.ranking import Choice, Vote


def votes_by(draw: Random, truth: Mapping[str, float], count: int, person: str = "", lean: float = 0.0) -> list[Vote]:
    """By Bradley and Terry's model; `lean` are logits in favour of the left."""
    engines, made = list(truth), []
    for number in range(count):
        left, right = draw.sample(engines, 2)
        chance = 1 / (1 + math.exp(truth[right] - truth[left] - lean))
        choice: Choice = "left" if draw.random() < chance else "right"
        made.append(Vote(f"{person}{number}", left, right, choice, person))
    return made
