"""One load of one page in a real, slowed-down Chromium: what it took, and how it answers a person.

Must not know: whose page it is beyond its `Tool`, which figures are good.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from applyweb.serving.bench.review.tools import Step, Tool

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Page

SLOWDOWN = 4
SIZE = {"width": 1440, "height": 900}
PATIENCE = 60.0  # seconds for the first paint, and for the page to come to rest
_REST = 1.0  # seconds without a long task
_BETWEEN = 0.25  # seconds between two things that a person does
_NOTICED = 16.0  # ms; a shorter interaction is not reported by the browser, and counts as this long
_WHEEL_TURNS, _WHEEL = 20, 400
_PROBE = Path(__file__).with_name("probe.js")
_AFTER_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))"


class NotShown(RuntimeError):
    """The page did not do what a measurement needs; `str(error)` says what."""


@dataclass(frozen=True, slots=True)
class Load:
    """ms, except `nodes`, and MB for `heap` and `memory` (of the renderer's process; None where it cannot be read).
    `inp` is the longest of all interactions, which are `interactions` in number."""

    paint: float
    opened: float
    ready: float
    inp: float
    frame: float
    nodes: int
    heap: float
    memory: float | None
    interactions: int


async def new_context(browser: Browser) -> BrowserContext:
    """A browser profile whose pages are looked at as on a desktop."""
    return await browser.new_context(viewport=SIZE)  # type: ignore[arg-type]


async def warm_up(context: BrowserContext, tool: Tool, address: str) -> None:
    """Loads the page twice at full speed, so that its files and their compiled code are in the browser's cache."""
    for _ in range(2):
        page = await _opened(context, tool, address)
        await page.close()


async def measured_load(browser: Browser, context: BrowserContext, tool: Tool, address: str) -> Load:
    """Loads the page anew, lets it come to rest, then uses it. Errors: NotShown."""
    page = await _opened(context, tool, address, slowdown=SLOWDOWN)
    try:
        await _rest(page, tool)
        facts = await page.evaluate("() => benchSeen.facts()")
        heap, memory = await _memory(browser, page)
        inp, count = await _use(page, tool)
        frame = await _scroll(page)
        return Load(facts["paint"], facts["opened"], facts["ready"], inp, frame, facts["nodes"], heap, memory, count)
    finally:
        await page.close()


async def _opened(context: BrowserContext, tool: Tool, address: str, slowdown: int = 1) -> Page:
    """A page with the probe, at the moment when its diff was painted."""
    page = await context.new_page()
    await page.add_init_script(_PROBE.read_text(encoding="utf-8").replace("CHANGED", json.dumps(tool.changed)))
    if slowdown > 1:
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    await page.goto(address, wait_until="commit")
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        await asyncio.sleep(0.1)
        if await _answer(page, "() => globalThis.benchSeen?.painted ?? 0", limit):
            return page
    await page.close()
    raise NotShown(f"{tool.name} showed no changed row within {PATIENCE:g} s.")


async def _answer(page: Page, question: str, limit: float) -> Any:
    """What the page answers, None where its only thread is busy until the limit."""
    with suppress(asyncio.TimeoutError):
        return await asyncio.wait_for(page.evaluate(question), max(0.1, limit - time.monotonic()))
    return None


async def _rest(page: Page, tool: Tool) -> None:
    limit = time.monotonic() + PATIENCE
    since = "performance.now() - Math.max(benchSeen.painted, benchSeen.lastLong)"
    quiet = f"() => document.readyState === 'complete' && {since} > {_REST * 1000}"
    while time.monotonic() < limit:
        if await _answer(page, quiet, limit):
            return
        await asyncio.sleep(0.25)
    raise NotShown(f"{tool.name} did not come to rest within {PATIENCE:g} s.")


async def _memory(browser: Browser, page: Page) -> tuple[float, float | None]:
    """(JavaScript heap, process) after a collection. Of several renderers the largest is the page's: the others are
    spare."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    await session.send("Performance.enable")
    told = await session.send("Performance.getMetrics")
    await session.send("Performance.disable")
    heap = next(each["value"] for each in told["metrics"] if each["name"] == "JSHeapUsedSize")
    sizes = [size for pid in await _renderers(browser) if (size := proportional_size(pid)) is not None]
    return heap / 1e6, max(sizes, default=None)


async def _renderers(browser: Browser) -> Iterable[int]:
    session: CDPSession = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return [each["id"] for each in told["processInfo"] if each["type"] == "renderer"]


def proportional_size(pid: int, proc: Path = Path("/proc")) -> float | None:
    """MB of a process with its share of what it shares, None where the system does not tell."""
    try:
        lines = (proc / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:")), None)


async def _use(page: Page, tool: Tool) -> tuple[float, int]:
    """(the longest interaction, how many there were)."""
    done = 0
    for step in tool.steps:
        done += await _take(page, step)
        await page.evaluate(_AFTER_FRAME)
        await asyncio.sleep(_BETWEEN)
    seen = await page.evaluate("() => Object.values(benchSeen.interactions)")
    counted = await page.evaluate("() => performance.interactionCount ?? -1")
    if not done or counted == 0:
        raise NotShown(f"{tool.name} took no interaction.")
    return max([_NOTICED, *map(float, seen)]), done


async def _take(page: Page, step: Step) -> bool:
    """Whether there was something to do it with."""
    if step.does == "key":
        await page.keyboard.press(step.what)
        return True
    place = await page.evaluate(
        """(selector) => {
          const box = benchSeen.find(selector, 1000)?.getBoundingClientRect();
          return box && { x: box.x + Math.min(box.width, 40) / 2, y: box.y + box.height / 2 };
        }""",
        step.what,
    )
    if place is None:
        return False
    await page.mouse.move(place["x"], place["y"])
    await page.mouse.down()
    await page.mouse.up()
    return True


async def _scroll(page: Page) -> float:
    """The longest frame while the wheel turns over the diff."""
    await page.mouse.move(SIZE["width"] / 2, SIZE["height"] / 2)
    await page.evaluate("() => benchSeen.watchFrames()")
    for _ in range(_WHEEL_TURNS):
        await page.mouse.wheel(0, _WHEEL)
        await asyncio.sleep(0.05)
    await page.evaluate(_AFTER_FRAME)
    longest: float = await page.evaluate("() => { benchSeen.stopFrames(); return benchSeen.frame; }")
    return longest
