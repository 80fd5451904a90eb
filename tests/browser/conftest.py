"""A real Chromium on the real site. Every page that a test opens must stay free of errors in its console."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.conftest import Site

expect.set_options(timeout=15_000)  # as long as a page's own actions may take: a busy machine proves nothing

_TRIES, _BETWEEN = 600, 50  # times, and milliseconds
_HEARS = "() => !document.querySelector('script[data-module]') || 'ready' in document.documentElement.dataset"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. One for this folder: Playwright's loop must not run while tests of other folders do."""
    chromium = shutil.which("chromium")
    assert chromium, "The browser tests need Debian's chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def paced_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real site with the engines of tests/paced.py beside its own."""
    site = Site(
        tmp_path_factory.mktemp("paced"),
        {
            "APPLYWEB_ENGINES": "paced=tests.paced.PacedEngine careless=tests.paced.CarelessEngine "
            "broken=tests.paced.BrokenEngine"
        },
    )
    site.start()
    yield site
    site.kill()


@dataclass
class Account:
    """What signs a browser and a tool in on one site."""

    site: Site
    storage: Any
    token: str


def account_on(browser: Browser, site: Site) -> Account:
    """By the link that the site printed when it started, which works once."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.sign_in)
    storage = context.storage_state()
    context.close()
    return Account(site, storage, site.token)


@pytest.fixture(scope="package")
def account(browser: Browser, paced_site: Site) -> Account:
    return account_on(browser, paced_site)


def until(page: Page, expression: str, argument: object = None) -> None:
    """Until a JavaScript expression is true of a page, which is asked again and again from here: the page's policy
    forbids what Playwright's `wait_for_function` does inside of it."""
    for _ in range(_TRIES):
        try:
            if page.evaluate(expression, argument):
                return
        except Error as error:
            if "context was destroyed" not in error.message:  # by a page that takes this one's place
                raise
        page.wait_for_timeout(_BETWEEN)
    raise AssertionError(f"Not true after {_TRIES * _BETWEEN / 1000:.0f} s: {expression}")


def patient(page: Page) -> Page:
    """The page, whose loads last until its script hears keys: it comes after the first paint, and after the browser's
    own event."""

    def patiently(load: Callable[..., Any]) -> Callable[..., Any]:
        def loaded(*arguments: Any, **options: Any) -> Any:
            answer = load(*arguments, **options)
            until(page, _HEARS)
            return answer

        return loaded

    for name in ("goto", "reload", "go_back", "go_forward", "wait_for_url"):
        setattr(page, name, patiently(getattr(page, name)))
    return page


def becomes(ask: Callable[[], object], wanted: object) -> None:
    """What the server says is that, or is that soon: a page shows a decision before the server has stored it."""
    for _ in range(_TRIES):
        if ask() == wanted:
            return
        time.sleep(_BETWEEN / 1000)
    assert ask() == wanted


@dataclass
class Desk:
    """A signed-in browser on one site: `page()` opens a page, `post()` makes an apply through the API."""

    site: Site
    context: BrowserContext
    tool: httpx.Client
    troubles: list[str]

    def page(self, address: str = "/") -> Page:
        page = patient(self.context.new_page())
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message))
        page.goto(self.site.base + address)
        return page

    def post(self, original: str, chat: str, path: str = "", engine: str = "embedded", wait: bool = True) -> str:
        body: dict[str, Any] = {"original": original, "chat": chat, "path": path, "engine": engine}
        answer = self.tool.post("/api/applies", json=body)
        assert answer.status_code == 201, answer.text
        apply_id: str = answer.json()["id"]
        while wait and self.tool.get(f"/api/applies/{apply_id}").json()["status"] in ("queued", "running"):
            time.sleep(0.05)
        return apply_id

    def result(self, apply_id: str | None, **query: str) -> str:
        return self.tool.get(f"/api/applies/{apply_id}/result", params=query).content.decode()

    def _heard(self, page: Page, message: Any) -> None:
        # A request that the server refuses, as some tests want, is reported by the browser itself.
        if message.type == "error" and not message.text.startswith(("Failed to load resource", "WebSocket connection")):
            self.troubles.append(f"{page.url}: {message.text}")


def desk_on(browser: Browser, account: Account, **options: Any) -> Iterator[Desk]:
    """A desk for one test; its pages' errors fail the test."""
    options = {"viewport": {"width": 1440, "height": 900}, "storage_state": account.storage, **options}
    context = browser.new_context(**options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    troubles: list[str] = []
    headers = {"Authorization": f"Bearer {account.token}"}
    with httpx.Client(base_url=account.site.base, headers=headers, timeout=30) as tool:
        yield Desk(account.site, context, tool, troubles)
    context.close()
    assert troubles == []


@pytest.fixture
def desk(browser: Browser, account: Account) -> Iterator[Desk]:
    yield from desk_on(browser, account)
