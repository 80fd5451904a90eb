"""Parts of hunks as stored steps: whatever was done is undone and redone exactly, and nothing is overwritten unseen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from applyweb.actions.applies import begin_attempt
from applyweb.actions.errors import Refused
from applyweb.actions.reviews import (
    Lines,
    cut_hunk,
    decide_all,
    decide_hunk,
    decide_lines,
    join_hunk,
    redo_step,
    undo_step,
    write_hunk,
)
from applyweb.core.diff import hunks
from applyweb.core.parts import names
from applyweb.models import Apply, User
from applyweb.queries.applies import hunks_of
from applyweb.queries.reviews import ReviewState, resolved_text, review_state
from tests.factories import MERGED, finish, make_apply, make_finished, make_person

ORIGINAL = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n"
CHANGED = "A\nB\nB2\nd\ne\nf\nG\nh\nI\nJ\n"

steps = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.integers(0, 5), st.sampled_from(["accepted", "rejected", "pending"])),
        st.tuples(st.just("lines"), st.integers(0, 2), st.sampled_from(["accepted", "rejected", "pending"])),
        st.tuples(st.just("cut"), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(st.just("join"), st.integers(0, 5), st.booleans()),
        st.tuples(st.just("write"), st.integers(0, 5), st.sampled_from(["own", "", "own\nlines\n", None])),
        st.tuples(st.just("all"), st.just(0), st.sampled_from(["accepted", "rejected", "pending"])),
    ),
    max_size=8,
)


def take(apply: Apply, person: User, step: tuple[str, int, object]) -> None:
    """One step of the list above on the hunk or part that its number means now; a refusal changes nothing."""
    kind, number, value = step
    state = review_state(apply, person)
    keys = list(state.layout)
    units = [name for key, parts in state.layout.items() for name in names(key, parts)]
    unit, key = units[number % len(units)], keys[number % len(keys)]
    try:
        match kind:
            case "decide":
                decide_hunk(apply, person, unit, value)
            case "lines":
                decide_lines(apply, person, key, Lines(range(1), range(1)), value)
            case "cut":
                cut_hunk(apply, person, key, (1, value))
            case "join":
                join_hunk(apply, person, unit, joined=bool(value))
            case "write":
                write_hunk(apply, person, unit, value)
            case "all":
                decide_all(apply, person, value)
    except Refused as refused:
        if refused.code != "invalid":
            raise


class Histories(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=steps)
    def test_every_state_comes_back_by_undo_and_again_by_redo(self, steps: list[tuple[str, int, object]]) -> None:
        person = make_person()
        apply = make_finished(person, CHANGED, original=ORIGINAL)
        history = [(review_state(apply, person).layout, resolved_text(apply, person))]
        for step in steps:
            take(apply, person, step)
            state = (review_state(apply, person).layout, resolved_text(apply, person))
            if state[0] != history[-1][0]:
                history.append(state)
        for layout, text in history[-2::-1]:
            undo_step(apply, person)
            assert (review_state(apply, person).layout, resolved_text(apply, person)) == (layout, text)
        with pytest.raises(Refused):
            undo_step(apply, person)
        for layout, text in history[1:]:
            redo_step(apply, person)
            assert (review_state(apply, person).layout, resolved_text(apply, person)) == (layout, text)
        decide_all(apply, person, "pending")
        decide_all(apply, person, "accepted")
        assert resolved_text(apply, person) == CHANGED
        decide_all(apply, person, "rejected")
        assert resolved_text(apply, person, "accepted") == ORIGINAL


@pytest.fixture
def person(db: None) -> User:
    return make_person()


def keys_of(apply: Apply) -> list[str]:
    return [hunk.key for hunk in hunks_of(apply)]


def state_of(apply: Apply, person: User) -> ReviewState:
    return review_state(apply, person)


def test_one_line_of_a_hunk_is_accepted_by_itself(person: User) -> None:
    apply = make_finished(person, CHANGED, original=ORIGINAL)
    decide_lines(apply, person, keys_of(apply)[0], Lines(range(1, 2), range(1, 2)), "accepted")
    assert resolved_text(apply, person) == "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\n"
    counts = state_of(apply, person).counts
    assert (counts.total, counts.accepted, counts.pending) == (5, 1, 4)


def test_a_written_text_takes_the_files_line_ends_and_its_lack_of_a_last_one(person: User) -> None:
    apply = make_finished(person, "a\r\nB", original="a\r\nb")
    key = keys_of(apply)[0]
    write_hunk(apply, person, key, "one\ntwo\n")
    assert resolved_text(apply, person) == "a\r\none\r\ntwo"
    write_hunk(apply, person, key, "")
    assert resolved_text(apply, person) == "a\r\n"
    write_hunk(apply, person, key, "B")
    assert [part.text for part in state_of(apply, person).layout[key]] == [None]
    assert resolved_text(apply, person) == "a\r\nB"


def test_a_text_written_where_lines_only_go_keeps_the_line_end(person: User) -> None:
    apply = make_finished(person, "a\nc\n", original="a\nb\nc\n")
    write_hunk(apply, person, keys_of(apply)[0], "between")
    assert resolved_text(apply, person) == "a\nbetween\nc\n"


def test_a_text_that_is_no_text_or_too_large_is_refused(person: User, settings: object) -> None:
    apply = make_finished(person)
    key = keys_of(apply)[0]
    settings.TEXT_LIMIT = 10
    for text, code in [("a\x00", "binary"), ("\ud800", "undecodable"), ("x" * 11, "too_large")]:
        with pytest.raises(Refused) as caught:
            write_hunk(apply, person, key, text)
        assert (caught.value.code, caught.value.field) == (code, "text")


def test_what_another_window_decided_meanwhile_is_not_overwritten(person: User) -> None:
    apply = make_finished(person)
    first, second = keys_of(apply)
    decide_hunk(apply, person, first, "accepted", seen="pending")
    for change in (
        lambda: decide_hunk(apply, person, first, "rejected", seen="pending"),
        lambda: decide_lines(apply, person, first, Lines(range(1), range(1)), "rejected", seen="pending"),
        lambda: write_hunk(apply, person, first, "own", seen="pending"),
        lambda: undo_step(apply, person, version=0),
        lambda: redo_step(apply, person, version=0),
        lambda: decide_all(apply, person, "rejected", version=0),
    ):
        with pytest.raises(Refused) as caught:
            change()
        assert caught.value.code == "changed_meanwhile"
    assert state_of(apply, person).decisions == {first: "accepted"}
    decide_hunk(apply, person, second, "rejected", seen="pending")
    undo_step(apply, person, version=2)
    assert state_of(apply, person).decisions == {first: "accepted"}


def test_a_part_that_is_gone_is_unknown_and_the_hunk_means_all_its_parts(person: User) -> None:
    apply = make_finished(person, CHANGED, original=ORIGINAL)
    key = keys_of(apply)[0]
    cut_hunk(apply, person, key, (1, 1))
    decide_hunk(apply, person, f"{key}.1-1", "accepted")
    with pytest.raises(Refused) as caught:
        decide_hunk(apply, person, f"{key}.2-2", "accepted")
    assert caught.value.code == "unknown_hunk"
    decide_hunk(apply, person, key, "rejected", seen="mixed")
    assert state_of(apply, person).decisions == {f"{key}.0-0": "rejected", f"{key}.1-1": "rejected"}


def test_whole_hunks_are_stored_in_one_row_each_and_pending_ones_in_none(person: User) -> None:
    apply = make_finished(person, MERGED)
    decide_all(apply, person, "accepted")
    review = apply.reviews.get()
    assert review.decisions.count() == 2
    decide_all(apply, person, "pending")
    assert review.decisions.count() == 0


def test_what_was_decided_before_the_end_is_one_step_and_what_did_not_hold_is_told(person: User) -> None:
    apply = make_apply(person, original=ORIGINAL)
    begun = begin_attempt(apply.id)
    assert begun is not None
    found = hunks(ORIGINAL, CHANGED)
    decide_hunk(begun, person, found[0].id, "accepted")
    decide_hunk(begun, person, found[1].id, "rejected")
    decide_hunk(begun, person, found[1].id, "pending")
    decide_hunk(begun, person, "0123456789ab", "rejected")
    assert state_of(begun, person).early == {found[0].id: "accepted", "0123456789ab": "rejected"}
    with pytest.raises(Refused) as caught:
        decide_hunk(begun, person, "nonsense", "accepted")
    assert caught.value.code == "unknown_hunk"

    finish(begun, CHANGED)
    state = state_of(begun, person)
    assert (state.decisions, state.early, state.can_undo) == (
        {found[0].id: "accepted"},
        {"0123456789ab": "rejected"},
        True,
    )
    begun.refresh_from_db()
    decide_hunk(begun, person, found[1].id, "accepted")
    assert state_of(begun, person).early == {}
    undo_step(begun, person)
    undo_step(begun, person)
    assert state_of(begun, person).decisions == {}


def test_a_decision_that_was_under_way_at_the_end_is_a_usual_one(person: User) -> None:
    apply = make_apply(person, original=ORIGINAL)
    begun = begin_attempt(apply.id)
    assert begun is not None
    finish(begun, CHANGED)
    key = hunks(ORIGINAL, CHANGED)[0].id
    decide_hunk(apply, person, key, "accepted")  # `apply` was read while it was open
    assert state_of(apply, person).decisions == {key: "accepted"}
