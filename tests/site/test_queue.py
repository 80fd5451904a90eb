"""Forty applies at once through the real site: as many as may run do, the others wait until their turn comes, and each
says its place. One person's wait in the order in which they came; nobody's wait for all of another's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def added(site: Site, name: str) -> Iterator[httpx.Client]:
    """The tool of another person."""
    site.manage("add_person", name)
    token = site.manage("token", "test", "--person", name).splitlines()[-1]
    with httpx.Client(base_url=site.base, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        yield client


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


def test_one_apply_does_not_wait_for_another_persons_forty(own_site: Site) -> None:
    own_site.env = {**PACED, "APPLYWEB_PACED_LINES_PER_SECOND": "0.5"}
    own_site.start()
    with own_site.client() as client, added(own_site, "ada") as ada, added(own_site, "bo") as bo:
        many = [post(client, LONG)["id"] for _ in range(AT_ONCE)]
        few = [post(ada, LONG)["id"] for _ in range(2)]
        (one,) = single = [post(bo, LONG)["id"]]
        wait_for(ada, few, [("queued", 1), ("queued", 3)])
        wait_for(bo, single, [("queued", 2)])
        waiting: list[tuple[str, int | None]] = [("queued", 4 + number) for number in range(AT_ONCE - RUNNING)]
        wait_for(client, many, [*[("running", None)] * RUNNING, *waiting])
        client.post(f"/api/applies/{many[0]}/stop")
        wait_for(ada, few, [("running", None), ("queued", 2)])
        client.post(f"/api/applies/{many[1]}/stop")
        wait_for(bo, single, [("running", None)])
        bo.post(f"/api/applies/{one}/stop")
        wait_for(ada, few, [("running", None)] * 2)
