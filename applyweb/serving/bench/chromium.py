"""Debian's Chromium, headless, as Playwright drives it.

Must not know: what is looked at. Playwright is not a dependency of the site, so it is imported on use.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowser(RuntimeError):
    """There is nothing to measure with; `str(error)` says what to install."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that is closed when the block ends. Errors: NoBrowser."""
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise NoBrowser("Playwright is not installed: pip install 'applyweb[test]'") from error
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise NoBrowser("Chromium is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        except Error as error:
            raise NoBrowser(f"Chromium does not start: {error.message.splitlines()[0]}") from error
        try:
            yield browser
        finally:
            await browser.close()
