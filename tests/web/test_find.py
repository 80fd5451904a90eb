"""The endpoint that finds text in a diff."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.models import User
from tests.web.applies import begun, finished

pytestmark = pytest.mark.django_db


def test_matches_are_told_with_side_line_and_hunk(client: Client, person: User) -> None:
    apply = finished(person)
    first, second = apply.hunks.all()

    told = client.get(f"/applies/{apply.id}/find", {"q": "PRICE:"}).json()

    assert told["more"] is False
    assert told["matches"] == [
        {"side": "o", "line": 15, "at": 15, "hunk": second.key, "start": 14, "end": 20},
        {"side": "n", "line": 15, "at": 15, "hunk": second.key, "start": 14, "end": 20},
    ]
    assert client.get(f"/applies/{apply.id}/find", {"q": "PRICE:", "case": "1"}).json()["matches"] == []
    banner = client.get(f"/applies/{apply.id}/find", {"q": "banner"}).json()["matches"]
    assert [(match["side"], match["hunk"]) for match in banner] == [("n", "")]
    assert first.key not in str(banner)


def test_nothing_or_too_much_is_not_looked_for(client: Client, person: User) -> None:
    apply = finished(person, original="x" * 300 + "\n", merged="x" * 300 + "\ny\n")
    for query in ("", "x" * 201):
        assert client.get(f"/applies/{apply.id}/find", {"q": query}).json() == {"matches": [], "more": False}
    assert len(client.get(f"/applies/{apply.id}/find", {"q": "x" * 200}).json()["matches"]) == 1


def test_only_the_owner_of_a_finished_apply_may_look(client: Client, person: User) -> None:
    other = finished(User.objects.create_user("other"))
    assert client.get(f"/applies/{other.id}/find", {"q": "a"}).status_code == 404
    assert client.get(f"/applies/{begun(person).id}/find", {"q": "a"}).status_code == 404
    assert Client().get(f"/applies/{other.id}/find", {"q": "a"}).status_code == 302


def test_the_number_of_queries_does_not_grow(client: Client, person: User) -> None:
    counts = []
    for lines in (5, 500):
        original = "".join(f"value_{n} = {n}\n" for n in range(lines))
        apply = finished(person, original=original, merged=original.replace("value_1", "name_1"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/applies/{apply.id}/find", {"q": "value"})
        counts.append(len(queries))
    assert counts[0] == counts[1]
