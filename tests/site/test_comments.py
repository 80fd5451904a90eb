"""Comments on the running site: open pages are told that they changed, and nothing of what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import Site
from tests.site.test_api import finished
from tests.site.test_streaming import socket


@pytest.fixture(scope="module")
def client(live_site: Site) -> Iterator[httpx.Client]:
    with live_site.client() as client:
        yield client


def test_open_pages_are_told_of_each_change_of_comments(client: httpx.Client) -> None:
    apply, other = finished(client), finished(client)
    base = f"/api/applies/{apply['id']}"
    with socket(client, f"/ws/applies/{apply['id']}/review") as page:
        client.post(f"/api/applies/{other['id']}/threads", json={"side": "new", "line": 3, "text": "elsewhere"})
        thread = client.post(f"{base}/threads", json={"side": "new", "line": 11, "text": "secret"}).json()
        assert json.loads(page.recv(timeout=10)) == {"type": "comments", "version": 1}
        client.put(f"{base}/threads/{thread['id']}/resolved", json={"resolved": True})
        assert json.loads(page.recv(timeout=10)) == {"type": "comments", "version": 2}
        client.put(f"{base}/threads/{thread['id']}/resolved", json={"resolved": True})
        client.delete(f"{base}/comments/{thread['comments'][0]['id']}")
        assert json.loads(page.recv(timeout=10)) == {"type": "comments", "version": 3}
    assert client.get(f"{base}/threads").json() == {"version": 3, "threads": []}


def test_the_api_describes_comments(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    base = "/api/applies/{apply_id}"
    assert {path: set(methods) for path, methods in described.items() if "thread" in path or "comment" in path} == {
        f"{base}/threads": {"get", "post"},
        f"{base}/threads/{{thread_id}}/comments": {"post"},
        f"{base}/threads/{{thread_id}}/resolved": {"put"},
        f"{base}/comments/{{comment_id}}": {"put", "delete"},
    }
