"""Several people on the running site: they are added, see what is shared, and hear of each other over their sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.conftest import Site
from tests.site.test_api import finished
from tests.site.test_streaming import socket


@pytest.fixture(scope="module")
def client(live_site: Site) -> Iterator[httpx.Client]:
    with live_site.client() as client:
        yield client


@pytest.fixture(scope="module")
def ada(live_site: Site) -> Iterator[httpx.Client]:
    """The tool of a person who was added by the command."""
    live_site.manage("add_person", "ada", "--called", "Ada Lovelace")
    token = live_site.manage("token", "test", "--person", "ada").splitlines()[-1]
    with httpx.Client(base_url=live_site.base, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        yield client


@pytest.fixture
def shared(client: httpx.Client) -> dict[str, Any]:
    apply = finished(client)
    assert client.put(f"/api/applies/{apply['id']}/shared", json={"shared": True}).status_code == 200
    return apply


def review_socket(client: httpx.Client, apply: dict[str, Any]) -> Any:
    return socket(client, f"/ws/applies/{apply['id']}/review")


def heard(page: ClientConnection) -> dict[str, Any]:
    """The next message; fails where none comes."""
    message: dict[str, Any] = json.loads(page.recv(timeout=30))
    return message


def present(page: ClientConnection) -> list[tuple[str, str]]:
    """The next list of people, as names and hunks."""
    message = heard(page)
    assert message["type"] == "people"
    return [(each["name"], each["hunk"]) for each in message["people"]]


def test_an_added_person_signs_in_by_a_link_once(live_site: Site) -> None:
    link = live_site.manage("add_person", "bo").strip()
    assert re.fullmatch(rf"{live_site.base}/sign-in/\d+/\S+/", link)
    again = live_site.manage("sign_in_link", "bo").strip()
    with httpx.Client(follow_redirects=True) as browser:
        assert browser.get(again).status_code == 200
        assert "sessionid" in browser.cookies
    assert httpx.get(again).status_code == 403


def test_people_come_move_and_go_each_shown_once(
    client: httpx.Client, ada: httpx.Client, shared: dict[str, Any]
) -> None:
    hunk = client.get(f"/api/applies/{shared['id']}/hunks").json()[0]["id"]
    with review_socket(client, shared) as mine:
        with review_socket(ada, shared) as first:
            assert present(mine) == [("Ada Lovelace", "")]
            assert present(first) == [("owner", "")]
            with review_socket(ada, shared) as second:
                assert present(second) == [("owner", "")]
                second.send(json.dumps({"type": "here", "hunk": hunk}))
                assert present(mine) == [("Ada Lovelace", hunk)]
                mine.send(json.dumps({"type": "here", "hunk": hunk}))
                assert present(first) == [("owner", hunk)]
            assert present(mine) == [("Ada Lovelace", "")]  # her other window is at none
        assert present(mine) == []


def test_each_hears_when_another_decides_and_of_ones_own_as_before(
    client: httpx.Client, ada: httpx.Client, shared: dict[str, Any]
) -> None:
    with review_socket(client, shared) as mine:
        ada.put(f"/api/applies/{shared['id']}/decisions", json={"decision": "accepted"})
        told = heard(mine)
        assert (told["type"], told["version"]) == ("reviews", 1)
        reviews = client.get(f"/api/applies/{shared['id']}/reviews").json()["reviews"]
        assert [each["person"]["id"] for each in reviews] == [told["person"]]
        client.put(f"/api/applies/{shared['id']}/decisions", json={"decision": "rejected"})
        assert heard(mine) == {"type": "review", "version": 1}


def test_a_socket_that_says_what_is_no_hunk_is_closed(client: httpx.Client, shared: dict[str, Any]) -> None:
    for words in ({"type": "here", "hunk": "<b>"}, {"type": "here"}, {"type": "there", "hunk": ""}, []):
        with review_socket(client, shared) as page:
            page.send(json.dumps(words))
            with pytest.raises(ConnectionClosed) as closed:
                page.recv(timeout=30)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4400


def test_who_may_not_see_it_any_more_is_closed_out(
    client: httpx.Client, ada: httpx.Client, shared: dict[str, Any]
) -> None:
    with review_socket(ada, shared) as page:
        client.put(f"/api/applies/{shared['id']}/shared", json={"shared": False})
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4404
