"""Comments: who may do what, what is refused, what undoes what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applyweb.actions import comments as actions
from applyweb.actions.comments import add_comment, delete_comment, edit_comment, set_resolved
from applyweb.actions.errors import Refused
from applyweb.models import Apply, Comment, Thread, User
from applyweb.queries.comments import count_open_threads, discussion_of, version_of
from tests.factories import make_apply, make_finished

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(mira: User) -> Apply:
    return make_finished(mira)


def refusal(action: Callable[..., Any], *given: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        action(*given)
    return caught.value.code, caught.value.field


def words(apply: Apply) -> list[list[str]]:
    """The standing comments by thread, a deleted one as "deleted"."""
    return [
        ["deleted" if comment.deleted else comment.text for comment in thread.comments]
        for thread in discussion_of(apply).threads
    ]


def begin(apply: Apply, person: User, text: str = "Why?", line: int = 11) -> Comment:
    return actions.start_line_thread(apply, person, "new", line, text)


def test_a_thread_keeps_what_finds_its_line_again(apply: Apply, mira: User) -> None:
    first, second = apply.hunks.all()
    begin(apply, mira)
    actions.start_line_thread(apply, mira, "old", 3, "Unchanged")
    actions.start_hunk_thread(apply, mira, second.key, "All of it")
    kept = list(Thread.objects.values_list("on_hunk", "side", "line", "line_text", "hunk_key"))
    assert kept == [
        (False, "new", 11, "    return round(price * (1 + TAX), 2)", first.key),
        (False, "old", 3, "TAX = 0.2", ""),
        (True, "new", 15, '    return f"{price:.2f} EUR"', second.key),
    ]


def test_every_change_is_one_version_and_what_changes_nothing_is_none(apply: Apply, mira: User) -> None:
    comment = begin(apply, mira)
    edit_comment(apply, mira, comment.pk, "Why?")
    set_resolved(apply, mira, comment.thread_id, False)
    assert version_of(apply) == 1
    edit_comment(apply, mira, comment.pk, "Why so?")
    set_resolved(apply, mira, comment.thread_id, True)
    set_resolved(apply, mira, comment.thread_id, True)
    delete_comment(apply, mira, comment.pk)
    delete_comment(apply, mira, comment.pk)
    assert version_of(apply) == 4


def test_only_the_writer_edits_and_deletes_and_everyone_resolves(apply: Apply, mira: User, noor: User) -> None:
    comment = begin(apply, noor)
    assert refusal(edit_comment, apply, mira, comment.pk, "Mine now") == ("not_yours", "")
    assert refusal(delete_comment, apply, mira, comment.pk) == ("not_yours", "")
    set_resolved(apply, mira, comment.thread_id, True)
    thread = discussion_of(apply).threads[0]
    assert (thread.resolved, thread.resolved_by, words(apply)) == (True, "mira", [["Why?"]])


def test_an_answer_opens_a_resolved_thread_again(apply: Apply, mira: User, noor: User) -> None:
    comment = begin(apply, mira)
    set_resolved(apply, mira, comment.thread_id, True)
    assert count_open_threads(apply) == 0
    add_comment(apply, noor, comment.thread_id, "Not yet")
    assert count_open_threads(apply) == 1
    assert not discussion_of(apply).threads[0].resolved


def test_a_deleted_comment_leaves_no_hole_where_others_follow(apply: Apply, mira: User, noor: User) -> None:
    first = begin(apply, mira, "one")
    second = add_comment(apply, noor, first.thread_id, "two")
    third = add_comment(apply, mira, first.thread_id, "three")
    delete_comment(apply, mira, first.pk)
    assert words(apply) == [["deleted", "two", "three"]]
    delete_comment(apply, mira, third.pk)
    assert words(apply) == [["deleted", "two"]]
    delete_comment(apply, noor, second.pk)
    assert (words(apply), count_open_threads(apply)) == ([], 0)
    add_comment(apply, noor, first.thread_id, "four")
    assert words(apply) == [["deleted", "deleted", "deleted", "four"]]


def test_its_own_words_undo_a_deletion_without_a_trace_and_others_are_an_edit(apply: Apply, mira: User) -> None:
    comment = begin(apply, mira)
    delete_comment(apply, mira, comment.pk)
    assert edit_comment(apply, mira, comment.pk, "Why?").edited_at is None
    assert words(apply) == [["Why?"]]
    delete_comment(apply, mira, comment.pk)
    assert edit_comment(apply, mira, comment.pk, "Other").edited_at is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        (" \n\t ", "required"),
        ("x" * 10_001, "too_large"),
        ("a\0b", "binary"),
        ("\ud800", "undecodable"),
    ],
)
def test_bad_words_are_refused_wherever_they_are_given(apply: Apply, mira: User, text: str, code: str) -> None:
    comment = begin(apply, mira)
    hunk = apply.hunks.all()[0]
    for action, given in (
        (actions.start_line_thread, ("new", 1)),
        (actions.start_hunk_thread, (hunk.key,)),
        (add_comment, (comment.thread_id,)),
        (edit_comment, (comment.pk,)),
    ):
        assert refusal(action, apply, mira, *given, text) == (code, "text")
    assert (words(apply), version_of(apply)) == ([["Why?"]], 1)


def test_line_ends_are_one_kind_and_indents_stay(apply: Apply, mira: User) -> None:
    assert begin(apply, mira, "\r\n\n    a\r\nb\rc\n \n").text == "    a\nb\nc"
    assert begin(apply, mira, "x" * 10_000).text == "x" * 10_000


@pytest.mark.parametrize(("side", "last"), [("old", 19), ("new", 19)])
def test_a_line_that_is_not_there_is_refused(apply: Apply, mira: User, side: str, last: int) -> None:
    start = actions.start_line_thread
    for line in (0, -1, last + 1, 10**30):
        assert refusal(start, apply, mira, side, line, "x") == ("invalid", "line")
    start(apply, mira, side, last, "x")  # type: ignore[arg-type]
    assert refusal(actions.start_hunk_thread, apply, mira, "nothing", "x") == ("unknown_hunk", "hunk")


def test_an_apply_that_is_not_finished_takes_no_comment(mira: User) -> None:
    apply = make_apply(mira)
    assert refusal(actions.start_line_thread, apply, mira, "old", 1, "x") == ("not_finished", "")
    assert refusal(actions.start_hunk_thread, apply, mira, "x", "x") == ("not_finished", "")


def test_comments_of_another_apply_are_unknown_here(apply: Apply, mira: User) -> None:
    comment = begin(make_finished(mira), mira)
    assert refusal(add_comment, apply, mira, comment.thread_id, "x") == ("unknown_thread", "")
    assert refusal(set_resolved, apply, mira, comment.thread_id, True) == ("unknown_thread", "")
    assert refusal(edit_comment, apply, mira, comment.pk, "x") == ("unknown_comment", "")
    assert refusal(delete_comment, apply, mira, comment.pk) == ("unknown_comment", "")


def test_threads_and_comments_have_a_limit(apply: Apply, mira: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_THREADS", 2)
    monkeypatch.setattr(actions, "MOST_COMMENTS", 2)
    comment = begin(apply, mira)
    begin(apply, mira)
    assert refusal(begin, apply, mira) == ("too_many", "")
    assert refusal(actions.start_hunk_thread, apply, mira, apply.hunks.all()[0].key, "x") == ("too_many", "")
    add_comment(apply, mira, comment.thread_id, "two")
    assert refusal(add_comment, apply, mira, comment.thread_id, "three") == ("too_many", "")
    assert version_of(apply) == 3
