"""Taking over another person's decisions: one step of one's own, and nothing of theirs changes."""

from __future__ import annotations

import pytest

from applyweb.actions.adoptions import adopt_all, adopt_hunk
from applyweb.actions.errors import Refused
from applyweb.actions.proposals import ask_again, begin_proposal, finish_proposal, take_proposal
from applyweb.actions.reviews import Lines, decide_all, decide_hunk, decide_lines, undo_step, write_hunk
from applyweb.models import Apply, Review, User
from applyweb.queries.applies import hunks_of
from applyweb.queries.reviews import ReviewState, resolved_text, review_state
from applyweb.queries.standpoints import standpoints_of
from tests.actions.test_rebases import MERGED, ORIGINAL, rebased
from tests.factories import make_finished, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(mira: User) -> Apply:
    return make_finished(mira, MERGED, original=ORIGINAL)


def keys(apply: Apply) -> list[str]:
    return [hunk.key for hunk in hunks_of(apply)]


def state(apply: Apply, person: User) -> ReviewState:
    return review_state(apply, person)


def refusal(*args: object, **more: object) -> str:
    with pytest.raises(Refused) as refused:
        (adopt_hunk if len(args) == 4 else adopt_all)(*args, **more)  # type: ignore[arg-type]
    return refused.value.code


def test_a_hunk_is_taken_over_with_its_parts_texts_and_reasons_and_one_undo_takes_it_back(
    apply: Apply, mira: User, noor: User
) -> None:
    first, second, _ = keys(apply)
    decide_all(apply, mira, "accepted")
    decide_lines(apply, noor, second, Lines(range(0), range(1)), "rejected", "too long")
    write_hunk(apply, noor, first, "own")
    theirs, before = state(apply, noor), state(apply, mira)
    for key in (first, second):
        adopt_hunk(apply, mira, noor.pk, key, theirs=theirs.version, seen="accepted")
    after = state(apply, mira)
    assert {key: after.layout[key] for key in (first, second)} == {key: theirs.layout[key] for key in (first, second)}
    assert state(apply, noor) == theirs
    undo_step(apply, mira)
    undo_step(apply, mira)
    assert state(apply, mira).layout == before.layout


def test_all_that_another_decided_is_one_step_and_what_they_left_open_stays(
    apply: Apply, mira: User, noor: User
) -> None:
    first, second, third = keys(apply)
    decide_hunk(apply, mira, third, "accepted")
    decide_hunk(apply, noor, first, "rejected")
    write_hunk(apply, noor, second, "own")
    before, theirs = state(apply, mira), state(apply, noor)
    adopt_all(apply, mira, noor.pk, theirs=theirs.version, version=before.version)
    assert state(apply, mira).decisions == {first: "rejected", second: "accepted", third: "accepted"}
    assert "own\n" in resolved_text(apply, mira)
    assert Review.objects.get(person=mira).steps.count() == 2
    undo_step(apply, mira)
    assert state(apply, mira).layout == before.layout
    assert state(apply, noor) == theirs


def test_what_changed_since_it_was_looked_at_is_not_taken_over(apply: Apply, mira: User, noor: User) -> None:
    first, second, _ = keys(apply)
    decide_hunk(apply, noor, first, "rejected")
    seen = state(apply, noor).version
    decide_hunk(apply, noor, first, "accepted")
    assert refusal(apply, mira, noor.pk, first, theirs=seen) == "changed_meanwhile"
    assert refusal(apply, mira, noor.pk, theirs=seen) == "changed_meanwhile"
    assert refusal(apply, mira, noor.pk, first, seen="rejected") == "changed_meanwhile"
    assert refusal(apply, mira, noor.pk, version=7) == "changed_meanwhile"
    assert refusal(apply, mira, noor.pk, second) == "invalid"
    assert refusal(apply, mira, noor.pk, "nothing") == "unknown_hunk"
    assert refusal(apply, mira, mira.pk, first) == "unknown_person"
    assert refusal(apply, noor, mira.pk) == "unknown_person"  # who has no review
    assert state(apply, mira).decisions == {}


def test_a_conflict_is_taken_over_only_by_itself(apply: Apply, mira: User, noor: User) -> None:
    fresh = rebased(apply, mira)
    conflict = keys(fresh)[1]
    decide_hunk(fresh, noor, conflict, "accepted")
    assert refusal(fresh, mira, noor.pk) == "invalid"
    adopt_hunk(fresh, mira, noor.pk, conflict)
    assert state(fresh, mira).decisions == {conflict: "accepted"}


def test_of_a_later_proposal_that_another_took_the_text_comes_along(apply: Apply, mira: User, noor: User) -> None:
    first = keys(apply)[0]
    asked = begin_proposal(ask_again(apply, noor, first, "otherwise", "openai").pk)
    assert asked is not None
    assert finish_proposal(asked.pk, asked.attempt, "EINS\n", [], {})
    take_proposal(apply, noor, first, asked.pk)
    adopt_hunk(apply, mira, noor.pk, first)
    (part,) = state(apply, mira).layout[first]
    assert (part.text, part.proposal, part.verdict) == ("EINS\n", None, "accepted")


def test_standpoints_name_everybody_count_and_tell_where_they_differ(apply: Apply, mira: User, noor: User) -> None:
    first, second, third = keys(apply)
    noor.first_name = "Aa Noor"
    noor.save()
    decide_all(apply, mira, "accepted")
    decide_hunk(apply, noor, first, "rejected")
    decide_hunk(apply, noor, second, "accepted")
    decide_hunk(apply, make_person("zoe"), third, "rejected")
    found = standpoints_of(apply, mira)
    assert [(each.name, each.mine, each.counts.accepted, each.counts.pending) for each in found.reviews] == [
        ("mira", True, 3, 0),
        ("Aa Noor", False, 1, 1),
        ("zoe", False, 0, 2),
    ]
    assert [each.differs for each in found.others] == [(first,), (third,)]
    assert [each.differs for each in standpoints_of(apply, make_person("new")).others] == [(), (), ()]
