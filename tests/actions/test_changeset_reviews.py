"""Accepting all of a changeset: what nothing speaks against, in one step that goes back and forth as one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applyweb.actions import steps
from applyweb.actions.applies import begin_attempt, fail_apply, mark_stopped
from applyweb.actions.changeset_reviews import accept_changeset, redo_changeset, undo_changeset
from applyweb.actions.changesets import Original, create_changeset
from applyweb.actions.errors import Refused
from applyweb.actions.reviews import decide_all, decide_hunk, join_hunk, undo_step, write_hunk
from applyweb.models import Apply, Changeset, Review, Step, User
from applyweb.queries.reviews import review_state
from tests.factories import finish, make_person, many_files
from tests.queries.test_changesets import merged
from tests.web.applies import loaded

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

    told = accept_changeset(changeset, person).files

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

    told = accept_changeset(changeset, person).files

    assert [verdicts(apply, person) for apply in (sure, unsure, extra, doubted)] == [
        ["accepted", "accepted"],
        ["pending", "pending"],
        ["pending", "accepted"],
        ["accepted", "pending"],
    ]
    assert [(file.accepted, file.left) for file in told] == [(2, 0), (0, 2), (1, 1), (1, 1)]
    assert [file.accepted for file in accept_changeset(changeset, person).files] == [0, 0, 0, 0]


def test_nothing_is_accepted_while_a_file_is_being_written(person: User) -> None:
    files, chat = many_files(1)
    changeset = create_changeset(person, originals=[Original(*file) for file in files], chat=chat, engine="embedded")
    with pytest.raises(Refused) as refused:
        accept_changeset(changeset, person)
    assert refused.value.code == "not_finished"


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("checks", {"code": "blast_radius", "state": "warning", "message": "80 lines were removed.", "line": None}),
        ("checks", {"code": "truncation", "state": "failed", "message": "80 lines were removed.", "line": 1}),
        ("notes", {"code": "cut", "severity": "warning", "message": "80 lines were removed.", "chat_line": 0}),
    ],
)
def test_what_speaks_against_no_one_hunk_speaks_against_the_file(
    person: User, field: str, found: dict[str, object]
) -> None:
    changeset = merged(person, 2)
    first = files_of(changeset)[0]
    setattr(first, field, [found])
    first.save()

    told = accept_changeset(changeset, person).files

    assert [(file.accepted, file.left, file.doubts) for file in told] == [
        (0, 2, ["80 lines were removed."]),
        (2, 0, []),
    ]
    assert verdicts(first, person) == ["pending", "pending"]
    assert not Review.objects.filter(apply=first).exists()


def test_what_is_joined_to_a_doubtful_hunk_waits_with_it(person: User) -> None:
    changeset = merged(person, 1)
    (apply,) = files_of(changeset)
    first, second = keys(apply)
    apply.support = {"unjustified": [first]}
    apply.save()
    join_hunk(apply, person, second, joined=True)

    accept_changeset(changeset, person)

    assert verdicts(apply, person) == ["pending", "pending"]


def test_files_without_a_result_are_left_out(person: User) -> None:
    files, chat = many_files(3)
    changeset = create_changeset(person, originals=[Original(*file) for file in files], chat=chat, engine="embedded")
    finished, failed, stopped = files_of(changeset)
    for apply in (finished, failed, stopped):
        begin_attempt(apply.id)
    finish(loaded(person, finished), finished.original.text.replace("a = 1", "a = 2"))
    assert fail_apply(failed.id, 1, code="interrupted", message="Broken.", events=[], partial="half")
    assert mark_stopped(stopped.id, events=[], partial="")

    told = accept_changeset(changeset, person)

    assert [(file.path, file.accepted) for file in told.files] == [("src/part_0.py", 1)]
    assert Review.objects.count() == 1


def test_an_error_in_the_third_file_leaves_the_others_undecided(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    changeset = merged(person, 3)
    *_, third = files_of(changeset)
    made = steps._decisions

    def broken(review: Review, *more: object) -> object:
        if review.apply_id == third.id:
            raise RuntimeError("the disk is full")
        return made(review, *more)

    monkeypatch.setattr(steps, "_decisions", broken)
    with pytest.raises(RuntimeError):
        accept_changeset(changeset, person)

    assert [verdicts(apply, person) for apply in files_of(changeset)] == [["pending", "pending"]] * 3
    assert (Review.objects.count(), Step.objects.count()) == (0, 0)


def test_ten_files_take_as_many_queries_as_two(person: User) -> None:
    noor = make_person("noor")
    taken = []
    for owner, count in ((person, 2), (noor, 10)):
        changeset = merged(owner, count)
        for apply in files_of(changeset):
            write_hunk(apply, owner, keys(apply)[0], "a = 3\n")
            decide_all(apply, owner, "rejected")
            undo_step(apply, owner)
            undo_step(apply, owner)  # what could be redone ends
        rows = []
        for act in (accept_changeset, undo_changeset, redo_changeset):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                act(changeset, owner)
            rows.append(len(queries))
        taken.append(rows)
    assert taken[0] == taken[1]
    assert max(taken[0]) < 30


def test_all_files_go_back_and_forth_as_one_step(person: User) -> None:
    changeset = merged(person, 2)
    first, second = files_of(changeset)
    accept_changeset(changeset, person)

    assert [file.stays for file in undo_changeset(changeset, person)] == [False, False]
    assert verdicts(first, person) + verdicts(second, person) == ["pending"] * 4
    with pytest.raises(Refused, match="nothing in several files to undo"):
        undo_changeset(changeset, person)
    assert [file.stays for file in redo_changeset(changeset, person)] == [False, False]
    assert verdicts(first, person) + verdicts(second, person) == ["accepted"] * 4
    with pytest.raises(Refused, match="nothing in several files to redo"):
        redo_changeset(changeset, person)


def test_a_file_that_was_decided_on_since_stays(person: User) -> None:
    changeset = merged(person, 2)
    first, second = files_of(changeset)
    accept_changeset(changeset, person)
    decide_hunk(first, person, keys(first)[0], "rejected")

    assert [(file.path, file.stays) for file in undo_changeset(changeset, person)] == [
        ("src/part_0.py", True),
        ("src/part_1.py", False),
    ]
    assert verdicts(first, person) == ["rejected", "accepted"]
    assert verdicts(second, person) == ["pending", "pending"]
    with pytest.raises(Refused, match="decided in each of these files since"):
        undo_changeset(changeset, person)


def test_steps_go_back_one_by_one_or_by_name(person: User) -> None:
    changeset = merged(person, 2)
    first, second = files_of(changeset)
    first.support = {"unjustified": keys(first)}
    first.save()
    early = accept_changeset(changeset, person).step
    first.support = {}
    first.save()
    late = accept_changeset(changeset, person).step

    assert accept_changeset(changeset, person).step == ""
    assert [file.id for file in undo_changeset(changeset, person)] == [first.id]
    with pytest.raises(Refused):
        undo_changeset(changeset, person, late)
    assert [file.id for file in undo_changeset(changeset, person, early)] == [second.id]
    assert [file.id for file in redo_changeset(changeset, person)] == [second.id]
    assert [file.id for file in redo_changeset(changeset, person)] == [first.id]
