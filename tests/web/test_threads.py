"""Threads on the review page, as the server renders them: words, rights, places, and the number of queries."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions import comments as actions
from applyweb.models import Apply, User
from tests.factories import make_apply, make_finished, make_person
from tests.web.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person)


def fragment(client: Client, apply: Apply, query: str = "") -> str:
    answer = client.get(f"/applies/{apply.id}/threads{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def attributes(html: str, name: str) -> list[str]:
    return [unescape(found) for found in re.findall(rf' data-{name}="([^"]*)"', html)]


def test_a_thread_tells_who_where_and_what(client: Client, apply: Apply, person: User, noor: User) -> None:
    comment = actions.start_line_thread(apply, noor, "new", 11, "Why `round`?\n<b>Really</b>")
    actions.add_comment(apply, person, comment.thread_id, "Cents.")
    html = fragment(client, apply)
    assert "Noor <de> Vries on line 11, just now Why round ? <b>Really</b> MI mira just now" in words(html)
    assert '<div class="words" dir="auto">Why <code>round</code>?\n&lt;b&gt;Really&lt;/b&gt;</div>' in html
    assert 'aria-label="Comment on line 11"' in html
    assert (attributes(html, "side"), attributes(html, "row")) == (["new"], ["11"])
    assert attributes(html, "in") == [apply.hunks.all()[0].key]


def test_the_review_page_holds_the_same_threads(client: Client, apply: Apply, person: User) -> None:
    actions.start_line_thread(apply, person, "new", 11, "Here")
    html = client.get(f"/applies/{apply.id}/").content.decode()
    assert attributes(html[html.index('id="threads"') :], "version")[:1] == ["1"]
    assert 'class="thread is-new"' in html


def test_only_the_writer_gets_buttons_and_the_words_to_edit(
    client: Client, apply: Apply, person: User, noor: User
) -> None:
    text = 'Mine "quoted" <b>\n  two'
    comment = actions.start_line_thread(apply, person, "new", 11, text)
    actions.add_comment(apply, noor, comment.thread_id, "Not mine")
    html = fragment(client, apply)
    assert attributes(html, "text") == [text]
    assert attributes(html, "talk") == ["edit", "delete", "reply", "resolve"]


def test_a_deleted_comment_shows_no_word_of_it(client: Client, apply: Apply, person: User) -> None:
    comment = actions.start_line_thread(apply, person, "new", 11, "secret")
    actions.add_comment(apply, person, comment.thread_id, "after")
    actions.delete_comment(apply, person, comment.pk)
    html = fragment(client, apply)
    assert "secret" not in html
    assert "mira on line 11, just now deleted MI mira" in words(html)
    assert attributes(html, "talk") == ["edit", "delete", "reply", "resolve"]


def test_a_resolved_thread_has_a_line_with_its_first_words(
    client: Client, apply: Apply, person: User, noor: User
) -> None:
    comment = actions.start_hunk_thread(apply, person, apply.hunks.all()[1].key, "Is `this` right?\nI doubt it")
    actions.set_resolved(apply, noor, comment.thread_id, True)
    html = fragment(client, apply)
    assert "Resolved mira: Is this right? 1 comment" in words(html)
    assert "Reopen resolved by Noor <de> Vries" in words(html)
    assert 'aria-label="Resolved comment on hunk 2"' in html
    assert attributes(html, "talk") == ["fold", "edit", "delete", "reply", "reopen"]


def test_a_thread_without_a_place_quotes_its_line(client: Client, apply: Apply, person: User) -> None:
    comment = actions.start_line_thread(apply, person, "old", 3, "x")
    comment.thread.line_text = "GONE = '<1>'"
    comment.thread.save()
    html = fragment(client, apply)
    assert "on old line 3, which is gone" in words(html)
    assert "The line was: GONE = '<1>'" in words(html)
    assert 'class="thread is-old is-lost"' in html


def test_unchanged_lines_tell_between_which_hunks_they_stand(client: Client, apply: Apply, person: User) -> None:
    for line in (1, 13, 19):
        actions.start_line_thread(apply, person, "new", line, "x")
    html = fragment(client, apply)
    assert attributes(html, "at") == ["1", "3", "5"]


def test_the_fragment_comes_only_where_there_is_something_newer(client: Client, apply: Apply, person: User) -> None:
    address = f"/applies/{apply.id}/threads"
    assert client.get(f"{address}?after=0").status_code == 204
    actions.start_line_thread(apply, person, "new", 11, "x")
    assert attributes(fragment(client, apply, "?after=0"), "version") == ["1"]
    assert client.get(f"{address}?after=1").status_code == 204
    for after in ("x", "", "1.5", "--1", "9" * 30, "²"):
        assert client.get(address, {"after": after}).status_code == 400


def test_threads_of_others_and_of_strangers_are_not_there(client: Client, apply: Apply) -> None:
    other = make_finished(make_person("other"))
    assert client.get(f"/applies/{other.id}/threads").status_code == 404
    assert Client().get(f"/applies/{apply.id}/threads").status_code == 302


def test_an_apply_that_is_not_finished_has_a_page_without_threads(client: Client, person: User) -> None:
    html = client.get(f"/applies/{make_apply(person).id}/").content.decode()
    assert 'id="threads"' not in html
    assert 'id="composer"' not in html


def test_a_page_of_a_hundred_threads_takes_as_many_queries_as_one_of_one(
    client: Client, apply: Apply, person: User, noor: User
) -> None:
    client.get(f"/applies/{apply.id}/")  # what is kept of the apply is made once
    counts = []
    for threads in (1, 99):
        for number in range(threads):
            comment = actions.start_line_thread(apply, noor, "new", number % 19 + 1, "x")
            actions.add_comment(apply, person, comment.thread_id, "y")
            actions.set_resolved(apply, noor, comment.thread_id, number % 2 == 1)
        for address in (f"/applies/{apply.id}/", f"/applies/{apply.id}/threads", f"/api/applies/{apply.id}/threads"):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            counts.append((answer.content.decode().count("y</div>") or len(answer.json()["threads"]), len(queries)))
    assert [found for found, _ in counts] == [1, 1, 1, 100, 100, 100]
    assert [taken for _, taken in counts[:3]] == [taken for _, taken in counts[3:]]
