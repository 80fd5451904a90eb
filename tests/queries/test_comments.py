"""Reading threads: their order, the number of queries, and their lines in a diff that has changed since."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applyweb.actions import comments as actions
from applyweb.actions.blobs import store_text
from applyweb.core.diff import hunks
from applyweb.models import Apply, Hunk
from applyweb.queries.applies import find_apply
from applyweb.queries.comments import ThreadState, count_open_threads, discussion_of
from tests.factories import ORIGINAL, make_finished, make_person

pytestmark = pytest.mark.django_db


def differ_anew(apply: Apply, original: str, merged: str) -> Apply:
    """The same apply with other texts and the hunks between them, as when its base is exchanged."""
    apply.original, apply.merged = store_text(original), store_text(merged)
    apply.save()
    apply.hunks.all().delete()
    Hunk.objects.bulk_create(
        Hunk(
            apply=apply,
            key=hunk.id,
            position=position,
            old_start=hunk.old_start,
            old_end=hunk.old_end,
            new_start=hunk.new_start,
            new_end=hunk.new_end,
        )
        for position, hunk in enumerate(hunks(original, merged))
    )
    found = find_apply(apply.owner, apply.id)
    assert found is not None
    return found


def threads_of(apply: Apply) -> dict[str, ThreadState]:
    return {thread.comments[0].text: thread for thread in discussion_of(apply).threads}


def test_a_hundred_threads_take_as_many_queries_as_one() -> None:
    person, other = make_person(), make_person("noor")
    apply = make_finished(person)
    counts = []
    for threads in (1, 99):
        for number in range(threads):
            comment = actions.start_line_thread(apply, person, "new", number % 19 + 1, "x")
            actions.add_comment(apply, other, comment.thread_id, "y")
            actions.set_resolved(apply, other, comment.thread_id, number % 2 == 1)
        with CaptureQueriesContext(connection) as queries:
            found = len(discussion_of(apply).threads), count_open_threads(apply)
        counts.append((found, len(queries)))
    assert counts == [((1, 1), counts[0][1]), ((100, 51), counts[0][1])]


def test_what_is_written_during_a_read_is_not_under_its_version() -> None:
    person = make_person()
    apply = make_finished(person)
    actions.start_line_thread(apply, person, "new", 1, "before")
    written = []

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if not written and 'FROM "applyweb_comment"' in sql:  # the threads are read by now
            written.append(True)
            actions.start_line_thread(apply, person, "new", 2, "meanwhile")
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        discussion = discussion_of(apply)
    assert ([thread.comments[0].text for thread in discussion.threads], discussion.version) == (["before"], 1)
    assert discussion_of(apply).version == 2


def test_threads_stand_in_the_order_of_the_diff() -> None:
    person = make_person()
    apply = make_finished(person)
    first, second = (hunk.key for hunk in apply.hunks.all())
    actions.start_line_thread(apply, person, "new", 19, "last")
    actions.start_hunk_thread(apply, person, second, "hunk 2")
    actions.start_line_thread(apply, person, "new", 15, "new 15")
    actions.start_line_thread(apply, person, "old", 15, "old 15")
    actions.start_line_thread(apply, person, "old", 13, "between")
    actions.start_line_thread(apply, person, "old", 1, "top")
    threads = threads_of(apply)
    assert list(threads) == ["top", "between", "old 15", "new 15", "hunk 2", "last"]
    assert [thread.place.hunk for thread in threads.values() if thread.place] == ["", "", second, second, second, ""]
    assert first != second


def test_threads_find_their_lines_in_a_later_diff() -> None:
    person = make_person()
    apply = make_finished(person)
    first, second = (hunk.key for hunk in apply.hunks.all())
    actions.start_line_thread(apply, person, "new", 3, "tax")
    actions.start_line_thread(apply, person, "new", 11, "rounded")
    actions.start_line_thread(apply, person, "old", 11, "not rounded")
    actions.start_hunk_thread(apply, person, first, "hunk 1")
    actions.start_hunk_thread(apply, person, second, "hunk 2")
    actions.start_line_thread(apply, person, "new", 19, "shop")

    # Two lines more at the top, the second change is gone, and so is the last line.
    shorter = ORIGINAL.replace('    return "shop"\n', "")
    merged = shorter.replace("return price * (1 + TAX)", "return round(price * (1 + TAX), 2)")
    later = differ_anew(apply, "# a\n# b\n" + shorter, "# a\n# b\n" + merged)
    threads = threads_of(later)
    assert {text: thread.line for text, thread in threads.items()} == {
        "tax": 5,
        "rounded": 13,
        "not rounded": 13,
        "hunk 1": 13,
        "hunk 2": None,
        "shop": None,
    }
    assert {text: thread.place.hunk if thread.place else None for text, thread in threads.items()} == {
        "tax": "",
        "rounded": first,
        "not rounded": first,
        "hunk 1": first,
        "hunk 2": None,
        "shop": None,
    }
    assert (threads["shop"].written_line, threads["shop"].line_text) == (19, '    return "shop"')


def test_a_line_in_a_hunk_is_looked_for_there_first() -> None:
    person = make_person()
    original = "a = 1\nsame\nb = 2\n"
    merged = "a = 1\nsame\nb = 3\nsame\n"
    apply = make_finished(person, merged, original=original)
    actions.start_line_thread(apply, person, "new", 4, "the new one")
    later = differ_anew(apply, "same\n" * 6 + original, "same\n" * 6 + merged)
    assert threads_of(later)["the new one"].line == 10


def test_a_line_that_is_gone_stays_with_its_hunk() -> None:
    person = make_person()
    apply = make_finished(person)
    key = apply.hunks.all()[0].key
    comment = actions.start_line_thread(apply, person, "new", 11, "x")
    comment.thread.line_text = "    something else"
    comment.thread.save()
    thread = discussion_of(apply).threads[0]
    assert (thread.line, thread.place.hunk if thread.place else None) == (None, key)
