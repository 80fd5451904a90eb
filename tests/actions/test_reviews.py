"""Decisions, undo and redo against a reference model; the resolved text against an independent one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from applyweb.actions.errors import Refused
from applyweb.actions.reviews import decide_all, decide_hunk, redo_step, undo_step
from applyweb.core.text import split_lines
from applyweb.models import Apply
from applyweb.queries.applies import hunks_of
from applyweb.queries.reviews import resolved_text, review_state
from tests.factories import make_finished, make_person

lines = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n", "é\n", "x"]), max_size=14).map("".join)
verdicts = st.sampled_from(["accepted", "rejected", "pending"])


class Reviews(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(original=lines, merged=lines, data=st.data())
    def test_any_subset_equals_an_independent_reference(self, original: str, merged: str, data: st.DataObject) -> None:
        person = make_person()
        apply = make_finished(person, merged, original=original)
        chosen = {}
        for hunk in hunks_of(apply):
            chosen[hunk.key] = data.draw(verdicts)
            decide_hunk(apply, person, hunk.key, chosen[hunk.key])
        expected = reference(apply, original, merged, {key for key, verdict in chosen.items() if verdict == "accepted"})
        assert resolved_text(apply, person) == expected
        decide_all(apply, person, "accepted")
        assert resolved_text(apply, person) == merged
        decide_all(apply, person, "rejected")
        assert resolved_text(apply, person, "accepted") == original

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=st.lists(st.one_of(st.tuples(st.integers(0, 1), verdicts), verdicts, st.sampled_from("ur"))))
    def test_undo_and_redo_behave_as_a_list_of_states(self, steps: list[object]) -> None:
        person = make_person()
        apply = make_finished(person)
        keys = [hunk.key for hunk in hunks_of(apply)]
        history: list[dict[str, str]] = [{}]
        here = 0
        for step in steps:
            now = dict(history[here])
            if step in ("u", "r"):
                there = here - 1 if step == "u" else here + 1
                if 0 <= there < len(history):
                    (undo_step if step == "u" else redo_step)(apply, person)
                    here = there
                else:
                    with pytest.raises(Refused):
                        (undo_step if step == "u" else redo_step)(apply, person)
            else:
                if isinstance(step, tuple):
                    decide_hunk(apply, person, keys[step[0]], step[1])
                    now[keys[step[0]]] = str(step[1])
                else:
                    decide_all(apply, person, str(step))
                    now = dict.fromkeys(keys, str(step))
                now = {key: verdict for key, verdict in now.items() if verdict != "pending"}
                if now != history[here]:
                    history = [*history[: here + 1], now]
                    here += 1
            state = review_state(apply, person)
            assert state.decisions == history[here]
            assert (state.can_undo, state.can_redo) == (here > 0, here < len(history) - 1)

    def test_each_persons_review_is_kept_apart(self) -> None:
        mira, noor = make_person(), make_person("noor")
        apply = make_finished(mira)
        decide_all(apply, mira, "accepted")
        decide_all(apply, noor, "rejected")
        assert review_state(apply, mira).counts.accepted == 2
        assert review_state(apply, noor).counts.rejected == 2


def reference(apply: Apply, original: str, merged: str, accepted: set[str]) -> str:
    """Rebuilt from the back by slices of the original, unlike the server's walk from the front."""
    old, new = split_lines(original), split_lines(merged)
    for hunk in reversed(hunks_of(apply)):
        if hunk.key in accepted:
            old[hunk.old_start : hunk.old_end] = new[hunk.new_start : hunk.new_end]
    return "".join(old)
