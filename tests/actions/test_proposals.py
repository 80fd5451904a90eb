"""Proposals as stored rows: bounded, each person's own, and never in the way of what was decided meanwhile."""

from __future__ import annotations

import pytest

from applyweb.actions import proposals as actions
from applyweb.actions.errors import Refused
from applyweb.actions.proposals import (
    MOST,
    MOST_OPEN,
    ask_again,
    begin_proposal,
    fail_proposal,
    finish_proposal,
    take_proposal,
)
from applyweb.actions.reviews import cut_hunk, decide_all, decide_hunk, redo_step, undo_step
from applyweb.models import Apply, Proposal, User
from applyweb.queries.proposals import open_proposal_ids, proposals_of
from applyweb.queries.reviews import resolved_text, review_state
from tests.factories import MERGED, ORIGINAL, make_apply, make_finished, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person()


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person)


def key(apply: Apply, at: int = 0) -> str:
    return apply.hunks.all()[at].key


def written(apply: Apply, person: User, text: str, at: int = 0) -> Proposal:
    """A finished proposal of this text."""
    asked = ask_again(apply, person, key(apply, at), "otherwise", "openai")
    begun = begin_proposal(asked.pk)
    assert begun is not None
    assert finish_proposal(asked.pk, begun.attempt, text, [], {})
    return Proposal.objects.get(pk=asked.pk)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_one_at_a_time_for_a_hunk_and_person(apply: Apply, person: User) -> None:
    ask_again(apply, person, key(apply), "otherwise", "openai")
    with pytest.raises(Refused) as refused:
        ask_again(apply, person, key(apply), "quite otherwise", "openai")
    assert code_of(refused) == "already_asked"
    ask_again(apply, person, key(apply, 1), "otherwise", "openai")


def test_so_many_for_a_hunk(apply: Apply, person: User) -> None:
    for number in range(MOST):
        written(apply, person, f"x = {number}\n")
    with pytest.raises(Refused) as refused:
        ask_again(apply, person, key(apply), "otherwise", "openai")
    assert code_of(refused) == "too_many"
    ask_again(apply, person, key(apply, 1), "otherwise", "openai")


def test_so_many_at_once(apply: Apply, person: User) -> None:
    for _ in range(MOST_OPEN):
        ask_again(make_finished(person), person, key(apply), "otherwise", "openai")
    with pytest.raises(Refused) as refused:
        ask_again(apply, person, key(apply), "otherwise", "openai")
    assert code_of(refused) == "too_many"
    other = make_person("noor")
    ask_again(make_finished(other), other, key(apply), "otherwise", "openai")


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (" \n ", "required"),
        ("x" * (actions.LONGEST_NOTE + 1), "too_large"),
        ("a\x00", "binary"),
        ("\ud800", "undecodable"),
    ],
)
def test_a_note_that_cannot_be_is_refused(apply: Apply, person: User, note: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask_again(apply, person, key(apply), note, "openai")
    assert (code_of(refused), refused.value.field) == (code, "note")
    assert not Proposal.objects.exists()


def test_what_is_too_large_in_parts_unknown_or_not_finished_is_refused(person: User) -> None:
    large = make_finished(person, "".join(f"{n}\n" for n in range(500)), original="a\n")
    for apply, name, code in (
        (large, key(large), "invalid"),
        (large, "nothing", "unknown_hunk"),
        (make_apply(person), "nothing", "not_finished"),
    ):
        with pytest.raises(Refused) as refused:
            ask_again(apply, person, name, "otherwise", "openai")
        assert code_of(refused) == code


def test_a_hunk_that_was_decided_meanwhile_is_a_conflict(apply: Apply, person: User) -> None:
    decide_hunk(apply, person, key(apply), "rejected")
    with pytest.raises(Refused) as refused:
        ask_again(apply, person, key(apply), "otherwise", "openai", seen="pending")
    assert code_of(refused) == "changed_meanwhile"
    proposal = written(apply, person, "x\n")
    with pytest.raises(Refused) as refused:
        take_proposal(apply, person, key(apply), proposal.pk, seen="pending")
    assert code_of(refused) == "changed_meanwhile"
    assert resolved_text(apply, person) == ORIGINAL


def test_a_taken_proposal_is_a_step_and_goes_with_its_decision(apply: Apply, person: User) -> None:
    proposal = written(apply, person, "    return price\n")
    take_proposal(apply, person, key(apply), proposal.pk, seen="pending")
    taken = ORIGINAL.replace("return price * (1 + TAX)", "return price")
    assert resolved_text(apply, person) == taken
    decide_all(apply, person, "accepted")  # what was taken stays taken
    assert resolved_text(apply, person) == MERGED.replace("return round(price * (1 + TAX), 2)", "return price")
    decide_hunk(apply, person, key(apply), "rejected")
    assert review_state(apply, person).layout[key(apply)][0].proposal is None
    for _ in range(3):
        undo_step(apply, person)
    assert resolved_text(apply, person) == ORIGINAL
    redo_step(apply, person)
    (part,) = review_state(apply, person).layout[key(apply)]
    assert (part.verdict, part.text, part.proposal) == ("accepted", "    return price\n", proposal.pk)
    with pytest.raises(Refused) as refused:
        cut_hunk(apply, person, key(apply), (1, 0))
    assert code_of(refused) == "invalid"


def test_nobody_sees_or_takes_what_another_person_asked_for(apply: Apply, person: User) -> None:
    proposal = written(apply, person, "x\n")
    other = make_person("noor")
    assert proposals_of(apply, other) == {}
    for act in (take_proposal, actions.stop_proposal):
        with pytest.raises(Refused) as refused:
            act(apply, other, key(apply), proposal.pk)
        assert code_of(refused) == "unknown_proposal"
    with pytest.raises(Refused) as refused:
        take_proposal(apply, person, key(apply, 1), proposal.pk)
    assert code_of(refused) == "unknown_proposal"


def test_an_attempt_that_was_stopped_or_begun_again_stores_nothing(apply: Apply, person: User) -> None:
    asked = ask_again(apply, person, key(apply), "otherwise", "openai")
    first, second = begin_proposal(asked.pk), begin_proposal(asked.pk)
    assert first is not None
    assert second is not None
    assert not finish_proposal(asked.pk, first.attempt, "x\n", [], {})
    actions.stop_proposal(apply, person, key(apply), asked.pk)
    assert not finish_proposal(asked.pk, second.attempt, "x\n", [], {})
    assert not fail_proposal(asked.pk, second.attempt, "timeout", "Too late.")
    assert begin_proposal(asked.pk) is None
    assert open_proposal_ids() == []
    assert Proposal.objects.get().status == "stopped"


def test_a_finished_one_stays_and_goes_with_its_apply(apply: Apply, person: User) -> None:
    proposal = written(apply, person, "x\n")
    take_proposal(apply, person, key(apply), proposal.pk)
    with pytest.raises(Refused) as refused:
        actions.stop_proposal(apply, person, key(apply), proposal.pk)
    assert code_of(refused) == "already_ended"
    apply.delete()
    assert not Proposal.objects.exists()
