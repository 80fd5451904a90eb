"""Events over a real socket: order, resuming, acknowledging, stopping, and a server killed in mid-apply."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.conftest import Site
from tests.factories import CHAT, MERGED, ORIGINAL
from tests.site.test_api import ended

PACED = {"APPLYWEB_ENGINES": "paced=tests.paced.PacedEngine"}
LONG = "".join(f"value_{number} = {number}\n" for number in range(400)) + "\n\n" + ORIGINAL
TERMINAL = {"finished", "failed", "stopped"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("paced"), PACED)
    try:
        site.start()
        yield site
    finally:
        site.kill()


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[httpx.Client]:
    with site.client() as client:
        yield client


def post(client: httpx.Client, original: str = LONG, engine: str = "paced") -> dict[str, Any]:
    body = {"original": original, "chat": CHAT, "path": "shop.py", "engine": engine}
    answer = client.post("/api/applies", json=body)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


@contextmanager
def socket(client: httpx.Client, path: str, after: int = 0) -> Iterator[ClientConnection]:
    url = str(client.base_url).rstrip("/").replace("http", "ws", 1) + f"{path}?after={after}"
    headers = {"Authorization": client.headers["Authorization"]}
    with connect(url, additional_headers=headers, max_size=None) as connection:
        yield connection


def read(
    connection: ClientConnection, most: int = 1_000_000, ack: bool = True, patience: float = 30
) -> list[dict[str, Any]]:
    """Events up to the last one, or `most`."""
    events: list[dict[str, Any]] = []
    while len(events) < most:
        events.append(json.loads(connection.recv(timeout=patience)))
        if ack:
            with suppress(ConnectionClosedOK):  # all was sent and closed before we got this far
                connection.send(json.dumps({"type": "ack", "seq": events[-1]["seq"]}))
        if events[-1]["type"] in TERMINAL:
            break
    return events


def written(events: list[dict[str, Any]]) -> str:
    return "".join(event["text"] for event in events if event["type"] == "delta")


def test_an_apply_streams_in_order_without_a_gap(client: httpx.Client) -> None:
    created = post(client)
    with socket(client, created["events"]) as connection:
        events = read(connection)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "started"
    assert events[-1]["type"] == "finished"
    assert written(events) == client.get(f"/api/applies/{created['id']}/merged").text
    assert len([event for event in events if event["type"] == "delta"]) > 10
    assert [event["position"] for event in events if event["type"] == "delta"][-1] >= len(LONG.splitlines()) - 3


def test_any_reader_may_start_anywhere_during_and_after(client: httpx.Client) -> None:
    created = post(client)
    with socket(client, created["events"]) as connection:
        head = read(connection, 5)
        with socket(client, created["events"], after=3) as second:
            tail = read(second)
        whole = head + read(connection)
    assert tail == whole[3:]
    for after in (0, 1, len(whole) - 1):
        with socket(client, created["events"], after=after) as connection:
            assert read(connection) == whole[after:]


def test_the_socket_closes_after_the_last_event(client: httpx.Client) -> None:
    created = post(client, ORIGINAL, "embedded")
    with socket(client, created["events"]) as connection:
        read(connection)
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000


MANY = "".join(f"v{number} = {number}\n" for number in range(2800))
MANY_CHANGED = "".join(f"v{number} = {-number if number % 7 == 3 else number}\n" for number in range(2800))


def post_many(client: httpx.Client) -> dict[str, Any]:
    """An ended apply with more events than the window holds."""
    chat = f"The whole file:\n\n```python\n{MANY_CHANGED}```\n"
    body = {"original": MANY, "chat": chat, "path": "values.py", "engine": "embedded"}
    created: dict[str, Any] = client.post("/api/applies", json=body).json()
    assert ended(client, created["id"])["hunks"]["total"] == 400
    return created


def test_a_reader_that_does_not_acknowledge_gets_a_window_and_no_more(client: httpx.Client) -> None:
    created = post_many(client)
    with socket(client, created["events"]) as connection:
        window = read(connection, 256, ack=False)
        with pytest.raises(TimeoutError):
            connection.recv(timeout=1)
        connection.send(json.dumps({"type": "ack", "seq": window[-1]["seq"]}))
        events = window + read(connection)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["type"] == "finished"


def test_a_reader_that_stays_silent_is_closed_and_may_come_again(own_site: Site) -> None:
    own_site.env = {"APPLYWEB_SOCKET_PATIENCE": "1"}
    own_site.start()
    with own_site.client() as client:
        created = post_many(client)
        with socket(client, created["events"]) as connection:
            window = read(connection, 256, ack=False)
            with pytest.raises(ConnectionClosed) as closed:
                connection.recv(timeout=10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4408
        with socket(client, created["events"], after=window[-1]["seq"]) as connection:
            assert read(connection)[-1]["type"] == "finished"


def test_a_reader_that_begins_late_loses_nothing(client: httpx.Client) -> None:
    original = "".join(f"value_{number} = '{number:0200d}'\n" for number in range(15_000)) + "\n\n" + ORIGINAL
    created = post(client, original, "embedded")
    ended(client, created["id"])
    with socket(client, created["events"]) as connection:
        time.sleep(4)  # longer than the close handshake's usual second
        events = read(connection)
    assert events[-1]["type"] == "finished"
    assert written(events).endswith(MERGED)


def test_an_apply_can_be_stopped_midway(client: httpx.Client) -> None:
    created = post(client)
    with socket(client, created["events"]) as connection:
        read(connection, 4)
        assert client.post(f"/api/applies/{created['id']}/stop").status_code == 202
        events = read(connection)
    assert events[-1]["type"] == "stopped"
    apply = ended(client, created["id"])
    assert (apply["status"], apply["merged_sha256"]) == ("stopped", None)
    assert client.get(f"/api/applies/{created['id']}/result").status_code == 409


def test_closing_a_socket_stops_nothing(client: httpx.Client) -> None:
    created = post(client)
    with socket(client, created["events"]) as connection:
        read(connection, 2)
    assert ended(client, created["id"])["status"] == "finished"


@pytest.mark.parametrize("end", ["length", "error"])
def test_an_unfinished_file_is_never_a_result(own_site: Site, end: str) -> None:
    own_site.env = {**PACED, "APPLYWEB_PACED_END": end, "APPLYWEB_PACED_LINES_PER_SECOND": "500"}
    own_site.start()
    with own_site.client() as client:
        created = post(client)
        with socket(client, created["events"]) as connection:
            events = read(connection)
        code = "incomplete" if end == "length" else "interrupted"
        assert (events[-1]["type"], events[-1]["error"]["code"]) == ("failed", code)
        assert 0 < len(written(events)) < len(LONG)
        apply = ended(client, created["id"])
        assert (apply["status"], apply["error"]["code"], apply["merged_sha256"]) == ("failed", code, None)
        assert client.get(f"/api/applies/{created['id']}/merged").status_code == 409


def test_a_killed_server_takes_the_apply_up_again(own_site: Site) -> None:
    own_site.env = {**PACED, "APPLYWEB_PACED_LINES_PER_SECOND": "100"}
    own_site.start()
    with own_site.client() as client:
        created = post(client)
        with socket(client, created["events"]) as connection:
            before = read(connection, 6)
            own_site.kill()
        own_site.env = {**PACED, "APPLYWEB_PACED_LINES_PER_SECOND": "1000"}
        own_site.start()
        with socket(client, created["events"], after=before[-1]["seq"]) as connection:
            events = read(connection)
        assert events[0]["type"] == "started"
        assert events[0]["attempt"] == 2
        assert events[0]["seq"] > before[-1]["seq"]
        assert events[-1]["type"] == "finished"
        merged = client.get(f"/api/applies/{created['id']}/merged").text
        assert written(events) == merged == LONG.replace(ORIGINAL, MERGED)


def test_a_stop_holds_for_a_waiting_apply_and_over_a_restart(own_site: Site) -> None:
    own_site.env = {**PACED, "APPLYWEB_CONCURRENCY": "1", "APPLYWEB_PACED_LINES_PER_SECOND": "20"}
    own_site.start()
    with own_site.client() as client:
        first, second = post(client), post(client)
        assert client.get(f"/api/applies/{second['id']}").json()["status"] == "queued"
        client.post(f"/api/applies/{second['id']}/stop")
        client.post(f"/api/applies/{first['id']}/stop")
        assert ended(client, second["id"])["status"] == "stopped"
        assert ended(client, first["id"])["status"] == "stopped"
        own_site.kill()
        own_site.start()
        with socket(client, second["events"]) as connection:
            assert [event["type"] for event in read(connection)] == ["stopped"]


def test_sockets_are_closed_to_strangers(site: Site, client: httpx.Client) -> None:
    created = post(client, ORIGINAL, "embedded")
    url = site.base.replace("http", "ws", 1) + created["events"]
    cases: list[tuple[dict[str, str], str, int]] = [
        ({"Authorization": "Bearer nothing"}, url, 4401),
        ({"Origin": site.base}, url, 4401),
        ({"Authorization": client.headers["Authorization"]}, url.replace(created["id"], "zzzzzzzzzzzz"), 4404),
        ({"Authorization": client.headers["Authorization"]}, url + "?after=-1", 4400),
    ]
    for headers, address, code in cases:
        with connect(address, additional_headers=headers) as connection:
            with pytest.raises(ConnectionClosed) as closed:
                connection.recv(timeout=10)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code
    port = site.base.rpartition(":")[2]
    foreign = [
        "https://evil.example",
        "http://127.0.0.1:9",
        f"https://127.0.0.1:{port}",
        f"http://localhost:{port}",
    ]
    for headers in ({}, *({"Origin": origin} for origin in foreign)):
        with pytest.raises(InvalidStatus) as refused, connect(url, additional_headers=headers):
            pass
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "message",
    ["{", "[]", '"ack"', '{"type": "ack"}', '{"type": "sing", "seq": 1}', "null", "[" * 400, "x" * 501, b"{}"],
)
def test_a_message_that_is_no_acknowledgement_closes_the_socket(client: httpx.Client, message: str | bytes) -> None:
    created = post(client)
    with socket(client, created["events"]) as connection:
        connection.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            drain(connection)
    client.post(f"/api/applies/{created['id']}/stop")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


def drain(connection: ClientConnection) -> None:
    while True:
        connection.recv(timeout=10)


def test_a_second_window_is_told_of_decisions(client: httpx.Client) -> None:
    created = post(client, ORIGINAL, "embedded")
    ended(client, created["id"])
    path = f"/ws/applies/{created['id']}/review"
    with socket(client, path) as connection:
        answer = client.put(f"/api/applies/{created['id']}/decisions", json={"decision": "accepted"})
        notice = json.loads(connection.recv(timeout=10))
    assert notice == {"type": "review", "version": answer.json()["version"]}
