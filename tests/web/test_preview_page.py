"""The result so far with its colours: what is read is what is taken away."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from applyweb.actions.reviews import Lines, decide_all, decide_hunk, decide_lines, write_hunk
from applyweb.models import Apply, User
from applyweb.queries.reviews import ReviewState, resolved_text
from applyweb.web.pages import preview
from tests.factories import make_finished, make_person

pytestmark = pytest.mark.django_db

ORIGINAL = "def a():\r\n    return 1\r\n\r\n\r\n\r\ndef b():\r\n    return '<b>'\r\n"
MERGED = "def a():\r\n    x = 2\r\n    return x\r\n\r\n\r\n\r\ndef b():\r\n    return '\u202e<i>'"


@pytest.fixture
def apply(person: User) -> Apply:
    return make_finished(person, MERGED, original=ORIGINAL, path="a.py")


def shown(client: Client, apply: Apply) -> list[str]:
    answer = client.get(f"/applies/{apply.id}/preview")
    assert answer.status_code == 200
    text = unescape(re.sub(r"<[^>]*>", "", answer.content.decode()))
    return text.split("\n")[:-1]


def test_it_is_the_resolved_text_however_it_was_decided(client: Client, person: User, apply: Apply) -> None:
    first, last = (hunk.key for hunk in apply.hunks.order_by("position"))

    def agrees() -> bool:
        return shown(client, apply) == resolved_text(apply, person).splitlines()

    assert agrees()
    decide_hunk(apply, person, last, "accepted")
    assert agrees()
    decide_lines(apply, person, first, Lines(range(0), range(1)), "accepted")
    assert agrees()
    write_hunk(apply, person, last, "    pass\n    # <own>\n")
    assert agrees()
    decide_all(apply, person, "rejected")
    assert agrees()
    decide_all(apply, person, "accepted")
    assert agrees()


def changes(client: Client, apply: Apply) -> list[str]:
    html = client.get(f"/applies/{apply.id}/preview").content.decode()
    return re.findall(r'<span class="(new|gone)">', html)


def test_lines_that_the_original_has_not_are_marked(client: Client, person: User, apply: Apply) -> None:
    first, last = (hunk.key for hunk in apply.hunks.order_by("position"))
    assert changes(client, apply) == []
    decide_hunk(apply, person, first, "accepted")
    assert changes(client, apply) == ["new", "new"]
    write_hunk(apply, person, first, "    x = 3\n    return 1\n")
    assert changes(client, apply) == ["new"]
    write_hunk(apply, person, first, "")
    assert changes(client, apply) == ["gone"]
    write_hunk(apply, person, last, "    pass\n    # <own>\n")
    assert changes(client, apply) == ["gone", "new", "new"]
    decide_all(apply, person, "rejected")
    assert changes(client, apply) == []


def test_it_has_the_colours_and_marks_what_cannot_be_seen(client: Client, person: User, apply: Apply) -> None:
    decide_all(apply, person, "accepted")
    html = client.get(f"/applies/{apply.id}/preview").content.decode()
    assert '<span class="k">def </span>' in html
    assert 'class="inv' in html
    assert 'data-lines="8" data-shown="8"' in html
    assert f'data-bytes="{len(MERGED.encode())}"' in html


def test_of_a_long_result_the_beginning_is_shown(client: Client, apply: Apply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "SHOWN", 3)
    assert shown(client, apply) == ["def a():", "    return 1", ""]
    assert b'data-lines="7" data-shown="3"' in client.get(f"/applies/{apply.id}/preview").content


def test_of_long_lines_as_many_are_shown_as_a_page_can_hold(
    client: Client, apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    for characters, lines in ((24, 2), (23, 1), (9, 0)):  # "def a():\r\n" has 10, "    return 1\r\n" 14
        monkeypatch.setattr(preview, "CHARACTERS", characters)
        assert shown(client, apply) == ["def a():", "    return 1"][:lines]
        html = client.get(f"/applies/{apply.id}/preview").content
        assert f'data-lines="7" data-shown="{lines}"'.encode() in html


def test_its_counts_are_of_the_review_that_its_text_is_of(
    client: Client, person: User, apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_hunk(apply, person, apply.hunks.order_by("position")[0].key, "rejected")
    read = preview.review_state

    def read_and_decide(*given: Any) -> ReviewState:
        state = read(*given)
        decide_all(apply, person, "accepted")  # in another window, just then
        return state

    monkeypatch.setattr(preview, "review_state", read_and_decide)
    html = client.get(f"/applies/{apply.id}/preview").content.decode()
    assert 'data-lines="7" data-shown="7"' in html
    assert f'data-bytes="{len(ORIGINAL.encode())}" data-accepted="0" data-rejected="1" data-pending="1"' in html


def test_it_is_there_for_whoever_may_see_the_apply(client: Client, person: User) -> None:
    other = make_finished(make_person("noor"))
    assert client.get(f"/applies/{other.id}/preview").status_code == 404
