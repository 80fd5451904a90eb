"""Faults put into right outputs, and the judge that is to find them."""

from __future__ import annotations

from random import Random

import pytest

from applyweb.core import spoil
from applyweb.core.scoring import normalise
from applyweb.jobs.judge import judge
from tests.core.test_cutting import NEW, OLD

FINDINGS = ("unjustified", "missing", "leftover", "invented")
CHAT = f"Here you are:\n\n```python\n{NEW}```\n"


@pytest.mark.parametrize("kind", sorted(spoil.KINDS))
def test_a_spoiled_output_is_neither_the_wanted_file_nor_the_old_one(kind: str) -> None:
    made = {spoil.spoil(OLD, NEW, kind, Random(seed)) for seed in range(10)}
    assert None not in made
    assert len(made) > 1
    for text in made:
        assert normalise(str(text)) not in (normalise(NEW), normalise(OLD))


def test_the_same_draw_gives_the_same_fault() -> None:
    assert spoil.spoil(OLD, NEW, "extra", Random(5)) == spoil.spoil(OLD, NEW, "extra", Random(5))


def test_where_there_is_nothing_to_spoil() -> None:
    assert spoil.spoil("", "", "extra", Random(1)) is None
    assert spoil.spoil(OLD, OLD, "dropped", Random(1)) is None


@pytest.mark.parametrize("kind", sorted(spoil.KINDS))
def test_the_judge_finds_each_kind_of_fault(kind: str) -> None:
    for seed in range(12):
        made = spoil.spoil(OLD, NEW, kind, Random(seed))
        assert made is not None
        judged = judge(OLD, made, CHAT, "garden.py", "python")
        support = judged.support
        faults = [check["code"] for check in judged.checks if check["state"] in ("failed", "warning")]
        assert faults or any(support[each] for each in FINDINGS), made


def test_the_judge_finds_nothing_in_the_wanted_file() -> None:
    judged = judge(OLD, NEW, CHAT, "garden.py", "python")
    assert [check["code"] for check in judged.checks if check["state"] in ("failed", "warning")] == []
    assert [judged.support[each] for each in FINDINGS] == [()] * len(FINDINGS)
