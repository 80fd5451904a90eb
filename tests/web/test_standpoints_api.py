"""Several people's reviews through the API: who may share, read and take over, and in how many queries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions.reviews import decide_all, decide_hunk, write_hunk
from applyweb.actions.sharing import set_shared
from applyweb.models import Apply, User
from tests.factories import make_finished, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor() -> User:
    return make_person("noor")


@pytest.fixture
def apply(person: User) -> Apply:
    apply = make_finished(person)
    set_shared(apply, person, True)
    return apply


@pytest.fixture
def other(noor: User) -> Client:
    client = Client()
    client.force_login(noor)
    return client


def send(client: Client, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    content = b"" if body is None else json.dumps(body).encode()
    answer = client.generic(method, path, content, content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def keys(apply: Apply) -> list[str]:
    return [hunk.key for hunk in apply.hunks.all()]


def test_sharing_is_the_owners_and_opens_and_closes_every_address(client: Client, other: Client, apply: Apply) -> None:
    base = f"/api/applies/{apply.id}"
    assert send(other, "GET", f"{base}/review")[0] == 200
    assert send(other, "PUT", f"{base}/shared", {"shared": False})[0] == 403
    assert send(client, "PUT", f"{base}/shared", {"shared": False}) == (200, {"shared": False})
    for path in (base, f"{base}/review", f"{base}/reviews", f"{base}/result", f"{base}/threads"):
        assert send(other, "GET", path)[0] == 404, path
    assert send(other, "PUT", f"{base}/decisions", {"decision": "accepted"})[0] == 404
    assert send(other, "POST", f"{base}/adoptions", {"person": 1})[0] == 404
    assert send(Client(), "GET", f"{base}/reviews")[0] == 401


def test_everybodys_reviews_are_told_with_counts_decisions_and_differences(
    client: Client, other: Client, apply: Apply, person: User, noor: User
) -> None:
    first, second = keys(apply)
    assert send(client, "GET", f"/api/applies/{apply.id}/reviews") == (200, {"reviews": [], "left_out": 0})
    decide_all(apply, person, "rejected")
    write_hunk(apply, noor, first, "    return 7")
    status, found = send(client, "GET", f"/api/applies/{apply.id}/reviews")
    mine, theirs = found["reviews"]
    assert (status, mine["person"]) == (200, {"id": person.pk, "name": "mira", "mine": True})
    assert mine["decisions"] == {first: "rejected", second: "rejected"}
    assert theirs["person"] == {"id": noor.pk, "name": "noor", "mine": False}
    assert theirs["hunks"] == {"total": 2, "accepted": 1, "rejected": 0, "pending": 1}
    assert (theirs["decisions"], theirs["differs"]) == ({first: "accepted"}, [first])
    assert [part["text"] for part in theirs["parts"][first]] == ["    return 7\n"]
    reviews = send(other, "GET", f"/api/applies/{apply.id}/reviews")[1]["reviews"]
    assert [each["person"]["name"] for each in reviews] == ["noor", "mira"]


def test_taking_over_answers_with_ones_own_review(client: Client, apply: Apply, person: User, noor: User) -> None:
    first, second = keys(apply)
    decide_hunk(apply, noor, first, "rejected")
    base = f"/api/applies/{apply.id}"
    hunk = {"person": noor.pk, "hunk": first, "theirs": 1, "seen": "pending"}
    status, review = send(client, "POST", f"{base}/adoptions", hunk)
    assert (status, review["decisions"], review["version"], review["can_undo"]) == (200, {first: "rejected"}, 1, True)
    assert send(client, "POST", f"{base}/adoptions", hunk)[1]["error"]["code"] == "changed_meanwhile"
    decide_hunk(apply, noor, second, "accepted")
    every = {"person": noor.pk, "theirs": 2, "version": 1}
    assert send(client, "POST", f"{base}/adoptions", every)[1]["decisions"] == {first: "rejected", second: "accepted"}
    assert send(client, "POST", f"{base}/undo")[1]["decisions"] == {first: "rejected"}
    for body, code in (
        ({"person": 10**6}, "unknown_person"),
        ({"person": noor.pk, "hunk": "nothing"}, "unknown_hunk"),
        ({"person": noor.pk, "seen": "pending"}, "invalid"),
        ({"person": noor.pk, "hunk": first, "version": 1}, "invalid"),
        ({"hunk": first}, "invalid"),
    ):
        assert send(client, "POST", f"{base}/adoptions", body)[1]["error"]["code"] == code
    assert apply.reviews.get(person=noor).version == 2


def test_reviews_need_as_many_queries_for_many_hunks_and_people_as_for_one(client: Client, person: User) -> None:
    counts = []
    for size in (1, 40):
        original = "".join(f"line {number}\n\n\n\n" for number in range(size))
        apply = make_finished(person, original.replace("line", "LINE"), original=original)
        for number in range(size):
            decide_all(apply, make_person(f"p{size}-{number}"), "accepted")
        decide_all(apply, person, "rejected")
        with CaptureQueriesContext(connection) as queries:
            found = send(client, "GET", f"/api/applies/{apply.id}/reviews")[1]
        counts.append(len(queries))
        told = min(size, 24)
        assert (len(found["reviews"]), found["left_out"]) == (1 + told, size - told)
        assert len(found["reviews"][1]["differs"]) == size
    assert counts[0] == counts[1]
