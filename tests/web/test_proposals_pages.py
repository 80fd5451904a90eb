"""Later proposals through Django's client: what the API refuses, to whom, and what the page draws of them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions.proposals import ask_again, begin_proposal, fail_proposal, finish_proposal, take_proposal
from applyweb.models import Apply, Proposal, User
from tests.factories import make_finished, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nobody is ever asked: all that is posted here is refused before."""
    monkeypatch.setenv("APPLYWEB_OPENAI_URL", "http://127.0.0.1:9/v1")


def key(apply: Apply, at: int = 0) -> str:
    return apply.hunks.all()[at].key


def send(client: Client, method: str, path: str, body: Any = None) -> tuple[int, str]:
    content = b"" if body is None else json.dumps(body).encode()
    answer = client.generic(method, path, content, content_type="application/json")
    return answer.status_code, json.loads(answer.content).get("error", {}).get("code", "")


def proposals(apply: Apply, at: int = 0) -> str:
    return f"/api/applies/{apply.id}/hunks/{key(apply, at)}/proposals"


def begun(apply: Apply, at: int = 0, note: str = "otherwise") -> Proposal:
    asked = begin_proposal(ask_again(apply, apply.owner, key(apply, at), note, "openai").pk)
    assert asked is not None
    return asked


def finished(apply: Apply, text: str, note: str = "otherwise") -> Proposal:
    asked = begun(apply, note=note)
    assert finish_proposal(asked.pk, asked.attempt, text, [{"code": "outside", "message": "It did <more>."}], {})
    return asked


def test_nobody_is_asked_where_no_model_is_configured(client: Client, apply: Apply) -> None:
    assert send(client, "POST", proposals(apply), {"note": "otherwise"}) == (409, "no_model")
    assert not Proposal.objects.exists()
    assert "No language model is configured" in client.get(f"/applies/{apply.id}/").content.decode()


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"note": " "}, 422, "required"),
        ({"note": "x" * 2001}, 413, "too_large"),
        ({"note": "otherwise", "engine": "embedded"}, 422, "unknown_engine"),
        ({"note": "otherwise", "engine": "sglang"}, 422, "unknown_engine"),
        ({"note": "otherwise", "seen": "accepted"}, 409, "changed_meanwhile"),
        ({"note": "otherwise", "more": 1}, 422, "invalid"),
        ({}, 422, "invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    client: Client, apply: Apply, body: dict[str, Any], status: int, code: str
) -> None:
    assert send(client, "POST", proposals(apply), body) == (status, code)
    assert not Proposal.objects.exists()


@pytest.mark.usefixtures("model")
def test_a_stranger_and_another_person_are_told_nothing(apply: Apply) -> None:
    proposal = finished(apply, "    return price\n")
    one = f"{proposals(apply)}/{proposal.pk}"
    taken = f"/api/applies/{apply.id}/hunks/{key(apply)}/proposal"
    calls: list[tuple[str, str, Any]] = [
        ("GET", proposals(apply), None),
        ("POST", proposals(apply), {"note": "otherwise"}),
        ("GET", one, None),
        ("DELETE", one, None),
        ("PUT", taken, {"proposal": proposal.pk}),
    ]
    other = Client()
    for method, path, body in calls:
        assert send(Client(), method, path, body) == (401, "unauthorized")
    other.force_login(make_person("noor"))
    for method, path, body in calls:
        assert send(other, method, path, body) == (404, "not_found")
    for path in (f"hunks/{key(apply)}/alternatives", "proposals"):
        assert other.get(f"/applies/{apply.id}/{path}").status_code == 404
        assert Client().get(f"/applies/{apply.id}/{path}").status_code == 302


def test_the_page_draws_each_proposal_with_its_note_and_what_speaks_against_it(client: Client, apply: Apply) -> None:
    first, second = finished(apply, "    return 1\n", "<first>"), finished(apply, "    return 2\n", "second")
    failed = begun(apply, 1)
    assert fail_proposal(failed.pk, failed.attempt, "timeout", "It was too <slow>.")
    block = client.get(f"/applies/{apply.id}/hunks/{key(apply)}/alternatives").content.decode()
    page = client.get(f"/applies/{apply.id}/").content.decode()
    assert block.strip() in page
    assert re.findall(r'data-alt="(\d+)" data-number="(\d)"', block) == [(str(first.pk), "2"), (str(second.pk), "3")]
    assert "<q>&lt;first&gt;</q>" in block
    assert "It did &lt;more&gt;." in block
    assert re.findall(r'<div class="altrows" id="alt-\d+"( hidden)?>', block) == [" hidden", ""]  # the newest is open
    assert "data-n=" not in block
    assert "It was too &lt;slow&gt;. The hunk is as it was." in page
    assert json.loads(client.get(f"/applies/{apply.id}/proposals").content) == {
        key(apply): [[first.pk, "finished"], [second.pk, "finished"]],
        key(apply, 1): [[failed.pk, "failed"]],
    }
    assert client.get(f"/applies/{apply.id}/hunks/nothing/alternatives").status_code == 404


def test_a_taken_proposal_stands_in_the_hunk_and_says_who_wrote_it(client: Client, apply: Apply) -> None:
    proposal = finished(apply, "    return 1\n")
    take_proposal(apply, apply.owner, key(apply), proposal.pk)
    html = client.get(f"/applies/{apply.id}/hunks/{key(apply)}").content.decode()
    assert 'data-written="Proposal 2, by OpenAI API"' in html
    assert "Own lines" not in html
    own, _, alternatives = html.partition('<div class="alts"')
    assert '<div class="own">' in own
    assert "Stands above" in alternatives
    client.generic("PUT", f"/api/applies/{apply.id}/hunks/{key(apply)}/text", '{"text": "own"}', "application/json")
    assert "Own lines" in client.get(f"/applies/{apply.id}/hunks/{key(apply)}").content.decode()


def test_the_page_asks_the_database_no_more_for_many_proposals(client: Client, apply: Apply) -> None:
    finished(apply, "    return 1\n")
    counts = []
    for _ in range(2):
        client.get(f"/applies/{apply.id}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/applies/{apply.id}/")
        counts.append(len(queries))
        for number in range(5):
            finished(apply, f"    return {number}\n")
    assert counts[0] == counts[1]
