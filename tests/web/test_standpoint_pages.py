"""What the page draws of other people's reviews: in words, escaped, with as many queries for many hunks as for few."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions.reviews import Lines, decide_all, decide_lines, write_hunk
from applyweb.models import Apply, User
from tests.factories import make_finished, make_person
from tests.web.reading import page, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person)


def keys(apply: Apply) -> list[str]:
    return [hunk.key for hunk in apply.hunks.all()]


def test_each_person_and_each_hunk_that_they_decided_is_told(
    client: Client, apply: Apply, person: User, noor: User
) -> None:
    first, second = keys(apply)
    decide_all(apply, person, "accepted")
    decide_lines(apply, noor, first, Lines(range(1), range(0)), "rejected")
    html = page(client, f"/applies/{apply.id}/standpoints")
    assert "Noor <de> Vries : 0 accepted, 1 rejected, 2 open; differs from you on 1 ." in words(html)
    assert "<de>" not in html
    assert re.findall(r'data-for="([^"]+)" data-differs="([^"]*)"', html) == [(first, "Noor &lt;de&gt; Vries")]
    assert "Decided in parts" in html
    assert second not in html  # nobody else decided it


def test_nobody_else_is_said_in_words(client: Client, apply: Apply) -> None:
    assert "Nobody else reviews this yet." in page(client, f"/applies/{apply.id}/standpoints")


def test_a_hunk_is_drawn_as_another_person_has_it(client: Client, apply: Apply, noor: User) -> None:
    first, second = keys(apply)
    decide_lines(apply, noor, first, Lines(range(1), range(0)), "rejected")
    write_hunk(apply, noor, second, "    return '<own>'")
    base = f"/applies/{apply.id}/hunks"
    parts = page(client, f"{base}/{first}/standpoints/{noor.pk}")
    assert "Part 1: Rejected, as proposed" in words(parts)
    assert "Part 2: Pending, as proposed" in words(parts)
    own = page(client, f"{base}/{second}/standpoints/{noor.pk}")
    assert "Accepted, with lines of their own" in words(own)
    assert "return '<own>'" in words(own)
    assert "data-n=" not in parts + own
    for address in (f"{base}/nothing/standpoints/{noor.pk}", f"{base}/{first}/standpoints/{apply.owner_id}"):
        assert client.get(address).status_code == 404  # no such hunk; who has no review


def test_strangers_and_people_whom_it_is_not_shared_with_see_nothing(apply: Apply, noor: User) -> None:
    write_hunk(apply, apply.owner, keys(apply)[0], "own")
    other = Client()
    other.force_login(noor)
    for path in ("standpoints", f"hunks/{keys(apply)[0]}/standpoints/{apply.owner_id}"):
        assert other.get(f"/applies/{apply.id}/{path}").status_code == 404
        assert Client().get(f"/applies/{apply.id}/{path}").status_code == 302


def test_many_hunks_and_people_need_as_many_queries_as_few(client: Client, person: User) -> None:
    counts = []
    for size in (1, 30):
        original = "".join(f"line {number}\n\n\n\n" for number in range(size))
        apply = make_finished(person, original.replace("line", "LINE"), original=original)
        decide_all(apply, person, "rejected")
        for number in range(size):
            other = make_person(f"p{size}-{number}")
            decide_all(apply, other, "accepted")
            write_hunk(apply, other, keys(apply)[0], f"own {number}")
        with CaptureQueriesContext(connection) as queries:
            html = page(client, f"/applies/{apply.id}/standpoints")
        counts.append(len(queries))
        assert html.count('class="standpoints"') == size
    assert "6 more people review it and are not shown." in words(html)
    assert counts[0] == counts[1]
