"""The whole site over a real SGLang server: an apply streamed from a real model, and one stopped midway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Site
from tests.sglang_cpu.conftest import RealServer
from tests.sglang_cpu.server import running_requests, wait_for_running
from tests.site.test_api import ended
from tests.site.test_streaming import read, socket, written

pytestmark = pytest.mark.sglang

ORIGINAL = "def add(a, b):\n    return a + b\n"
# Long enough that the model still writes when it is stopped, however slow the stop is to arrive.
LONG = "".join(f"value_{n} = {n}\n" for n in range(40))
LONG_CHAT = "```python\nvalue_3 = 33\n```\n"
CHAT = "Name the sum:\n\n```python\ndef add(a, b):\n    total = a + b\n    return total\n```\n"


@pytest.fixture(scope="module")
def served(sglang: RealServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    site = Site(tmp_path_factory.mktemp(f"site-{sglang.kind}"), {"APPLYWEB_SGLANG_URL": sglang.url})
    try:
        site.start()
        yield site, sglang.url
    finally:
        site.kill()


def post(client: httpx.Client, original: str = ORIGINAL, chat: str = CHAT) -> dict[str, str]:
    body = {"original": original, "chat": chat, "path": "add.py", "engine": "sglang"}
    answer = client.post("/api/applies", json=body)
    assert answer.status_code == 201, answer.text
    created: dict[str, str] = answer.json()
    return created


def test_an_apply_streams_from_a_real_model(served: tuple[Site, str]) -> None:
    site, _ = served
    with site.client() as client:
        created = post(client)
        with socket(client, created["events"]) as connection:
            events = read(connection, patience=180)
        apply = ended(client, created["id"])
        # What so small a model writes does not matter; that it is streamed, counted and ended honestly does.
        assert len([event for event in events if event["type"] == "delta"]) > 2
        assert apply["stats"]["spec_verify_ct"] > 0
        assert apply["stats"]["completion_tokens"] > 0
        assert apply["stats"]["tokens_per_second"] > 0
        assert apply["stats"]["first_token_ms"] > 0
        assert events[-1]["type"] == apply["status"]
        if apply["status"] == "finished":
            assert written(events) == client.get(f"/api/applies/{created['id']}/merged").text
        else:
            assert apply["error"]["code"] == "incomplete"
            assert apply["merged_sha256"] is None


def test_a_stop_midway_frees_the_model_server(served: tuple[Site, str]) -> None:
    site, url = served
    with site.client() as client:
        created = post(client, LONG, LONG_CHAT)
        with socket(client, created["events"]) as connection:
            read(connection, 2, patience=180)
            assert running_requests(url) == 1
            client.post(f"/api/applies/{created['id']}/stop")
            events = read(connection, patience=60)
        assert events[-1]["type"] == "stopped"
        assert ended(client, created["id"])["status"] == "stopped"
        wait_for_running(url, 0)


def test_the_engines_page_shows_the_real_server(served: tuple[Site, str], tmp_path: Path) -> None:
    site, _ = served
    with httpx.Client(base_url=site.base, follow_redirects=True, timeout=60) as browser:
        browser.get(site.manage("sign_in_link", "--base", site.base).strip())
        page = browser.get("/engines/").text
    assert "smollm2-135m-instruct" in page
