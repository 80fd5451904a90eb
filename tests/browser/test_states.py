"""Every page and state at 1440 and 390 pixels, light and dark: axe finds nothing against it, and it fits the screen.

APPLYWEB_SCREENS=FOLDER keeps a picture of each there, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Account, Desk, desk_on
from tests.browser.states import STATES

SCREENS = os.environ.get("APPLYWEB_SCREENS", "")
SIZES = {1440: 900, 390: 844}
# The same markup as "review-folds-open", a hundred times: axe would take minutes.
ONLY_LOOKED_AT = {"review-hundred-hunks"}
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def calm_desk(browser: Browser, account: Account) -> Iterator[Desk]:
    """Without motion, so that no picture and no colour is of something half way."""
    yield from desk_on(browser, account, reduced_motion="reduce")


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_and_the_page_fits(name: str, calm_desk: Desk) -> None:
    page = STATES[name](calm_desk)
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            keep(page, f"{name}-{width}-{scheme}")
            assert name in ONLY_LOOKED_AT or violations(page) == [], f"{name}, {width} px, {scheme}"
            assert page.evaluate(TOO_WIDE) <= 0, f"{name}, {width} px"
    if name in ("streaming", "changeset-writing"):
        page.keyboard.press("Escape")


def violations(page: Page) -> list[str]:
    """What axe holds against the page, a line a place."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def keep(page: Page, name: str) -> None:
    if SCREENS:
        Path(SCREENS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SCREENS) / f"{name}.png")
