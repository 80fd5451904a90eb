"""Accepting all of a changeset: what nothing speaks against, one step back in each file."""

from __future__ import annotations

import pytest

from applyweb.actions.changeset_reviews import accept_changeset
from applyweb.actions.changesets import Original, create_changeset
from applyweb.actions.errors import Refused
from applyweb.actions.reviews import decide_hunk, undo_step
from applyweb.models import Apply, Changeset, User
from applyweb.queries.reviews import review_state
from tests.factories import make_person, many_files
from tests.queries.test_changesets import merged

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person()


def files_of(changeset: Changeset) -> list[Apply]:
    return list(changeset.applies.order_by("position"))


def verdicts(apply: Apply, person: User) -> list[str]:
    return [part.verdict for parts in review_state(apply, person).layout.values() for part in parts]


def keys(apply: Apply) -> list[str]:
    return [hunk.key for hunk in apply.hunks.order_by("position")]


def test_every_file_is_accepted_and_goes_one_step_back(person: User) -> None:
    changeset = merged(person, 2)
    first, second = files_of(changeset)
    decide_hunk(first, person, keys(first)[0], "rejected")

    told = accept_changeset(changeset, person)

    assert [(file.path, file.accepted, file.left) for file in told] == [
        ("src/part_0.py", 1, 0),
        ("src/part_1.py", 2, 0),
    ]
    assert verdicts(first, person) == ["rejected", "accepted"]  # what was decided before stays
    undo_step(second, person, told[1].version)
    assert verdicts(second, person) == ["pending", "pending"]
    assert verdicts(first, person) == ["rejected", "accepted"]
    undo_step(first, person, told[0].version)
    assert verdicts(first, person) == ["rejected", "pending"]


def test_what_speaks_against_a_hunk_or_a_file_leaves_it_undecided(person: User) -> None:
    changeset = merged(person, 4)
    sure, unsure, extra, doubted = files_of(changeset)
    unsure.confidence = "unsure"
    extra.support = {"unjustified": [keys(extra)[0]]}
    line = doubted.hunks.get(key=keys(doubted)[1]).new_end
    doubted.checks = [{"code": "loop", "state": "warning", "message": "Twice the same.", "line": line}]
    for apply in (unsure, extra, doubted):
        apply.save()

    told = accept_changeset(changeset, person)

    assert [verdicts(apply, person) for apply in (sure, unsure, extra, doubted)] == [
        ["accepted", "accepted"],
        ["pending", "pending"],
        ["pending", "accepted"],
        ["accepted", "pending"],
    ]
    assert [(file.accepted, file.left) for file in told] == [(2, 0), (0, 2), (1, 1), (1, 1)]
    assert [file.accepted for file in accept_changeset(changeset, person)] == [0, 0, 0, 0]


def test_nothing_is_accepted_while_a_file_is_being_written(person: User) -> None:
    files, chat = many_files(1)
    changeset = create_changeset(person, originals=[Original(*file) for file in files], chat=chat, engine="embedded")
    with pytest.raises(Refused) as refused:
        accept_changeset(changeset, person)
    assert refused.value.code == "not_finished"
