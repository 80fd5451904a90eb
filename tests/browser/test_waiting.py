"""An apply that waits for another one to end says so, and its place, until it begins."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import account_on, desk_on
from tests.browser.test_live import CHAT, ORIGINAL
from tests.conftest import Site

# Resolves when another socket to the same server is open: the page's own, which was asked for before, is then too.
_ANOTHER_SOCKET = """path => new Promise((resolve, reject) => {
    const socket = new WebSocket(location.origin.replace("http", "ws") + path);
    socket.onopen = () => { socket.close(); resolve(); };
    socket.onerror = reject;
})"""


def test_a_waiting_apply_says_its_place_until_it_begins(browser: Browser, own_site: Site) -> None:
    own_site.env = {
        "APPLYWEB_ENGINES": "paced=tests.paced.PacedEngine",
        "APPLYWEB_CONCURRENCY": "1",
        "APPLYWEB_PACED_LINES_PER_SECOND": "1",
    }
    own_site.start()
    for desk in desk_on(browser, account_on(browser, own_site)):
        first, second, third = (desk.post(ORIGINAL, CHAT, "values.py", "paced", wait=False) for _ in range(3))
        page = desk.page(f"/applies/{third}/")
        phase = page.locator("#phase b")
        page.evaluate(_ANOTHER_SOCKET, f"/ws/applies/{third}/events")
        expect(phase).to_have_text("Waiting, number 2")
        desk.tool.post(f"/api/applies/{first}/stop")
        expect(phase).to_have_text("Waiting")
        desk.tool.post(f"/api/applies/{second}/stop")
        expect(phase).to_have_text("Writing")
