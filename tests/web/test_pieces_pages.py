"""What the review page fetches of a large diff: pieces, rows of a hunk, pages of the outline, lines of the chat."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applyweb.actions import reviews
from applyweb.jobs.colours import highlight_for
from applyweb.models import Apply, User
from tests.web.applies import begun, finished

pytestmark = pytest.mark.django_db

LINES = [f"value_{n} = {n}\n" for n in range(2_000)]
CHANGED = [f"value_{n} = {n} + 1\n" if n % 10 == 5 else line for n, line in enumerate(LINES)]  # 200 hunks
ORIGINAL, MERGED = "".join(LINES), "".join(CHANGED)


@pytest.fixture
def many(person: User) -> Apply:
    return finished(person, ORIGINAL, MERGED, f"```python\n{MERGED}```\n", "values.py")


@pytest.fixture
def rewritten(person: User) -> Apply:
    return finished(person, ORIGINAL, "".join(f"x{line}" for line in LINES), "```python\nx = 1\n```\n", "values.py")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def sources(html: str) -> list[str]:
    return [
        source.replace("&amp;", "&")
        for source in re.findall(r'class="[^"]*waits[^"]*"(?: id="[^"]*")? data-src="([^"]*)"', html)
    ]


def hunk_ids(html: str) -> list[str]:
    return re.findall(r'<section class="hunk[^"]*" id="h-([^"]*)"', html)


def test_the_page_and_its_pieces_have_every_hunk_once(client: Client, many: Apply) -> None:
    html = page(client, f"/applies/{many.id}/")
    waiting = [source for source in sources(html) if "/pieces/" in source]
    shells = re.findall(r'<section class="hunk waits" id="h-([^"]*)"[^>]*aria-label="Hunk [^"]*not loaded yet">', html)
    fetched = [page(client, source) for source in waiting]

    keys = [hunk.key for hunk in many.hunks.all()]
    assert hunk_ids(html) == keys
    assert [key for piece in fetched for key in hunk_ids(piece)] == shells
    assert html.count('class="row') + sum(piece.count('class="row') for piece in fetched) == 2_000
    assert html.count('class="row') < 150
    assert not any("waits" in piece for piece in fetched)


def test_a_piece_has_the_parts_and_decisions_of_the_person(client: Client, person: User, many: Apply) -> None:
    key = many.hunks.all()[100].key
    (source,) = [
        source
        for source in sources(page(client, f"/applies/{many.id}/"))
        if "/pieces/" in source and key in hunk_ids(page(client, source))
    ]
    reviews.cut_hunk(many, person, key, (1, 0))
    reviews.decide_hunk(many, person, f"{key}.0-0", "rejected")

    html = page(client, source)
    assert [name for name in hunk_ids(html) if name.startswith(key)] == [f"{key}.0-0", f"{key}.1-0"]
    assert re.search(rf'id="h-{key}\.0-0"[^>]*data-decision="rejected"', html)


def test_rows_of_a_large_hunk_come_by_the_fifty(client: Client, rewritten: Apply) -> None:
    html = page(client, f"/applies/{rewritten.id}/")
    parts = sources(html)

    assert len(parts) == 39
    assert html.count('class="row') == 50
    numbers = re.findall(r'class="l n add" data-n="(\d+)"', html + "".join(page(client, part) for part in parts))
    assert [int(number) for number in numbers] == list(range(1, 2_001))


def test_rows_that_a_hunk_has_not_are_refused(client: Client, rewritten: Apply) -> None:
    hunk = rewritten.hunks.get()
    address = f"/applies/{rewritten.id}/hunks/{hunk.key}/rows"
    for query in ("", "?start=0", "?start=a&end=2", "?start=5&end=4", "?start=-1&end=4", "?start=0&end=2001"):
        assert client.get(address + query).status_code == 400, query
    assert client.get(f"/applies/{rewritten.id}/hunks/{hunk.key}.1-1/rows?start=0&end=1").status_code == 404
    assert client.get(f"/applies/{rewritten.id}/hunks/nothing/rows?start=0&end=1").status_code == 404


def test_the_outline_of_many_hunks_comes_in_pages(client: Client, person: User, many: Apply) -> None:
    html = page(client, f"/applies/{many.id}/")
    (second,) = [source for source in sources(html) if "/outline/" in source]
    reviews.decide_all(many, person, "accepted")
    keys = [hunk.key for hunk in many.hunks.all()]

    def links(html: str) -> list[str]:
        return re.findall(r'<a href="#h-[^"]*" data-hunk="([^"]*)">', html)

    assert links(html) == keys[:100]
    assert links(page(client, second)) == keys[100:]
    assert page(client, second).count('class="st accepted"') == 100


def test_lines_of_a_long_chat_come_in_parts(client: Client, many: Apply) -> None:
    html = page(client, f"/applies/{many.id}/")
    parts = [source for source in sources(html) if "/chat?" in source]
    numbers = re.findall(r'id="c(\d+)"', html + "".join(page(client, part) for part in parts))

    assert [int(number) for number in numbers] == list(range(2, 2_001))  # the first line is the fence
    assert client.get(f"/applies/{many.id}/chat?start=0&end=99999").status_code == 400


def test_what_is_not_there_is_not_found(client: Client, person: User, many: Apply) -> None:
    unfinished = begun(person)
    other = finished(User.objects.create_user("other"))
    for apply, rest in ((many, "pieces/999"), (many, "outline/9"), (unfinished, "pieces/0"), (other, "pieces/0")):
        assert client.get(f"/applies/{apply.id}/{rest}").status_code == 404, rest
    for rest in ("pieces/0", "outline/0", "chat?start=0&end=1", "colours"):
        assert Client().get(f"/applies/{many.id}/{rest}").status_code == 302


def test_queries_are_as_many_for_few_hunks_as_for_many(client: Client, person: User, many: Apply) -> None:
    few = finished(person)
    counts = []
    for apply in (few, many):
        highlight_for(apply, "original")
        highlight_for(apply, "merged")
        page(client, f"/applies/{apply.id}/")  # what lasts is kept from now on
        for rest in ("", "pieces/0"):
            with CaptureQueriesContext(connection) as queries:
                page(client, f"/applies/{apply.id}/{rest}")
            counts.append(len(queries))

    assert counts[:2] == counts[2:]


def test_colours_are_told_when_they_are_there(client: Client, many: Apply) -> None:
    address = f"/applies/{many.id}/colours"
    assert client.get(address).json() == {"coloured": False}
    highlight_for(many, "original")
    highlight_for(many, "merged")
    assert client.get(address).json() == {"coloured": True}
