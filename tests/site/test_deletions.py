"""Deleting on the running site: work ends, and whoever looks on is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection

from tests.conftest import Site
from tests.factories import CHAT, ORIGINAL, many_files
from tests.site.test_api import ended
from tests.site.test_streaming import LONG, PACED, post, read, socket

SLOW = LONG * 20  # at the pace of the paced engine far longer than a test


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("deleted"), {**PACED, "APPLYWEB_CONCURRENT_APPLIES": "1"})
    try:
        site.start()
        yield site
    finally:
        site.kill()


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[httpx.Client]:
    with site.client() as client:
        yield client


def closed_with(connection: ClientConnection) -> int:
    """The code of the close, whatever comes before it."""
    with pytest.raises(ConnectionClosedError) as closed:
        read_all(connection)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def read_all(connection: ClientConnection) -> None:
    while True:
        connection.recv(timeout=30)


def tables(site: Site) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{site.data / 'applyweb.sqlite3'}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        own = [name for name in names if name.startswith("applyweb_") and not name.startswith("applyweb_user")]
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in own}


def test_a_running_apply_and_a_waiting_one_are_stopped_and_their_readers_told(site: Site, client: httpx.Client) -> None:
    before = tables(site)
    running = post(client, SLOW)
    with socket(client, running["events"]) as reader, socket(client, f"/ws/applies/{running['id']}/review") as desk:
        read(reader, 5)
        waiting = post(client, SLOW + "x = 1\n")
        with socket(client, waiting["events"]) as other:
            answer = client.delete(f"/api/applies/{waiting['id']}")
            assert (answer.status_code, answer.json()) == (200, {"applies": [waiting["id"]], "url": "/applies/"})
            assert closed_with(other) == 4404
        assert client.delete(f"/api/applies/{running['id']}").status_code == 200
        assert closed_with(reader) == 4404
        assert closed_with(desk) == 4404
    after = post(client, ORIGINAL, "embedded")  # there is one slot: it is free again
    assert ended(client, after["id"])["status"] == "finished"
    assert client.delete(f"/api/applies/{after['id']}").status_code == 200
    assert tables(site) == before


def test_nothing_of_a_deleted_apply_is_there(site: Site, client: httpx.Client) -> None:
    before = tables(site)
    apply = post(client, ORIGINAL, "embedded")["id"]
    ended(client, apply)
    client.put(f"/api/applies/{apply}/decisions", json={"decision": "accepted"})
    client.post(f"/api/applies/{apply}/threads", json={"side": "new", "line": 1, "text": "Why?"})
    assert tables(site) != before
    assert client.delete(f"/api/applies/{apply}").status_code == 200
    assert tables(site) == before
    for path in ("", "/hunks", "/result", "/review", "/threads"):
        assert client.get(f"/api/applies/{apply}{path}").status_code == 404
    assert client.delete(f"/api/applies/{apply}").status_code == 404
    with socket(client, f"/ws/applies/{apply}/events") as reader:
        assert closed_with(reader) == 4404
    assert "Traceback" not in site.log


def changeset(client: httpx.Client, engine: str, more: str = "") -> dict[str, Any]:
    files, chat = many_files(2)
    originals = [{"path": path, "original": text + more} for path, text in files]
    made: dict[str, Any] = client.post(
        "/api/changesets", json={"originals": originals, "chat": chat, "engine": engine}
    ).json()
    return made


def test_a_changeset_is_stopped_and_goes_with_its_files(site: Site, client: httpx.Client) -> None:
    before = tables(site)
    made = changeset(client, "paced", SLOW)
    files = [file["id"] for file in made["files"]]
    with socket(client, made["events"]) as page, socket(client, f"/ws/applies/{files[0]}/events") as reader:
        read(reader, 5)
        answer = client.delete(f"/api/changesets/{made['id']}").json()
        assert (sorted(answer["applies"]), answer["url"]) == (sorted(files), "/applies/")
        assert closed_with(page) == 4404
        assert closed_with(reader) == 4404
    assert client.get(f"/api/changesets/{made['id']}").status_code == 404
    assert tables(site) == before


def test_a_file_of_a_changeset_goes_alone_and_its_page_is_told(client: httpx.Client) -> None:
    made = changeset(client, "embedded")
    first, second = [file["id"] for file in made["files"]]
    for file in (first, second):
        ended(client, file)
    with socket(client, made["events"]) as page:
        answer = client.delete(f"/api/applies/{first}").json()
        assert answer == {"applies": [first], "url": f"/changesets/{made['id']}/"}
        assert page.recv(timeout=30) == '{"type": "changed"}'
    assert [file["id"] for file in client.get(f"/api/changesets/{made['id']}").json()["files"]] == [second]
    assert client.delete(f"/api/applies/{second}").json()["url"] == "/applies/"
    assert client.get(f"/api/changesets/{made['id']}").status_code == 404


def test_nobody_deletes_what_is_not_theirs(site: Site, client: httpx.Client) -> None:
    apply = client.post("/api/applies", json={"original": ORIGINAL, "chat": CHAT}).json()["id"]
    made = changeset(client, "embedded")
    script = (
        "from applyweb.actions.accounts import issue_token; from applyweb.models import User; "
        "print(issue_token(User.objects.get_or_create(username='ida')[0], 'theirs'))"
    )
    token = site.manage("shell", "-v0", "-c", script).split()[-1]
    with httpx.Client(base_url=site.base, headers={"Authorization": f"Bearer {token}"}) as stranger:
        assert stranger.delete(f"/api/applies/{apply}").status_code == 404
        assert stranger.delete(f"/api/changesets/{made['id']}").status_code == 404
        client.put(f"/api/applies/{apply}/shared", json={"shared": True})  # others review it, and no more
        assert stranger.get(f"/api/applies/{apply}").status_code == 200
        refused = stranger.delete(f"/api/applies/{apply}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_yours")
    assert client.get(f"/api/applies/{apply}").status_code == 200
    assert client.get(f"/api/changesets/{made['id']}").status_code == 200
