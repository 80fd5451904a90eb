"""The API of comments through Django's client: what it gives, what it refuses, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from applyweb.actions import comments as actions
from applyweb.models import Apply, Comment, User
from tests.factories import make_apply, make_finished, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person)


def send(client: Client, method: str, path: str, body: Any = None) -> HttpResponse:
    content = b"" if body is None else json.dumps(body).encode()
    answer: HttpResponse = client.generic(method, path, content, content_type="application/json")
    return answer


def error(answer: HttpResponse) -> tuple[int, str, str | None]:
    found = json.loads(answer.content)["error"]
    return answer.status_code, found["code"], found.get("field")


def test_a_thread_from_its_begin_to_its_end(client: Client, apply: Apply) -> None:
    base = f"/api/applies/{apply.id}"
    made = send(client, "POST", f"{base}/threads", {"side": "new", "line": 11, "text": "Why `round`?"})
    assert made.status_code == 201
    thread = made.json()
    assert (thread["on"], thread["side"], thread["line"], thread["hunk"]) == (
        "line",
        "new",
        11,
        apply.hunks.all()[0].key,
    )
    assert thread["line_text"] == "    return round(price * (1 + TAX), 2)"
    assert (thread["resolved"], thread["resolved_by"]) == (False, None)
    comment = thread["comments"][0]
    assert (comment["writer"], comment["mine"], comment["text"], comment["edited_at"]) == (
        "mira",
        True,
        "Why `round`?",
        None,
    )
    assert client.get(base).json()["open_threads"] == 1

    answer = send(client, "POST", f"{base}/threads/{thread['id']}/comments", {"text": "Cents."})
    assert (answer.status_code, answer.json()["text"]) == (201, "Cents.")
    edited = send(client, "PUT", f"{base}/comments/{comment['id']}", {"text": "Why?"}).json()
    assert (edited["text"], edited["edited_at"] is not None) == ("Why?", True)
    resolved = send(client, "PUT", f"{base}/threads/{thread['id']}/resolved", {"resolved": True}).json()
    assert (resolved["resolved"], resolved["resolved_by"]) == (True, "mira")
    assert client.get(base).json()["open_threads"] == 0
    assert not send(client, "PUT", f"{base}/threads/{thread['id']}/resolved", {"resolved": False}).json()["resolved"]
    gone = send(client, "DELETE", f"{base}/comments/{comment['id']}").json()
    assert (gone["deleted"], gone["text"]) == (True, "")

    listed = client.get(f"{base}/threads").json()
    assert listed["version"] == 6
    assert [[each["text"], each["deleted"]] for each in listed["threads"][0]["comments"]] == [
        ["", True],
        ["Cents.", False],
    ]
    assert "Why?" not in client.get(f"{base}/threads").content.decode()


def test_a_thread_on_a_hunk(client: Client, apply: Apply) -> None:
    key = apply.hunks.all()[1].key
    thread = send(client, "POST", f"/api/applies/{apply.id}/threads", {"hunk": key, "text": "All of it"}).json()
    assert (thread["on"], thread["hunk"], thread["side"], thread["line"]) == ("hunk", key, "new", 15)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (422, "invalid", "text")),
        ([], (422, "invalid", None)),
        ({"text": "x"}, (422, "invalid", "line")),
        ({"text": "x", "side": "new"}, (422, "invalid", "line")),
        ({"text": "x", "line": 3}, (422, "invalid", "line")),
        ({"text": "x", "side": "new", "line": 3, "hunk": "y"}, (422, "invalid", "line")),
        ({"text": "x", "side": "middle", "line": 3}, (422, "invalid", "side")),
        ({"text": "x", "side": "new", "line": "3"}, (422, "invalid", "line")),
        ({"text": "x", "side": "new", "line": True}, (422, "invalid", "line")),
        ({"text": "x", "side": "new", "line": 1.5}, (422, "invalid", "line")),
        ({"text": "x", "side": "new", "line": 0}, (422, "invalid", "line")),
        ({"text": "x", "side": "new", "line": 20}, (422, "invalid", "line")),
        ({"text": "x", "side": "new", "line": 10**30}, (422, "invalid", "line")),
        ({"text": "x", "hunk": "nothing"}, (404, "unknown_hunk", "hunk")),
        ({"text": "x", "hunk": "y" * 25}, (422, "invalid", "hunk")),
        ({"text": 5, "side": "new", "line": 3}, (422, "invalid", "text")),
        ({"text": None, "side": "new", "line": 3}, (422, "invalid", "text")),
        ({"text": "", "side": "new", "line": 3}, (422, "required", "text")),
        ({"text": "a\0", "side": "new", "line": 3}, (422, "binary", "text")),
        ({"text": "\ud800", "side": "new", "line": 3}, (422, "undecodable", "text")),
        ({"text": "x" * 10_001, "side": "new", "line": 3}, (413, "too_large", "text")),
        ({"text": "x", "side": "new", "line": 3, "colour": "red"}, (422, "invalid", "colour")),
    ],
)
def test_a_bad_thread_is_refused_and_nothing_is_stored(
    client: Client, apply: Apply, body: Any, expected: tuple[int, str, str | None]
) -> None:
    assert error(send(client, "POST", f"/api/applies/{apply.id}/threads", body)) == expected
    assert client.get(f"/api/applies/{apply.id}/threads").json() == {"version": 0, "threads": []}


def test_bad_bodies_of_the_other_routes_are_refused(client: Client, apply: Apply, person: User) -> None:
    comment = actions.start_line_thread(apply, person, "new", 1, "x")
    base = f"/api/applies/{apply.id}"
    for method, path, field in (
        ("POST", f"{base}/threads/{comment.thread_id}/comments", "text"),
        ("PUT", f"{base}/comments/{comment.pk}", "text"),
        ("PUT", f"{base}/threads/{comment.thread_id}/resolved", "resolved"),
    ):
        for body in ({}, {field: 7}, {field: None}, {field: "yes" if field == "resolved" else []}):
            assert error(send(client, method, path, body)) == (422, "invalid", field)
        assert error(send(client, method, path, {field: "", "more": 1}))[:2] == (422, "invalid")
        assert client.generic(method, path, b"{", content_type="application/json").status_code == 400
        assert client.generic(method, path, b'{"text": "x"}', content_type="text/plain").status_code == 400
    assert client.get(f"{base}/threads").json()["version"] == 1


@pytest.mark.parametrize(
    ("number", "status"), [("0", 422), ("-1", 422), ("x", 422), (str(2**63), 422), ("9" * 50, 422), ("999", 404)]
)
def test_numbers_of_nothing_are_refused(client: Client, apply: Apply, number: str, status: int) -> None:
    base = f"/api/applies/{apply.id}"
    for method, path, body in (
        ("POST", f"{base}/threads/{number}/comments", {"text": "x"}),
        ("PUT", f"{base}/threads/{number}/resolved", {"resolved": True}),
        ("PUT", f"{base}/comments/{number}", {"text": "x"}),
        ("DELETE", f"{base}/comments/{number}", None),
    ):
        assert send(client, method, path, body).status_code == status, (method, path)


def routes(apply: Apply, comment: Comment) -> list[tuple[str, str, Any]]:
    base = f"/api/applies/{apply.id}"
    return [
        ("GET", f"{base}/threads", None),
        ("POST", f"{base}/threads", {"side": "new", "line": 1, "text": "x"}),
        ("POST", f"{base}/threads/{comment.thread_id}/comments", {"text": "x"}),
        ("PUT", f"{base}/threads/{comment.thread_id}/resolved", {"resolved": True}),
        ("PUT", f"{base}/comments/{comment.pk}", {"text": "x"}),
        ("DELETE", f"{base}/comments/{comment.pk}", None),
    ]


def test_comments_on_other_peoples_applies_are_not_there(client: Client) -> None:
    other = make_person("other")
    apply = make_finished(other)
    comment = actions.start_line_thread(apply, other, "new", 1, "private")
    for method, path, body in routes(apply, comment):
        assert error(send(client, method, path, body))[:2] == (404, "not_found")


def test_comments_are_reached_through_their_own_apply_only(client: Client, apply: Apply, person: User) -> None:
    other = make_person("other")
    foreign = actions.start_line_thread(make_finished(other), other, "new", 1, "private")
    for method, path, body in routes(apply, foreign)[2:]:
        assert error(send(client, method, path, body))[0] == 404


def test_somebody_elses_comment_is_read_answered_and_resolved_but_not_changed(client: Client, apply: Apply) -> None:
    comment = actions.start_line_thread(apply, make_person("noor"), "new", 1, "By noor")
    expected = [200, 201, 201, 200, 403, 403]
    answers = [send(client, method, path, body) for method, path, body in routes(apply, comment)]
    assert [answer.status_code for answer in answers] == expected
    assert answers[0].json()["threads"][0]["comments"][0]["mine"] is False
    assert error(answers[4]) == (403, "not_yours", None)


def test_strangers_hear_401_and_a_browser_needs_its_csrf_token(apply: Apply, person: User) -> None:
    comment = actions.start_line_thread(apply, person, "new", 1, "x")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    for method, path, body in routes(apply, comment):
        assert error(send(Client(), method, path, body))[:2] == (401, "unauthorized")
        assert send(browser, method, path, body).status_code == (200 if method == "GET" else 403)


def test_an_apply_that_is_not_finished_takes_no_comment(client: Client, person: User) -> None:
    apply = make_apply(person)
    body = {"side": "old", "line": 1, "text": "x"}
    assert error(send(client, "POST", f"/api/applies/{apply.id}/threads", body)) == (409, "not_finished", None)
    assert client.get(f"/api/applies/{apply.id}/threads").json() == {"version": 0, "threads": []}
