"""A review over the edited file: a new version with everybody's decisions and comments; the old one stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from applyweb.actions.comments import add_comment, set_resolved, start_hunk_thread, start_line_thread
from applyweb.actions.errors import Refused
from applyweb.actions.rebases import NewBase, rebase_apply
from applyweb.actions.reviews import Lines, decide_all, decide_hunk, decide_lines, undo_step, write_hunk
from applyweb.core.parts import Parts
from applyweb.core.rebase import rebase
from applyweb.models import Apply, Comment, Thread, User
from applyweb.queries.applies import find_apply, hunks_of, texts_of
from applyweb.queries.comments import discussion_of
from applyweb.queries.rebases import conflict_texts, fates_of, had_of, newer_versions, standing_of
from applyweb.queries.reviews import resolved_text, review_state
from tests.factories import make_finished, make_person

pytestmark = pytest.mark.django_db

ORIGINAL = "".join(f"line {number}\n" for number in range(12))
MERGED = ORIGINAL.replace("line 1\n", "ONE\n").replace("line 5\n", "FIVE\nand more\n").replace("line 9\n", "NINE\n")
EDITED = "top\n" + ORIGINAL.replace("line 5\n", "line 5, edited\n")


@pytest.fixture
def person() -> User:
    return make_person()


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person, MERGED, original=ORIGINAL)


def base_of(apply: Apply, original: str = EDITED) -> NewBase:
    texts, standing = texts_of(apply), standing_of(apply)
    found = rebase(texts.original, texts.merged or "", standing.hunks, original, standing.layouts)
    return NewBase(original, found, standing.versions, "certain", [], {})


def rebased(apply: Apply, person: User, original: str = EDITED) -> Apply:
    made = rebase_apply(apply, person, base_of(apply, original))
    found = find_apply(person, made.id)
    assert found is not None
    return found


def keys(apply: Apply) -> list[str]:
    return [hunk.key for hunk in hunks_of(apply)]


def verdicts(apply: Apply, person: User) -> list[list[str]]:
    return [[part.verdict for part in parts] for parts in review_state(apply, person).layout.values()]


def test_decisions_go_along_and_conflicts_wait(apply: Apply, person: User) -> None:
    decide_all(apply, person, "accepted")
    decide_hunk(apply, person, keys(apply)[2], "rejected", "not now")
    fresh = rebased(apply, person)
    assert verdicts(fresh, person) == [["accepted"], ["pending"], ["rejected"]]
    assert review_state(fresh, person).layout[keys(fresh)[2]][0].reason == "not now"
    assert resolved_text(fresh, person) == EDITED.replace("line 1\n", "ONE\n")
    assert resolved_text(fresh, person, "accepted") == resolved_text(fresh, person)
    assert [fate.state for fate in fates_of(fresh)] == ["moved", "conflict", "moved"]
    (texts,) = conflict_texts(fresh).values()
    assert (texts.old, texts.new, texts.proposed) == (["line 5\n"], ["line 5, edited\n"], ["FIVE\n", "and more\n"])
    assert had_of(fresh, person) == {keys(fresh)[1]: "accepted"}


def test_a_version_with_a_conflict_is_unsure_and_says_why(apply: Apply, person: User) -> None:
    apply.confidence, apply.notes = "certain", []
    fresh = rebased(apply, person)
    assert (fresh.confidence, [note["code"] for note in fresh.notes]) == ("unsure", ["conflict"])
    moved = rebased(apply, person, "top\n" + ORIGINAL)
    assert (moved.confidence, moved.notes) == ("certain", [])


def test_how_likely_it_was_right_is_not_said_of_lines_in_conflict(apply: Apply, person: User) -> None:
    apply.stats = {"ms": 3.0, "probability": 0.98}
    assert rebased(apply, person).stats == {"ms": 3.0}
    assert rebased(apply, person, "top\n" + ORIGINAL).stats == apply.stats


def test_accepting_all_leaves_conflicts_to_a_decision_of_their_own(apply: Apply, person: User) -> None:
    fresh = rebased(apply, person)
    decide_all(fresh, person, "accepted")
    assert verdicts(fresh, person) == [["accepted"], ["pending"], ["accepted"]]
    decide_hunk(fresh, person, keys(fresh)[1], "accepted")
    assert resolved_text(fresh, person) == "top\n" + MERGED
    decide_all(fresh, person, "rejected")
    assert resolved_text(fresh, person) == EDITED


def test_the_old_version_keeps_all_its_history(apply: Apply, person: User) -> None:
    decide_all(apply, person, "accepted")
    before = review_state(apply, person)
    fresh = rebased(apply, person)
    assert review_state(apply, person) == before
    assert newer_versions(apply) == [fresh.id]
    assert fresh.rebased_from_id == apply.id
    undo_step(apply, person)
    assert verdicts(apply, person) == [["pending"]] * 3
    with pytest.raises(Refused, match="nothing to undo"):
        undo_step(fresh, person)
    assert verdicts(fresh, person) == [["accepted"], ["pending"], ["accepted"]]


def test_lines_and_texts_of_ones_own_go_along(apply: Apply, person: User) -> None:
    decide_lines(apply, person, keys(apply)[1], Lines(range(0, 1), range(0, 1)), "accepted")
    write_hunk(apply, person, keys(apply)[2], "mine")
    fresh = rebased(apply, person, "top\n" + ORIGINAL)
    assert verdicts(fresh, person) == [["pending"], ["accepted", "pending"], ["accepted"]]
    assert resolved_text(fresh, person) == "top\n" + ORIGINAL.replace("line 5", "FIVE").replace("line 9", "mine")
    taken = resolved_text(apply, person)
    assert [fate.state for fate in fates_of(rebased(apply, person, taken))] == ["unchanged", "unchanged", "already"]


def test_everybodys_review_goes_along(apply: Apply, person: User) -> None:
    noor = make_person("noor")
    decide_all(apply, person, "accepted")
    decide_all(apply, noor, "rejected")
    fresh = rebased(apply, person)
    assert verdicts(fresh, person) == [["accepted"], ["pending"], ["accepted"]]
    assert verdicts(fresh, noor) == [["rejected"], ["pending"], ["rejected"]]
    assert (had_of(fresh, person), had_of(fresh, noor)) == (
        {keys(fresh)[1]: "accepted"},
        {keys(fresh)[1]: "rejected"},
    )


def test_what_was_decided_meanwhile_is_not_left_behind(apply: Apply, person: User) -> None:
    base = base_of(apply)
    decide_all(apply, person, "accepted")
    with pytest.raises(Refused) as refused:
        rebase_apply(apply, person, base)
    assert refused.value.code == "changed_meanwhile"
    with pytest.raises(Refused) as refused:
        rebase_apply(apply, person, base_of(apply), version=0)
    assert refused.value.code == "changed_meanwhile"
    assert Apply.objects.count() == 1
    assert rebase_apply(apply, person, base_of(apply), version=1).rebased_from == apply


def test_comments_go_along_to_their_lines_and_hunks(apply: Apply, person: User) -> None:
    on_line = start_line_thread(apply, person, "new", MERGED.split("\n").index("line 7") + 1, "Why seven?")
    add_comment(apply, person, on_line.thread_id, "Because.")
    on_hunk = start_hunk_thread(apply, person, keys(apply)[2], "Nine it is.")
    set_resolved(apply, person, on_hunk.thread_id, True)
    gone = start_line_thread(apply, person, "old", 6, "What was five?")
    Comment.objects.update(created_at=person.date_joined.replace(year=2020))
    Thread.objects.update(created_at=person.date_joined.replace(year=2020))
    fresh = rebased(apply, person)
    threads = {thread.comments[0].text: thread for thread in discussion_of(fresh).threads}
    merged = (texts_of(fresh).merged or "").split("\n")
    seven = threads["Why seven?"]
    assert (merged[(seven.line or 0) - 1], [comment.text for comment in seven.comments]) == (
        "line 7",
        ["Why seven?", "Because."],
    )
    nine = threads["Nine it is."]
    assert nine.place is not None
    assert (nine.place.hunk, nine.resolved, nine.on_hunk) == (keys(fresh)[2], True, True)
    assert (threads["What was five?"].line, threads["What was five?"].line_text) == (None, "line 5")
    assert {thread.created_at.year for thread in threads.values()} == {2020}
    assert {comment.created_at.year for thread in threads.values() for comment in thread.comments} == {2020}
    assert len(discussion_of(apply).threads) == 3
    assert gone.thread.apply_id == apply.id


def test_layouts_of_other_hunks_are_not_taken(apply: Apply, person: User) -> None:
    decide_all(apply, person, "accepted")
    base = base_of(apply)
    empty: dict[str, Parts] = {}
    broken = replace(base, rebased=replace(base.rebased, layouts=(empty,)))
    with pytest.raises(KeyError):
        rebase_apply(apply, person, broken)
    assert Apply.objects.count() == 1
