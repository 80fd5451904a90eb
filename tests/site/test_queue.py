"""Forty applies at once through the real site: as many as may run do, the others wait in the order in which they came,
and each says its place."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tests.conftest import Site
from tests.site.test_streaming import LONG, PACED, post

AT_ONCE = 40
RUNNING = 8  # what a site has by itself


def states(client: httpx.Client, ids: list[str]) -> list[tuple[str, int | None]]:
    found: list[dict[str, Any]] = [client.get(f"/api/applies/{each}").json() for each in ids]
    return [(each["status"], each["place"]) for each in found]


def wait_for(client: httpx.Client, ids: list[str], wanted: list[tuple[str, int | None]]) -> None:
    deadline = time.monotonic() + 60
    while (found := states(client, ids)) != wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)


def test_forty_at_once_wait_in_order_and_say_their_place(own_site: Site) -> None:
    own_site.env = {**PACED, "APPLYWEB_PACED_LINES_PER_SECOND": "0.5"}  # none ends by itself
    own_site.start()
    with own_site.client() as client:
        ids = [post(client, LONG)["id"] for _ in range(AT_ONCE)]
        waiting: list[tuple[str, int | None]] = [("queued", place) for place in range(1, AT_ONCE - RUNNING + 1)]
        wait_for(client, ids, [*[("running", None)] * RUNNING, *waiting])
        with httpx.Client(base_url=own_site.base, follow_redirects=True, timeout=60) as browser:
            browser.get(own_site.sign_in)
            assert "Waiting, number 32" in browser.get(f"/applies/{ids[-1]}/").text
        for each in ids[:RUNNING]:
            client.post(f"/api/applies/{each}/stop")
        ended: list[tuple[str, int | None]] = [("stopped", None)] * RUNNING
        wait_for(client, ids, [*ended, *[("running", None)] * RUNNING, *waiting[:-RUNNING]])
