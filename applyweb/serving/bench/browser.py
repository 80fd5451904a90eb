"""A real Chromium with the real page: how far the live view is behind the engine.

Must not know: which figures are good.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from applyweb.serving.bench.chromium import chromium
from applyweb.serving.bench.clock import stamps_in
from applyweb.serving.bench.reader import ReaderError, post_apply, tool_client
from applyweb.serving.bench.site import BenchSite

if TYPE_CHECKING:
    from playwright.async_api import Page

EVERY = 0.05  # seconds between two looks
PATIENCE = 120.0  # seconds for the whole apply
# The newest lines of the live view: the last settled hunk, and what is still open.
_LOOK = """() => {
  const part = (id) => document.getElementById(id);
  const settled = part("live-settled")?.lastElementChild?.textContent ?? "";
  return { status: part("apply")?.dataset.status ?? "", text: settled + (part("live-tail")?.textContent ?? "") };
}"""


@dataclass(frozen=True, slots=True)
class Seen:
    """`lags`: ms since the newest visible stamp was given, at each look while lines come; waiting for the next stamp is
    part of it. `end`: ms from the last stamp to the page that shows the finished apply. `every`: seconds between looks.
    """

    lags: list[float]
    end: float
    every: float


async def watch_in_browser(site: BenchSite, body: dict[str, str]) -> Seen:
    """Posts a clocked apply and looks at its page until that is finished. Errors: NoBrowser, ReaderError."""
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium())
        page = await browser.new_page()
        await page.goto(site.sign_in_link())
        client = await stack.enter_async_context(tool_client(site))
        created = await post_apply(client, **body)
        await page.goto(site.base + created["url"], wait_until="domcontentloaded")
        looks, ended_ns = await _watch(page)
        merged = await client.get(f"/api/applies/{created['id']}/merged")
        last = stamps_in(merged.text)[-1].given_ns
        return Seen(lags_until(last, looks), (ended_ns - last) / 1e6, EVERY)


def lags_until(last: int, looks: list[tuple[int, int]]) -> list[float]:
    """ms of every look (the newest stamp on the page, the time of the look; both ns) up to the first that saw the stamp
    `last`: after that the page waits for the end of the apply and is behind nothing."""
    lags: list[float] = []
    for newest, now in looks:
        lags.append((now - newest) / 1e6)
        if newest == last:
            break
    return lags


async def _watch(page: Page) -> tuple[list[tuple[int, int]], int]:
    """The looks, and time.monotonic_ns() when the finished page was seen."""
    looks: list[tuple[int, int]] = []
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        seen = await page.evaluate(_LOOK)
        now = time.monotonic_ns()
        if seen["status"] == "finished":
            return looks, now
        if seen["status"] not in ("queued", "running"):
            raise ReaderError(f"The page shows no running apply: its state is {seen['status']!r}.")
        if stamps := stamps_in(seen["text"]):
            looks.append((max(stamp.given_ns for stamp in stamps), now))
        await asyncio.sleep(EVERY)
    raise ReaderError(f"The page did not show the end within {PATIENCE:g} s.")
