"""Requests about an apply that somebody deletes while they are answered."""

from __future__ import annotations

import json

import pytest
from django.http import HttpRequest
from django.test import Client

from applyweb.actions.deletions import delete_apply
from applyweb.models import Apply, Review, User
from applyweb.web.api import reviews
from applyweb.web.api.applies import found_apply
from tests.factories import MERGED, make_finished, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> User:
    return make_person()


@pytest.fixture
def apply(person: User, monkeypatch: pytest.MonkeyPatch) -> Apply:
    """It is deleted as soon as a request has found it."""

    def deleted_once_found(request: HttpRequest, apply_id: str) -> Apply:
        found = found_apply(request, apply_id)
        delete_apply(Apply.objects.get(pk=found.pk), person)
        return found

    monkeypatch.setattr(reviews, "found_apply", deleted_once_found)
    return make_finished(person, MERGED)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("decisions", "This apply was deleted meanwhile."),
        ("hunks/{hunk}/decision", "There is no hunk"),
    ],
)
def test_a_decision_on_what_was_just_deleted_is_told_so(
    client: Client, person: User, apply: Apply, path: str, words: str
) -> None:
    client.force_login(person)
    address = f"/api/applies/{apply.id}/{path.format(hunk=apply.hunks.all()[0].key)}"

    answer = client.put(address, json.dumps({"decision": "accepted"}), content_type="application/json")

    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith(words)
    assert not Review.objects.exists()
