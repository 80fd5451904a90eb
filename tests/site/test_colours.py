"""Colours that a killed server did not live to make are made when somebody looks."""

from __future__ import annotations

import sqlite3
import time

import httpx

from tests.conftest import Site
from tests.factories import CHAT, ORIGINAL
from tests.site.test_api import ended


def test_missing_colours_of_a_large_file_are_made_on_the_first_look(own_site: Site) -> None:
    own_site.start()
    original = "".join(f"value_{number} = {number}\n" for number in range(4000)) + "\n\n" + ORIGINAL
    with own_site.client() as client:
        body = {"original": original, "chat": CHAT, "path": "shop.py", "engine": "embedded"}
        apply = ended(client, client.post("/api/applies", json=body).json()["id"])
    own_site.kill()
    with sqlite3.connect(own_site.data / "applyweb.sqlite3") as database:
        database.execute("DELETE FROM applyweb_highlight")
    database.close()
    own_site.start()
    with httpx.Client(base_url=own_site.base, follow_redirects=True, timeout=60) as browser:
        browser.get(own_site.sign_in)
        page = browser.get(apply["url"]).text
        assert 'data-coloured="no"' in page
        for _ in range(100):
            if 'data-coloured="yes"' in page:
                break
            time.sleep(0.2)
            page = browser.get(apply["url"]).text
        assert 'data-coloured="yes"' in page
