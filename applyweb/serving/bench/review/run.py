"""Every case in every tool: a site of its own, a browser each, several loads.

Must not know: arguments, output, which figures are good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from applyweb.serving.bench.chromium import chromium
from applyweb.serving.bench.reader import ReaderError, post_apply, read_events, tool_client
from applyweb.serving.bench.review.cases import PATH, Case
from applyweb.serving.bench.review.contest import Result
from applyweb.serving.bench.review.loads import Load, NotShown, measured_load, new_context, warm_up
from applyweb.serving.bench.review.peer_server import peer_pages
from applyweb.serving.bench.review.peers import NoPeers, bundles
from applyweb.serving.bench.review.tools import OWN, PEERS, Tool
from applyweb.serving.bench.site import BenchSite, running_site
from applyweb.serving.bench.texts import whole_file_chat

if TYPE_CHECKING:
    from playwright.async_api import APIRequestContext, Browser, BrowserContext

RUNS = 5
_COLOURED = 'data-coloured="yes"'
_COLOUR_TRIES = 240
_COLOUR_PAUSE = 0.5  # seconds

Progress = Callable[[str], None]
# What a case has so far, after every load, and whether that is all of it.
Keep = Callable[[Case, Sequence[Result], bool], None]


class BrokeOff(RuntimeError):
    """A browser was lost in the middle; `str(error)` says how."""


@dataclass(frozen=True, slots=True)
class Ended:
    """`no_peers`: why there are none, "" where there are or where none was asked for."""

    results: tuple[Result, ...]
    no_peers: str = ""


@dataclass(frozen=True, slots=True)
class _Seat:
    """A tool that shows a case at `address`; `again` takes back what a load has changed."""

    tool: Tool
    browser: Browser
    context: BrowserContext
    address: str
    again: Callable[[], Awaitable[None]]


def run(cases: Sequence[Case], peers: Sequence[str], runs: int, tell: Progress, keep: Keep) -> Ended:
    """All tools in one run, case by case. `tell` is called with what comes next: once for the peers, then once for
    each tool and case, and once more for each load. Errors: NoBrowser, SiteError, BrokeOff; what `keep` was given by
    then was measured."""
    with ExitStack() as stack:
        why = base = ""
        tools = [OWN, *(peer for peer in PEERS if peer.name in peers)]
        if peers:
            tell("fetching the peers")
            try:
                base = stack.enter_context(peer_pages(bundles(), cases))
            except NoPeers as error:
                why, tools = str(error), [OWN]
        site = stack.enter_context(running_site({}))
        results: list[Result] = []
        for case in cases:
            results += _guarded(_case(case, tools, runs, tell, keep, site, base))
    return Ended(tuple(results), why)


def _guarded(case: Coroutine[Any, Any, list[Result]]) -> list[Result]:
    try:
        from playwright.async_api import Error
    except ImportError:  # the case itself says it better
        return asyncio.run(case)
    try:
        return asyncio.run(case)
    except Error as error:  # as where an interrupt has ended the browser before us
        raise BrokeOff(f"The browser was lost: {error.message.splitlines()[0]}") from error


async def _case(
    case: Case, tools: Sequence[Tool], runs: int, tell: Progress, keep: Keep, site: BenchSite, base: str
) -> list[Result]:
    """All tools take turns, so that what else the machine does meets each of them alike."""
    failures: dict[str, str] = {}
    loads: dict[str, list[Load]] = {tool.name: [] for tool in tools}
    async with AsyncExitStack() as stack:
        seats: list[_Seat] = []
        for tool in tools:
            tell(f"{case.title}: {tool.name}")
            try:
                seat = await (_own_seat(stack, site, case) if tool is OWN else _peer_seat(stack, tool, base, case))
                await warm_up(seat.context, tool, seat.address)
                seats.append(seat)
            except (NotShown, ReaderError) as error:
                failures[tool.name] = str(error)
        for number in range(runs):
            for seat in seats:
                name = seat.tool.name
                tell(f"{case.title}: {name}, load {number + 1}")
                if name in failures:
                    continue
                try:
                    loads[name].append(await measured_load(seat.browser, seat.context, seat.tool, seat.address))
                    await seat.again()
                except (NotShown, ReaderError) as error:
                    failures[name] = str(error)
                keep(case, _results(case, loads, failures), False)
    found = _results(case, loads, failures)
    keep(case, found, True)
    return found


def _results(case: Case, loads: Mapping[str, Sequence[Load]], failures: Mapping[str, str]) -> list[Result]:
    # Loads before a failure are no measure of the tool: it is the slow ones that are missing.
    return [
        Result(name, case.name, () if name in failures else tuple(found), failures.get(name, ""))
        for name, found in loads.items()
    ]


async def _peer_seat(stack: AsyncExitStack, tool: Tool, base: str, case: Case) -> _Seat:
    async def again() -> None:
        """A peer keeps nothing."""

    browser = await stack.enter_async_context(chromium())
    return _Seat(tool, browser, await new_context(browser), f"{base}/{tool.name}#{case.name}", again)


async def _own_seat(stack: AsyncExitStack, site: BenchSite, case: Case) -> _Seat:
    client = await stack.enter_async_context(tool_client(site))
    browser = await stack.enter_async_context(chromium())
    context = await new_context(browser)
    page = await context.new_page()
    await page.goto(site.sign_in_link())
    await page.close()
    body = {"path": PATH, "original": case.original, "chat": whole_file_chat(case.merged), "engine": "embedded"}
    created = await post_apply(client, **body)
    async for arrived in read_events(site, created["events"]):
        last = arrived.event
    if last["hunks"]["total"] != case.hunks:
        raise ReaderError(f"The apply has {last['hunks']['total']} hunks, not {case.hunks}.")
    address = site.base + created["url"]
    await _coloured(context.request, address)

    async def again() -> None:
        answer = await client.put(f"/api/applies/{created['id']}/decisions", json={"decision": "pending"})
        if answer.status_code != 200:
            raise ReaderError(f"The decisions could not be taken back: {answer.status_code} {answer.text[:200]}")

    return _Seat(OWN, browser, context, address, again)


async def _coloured(request: APIRequestContext, address: str) -> None:
    """Waits until the page has its colours: the job that makes them goes on after the end of a large apply."""
    for _ in range(_COLOUR_TRIES):
        answer = await request.get(address, timeout=120_000)
        if _COLOURED in await answer.text():
            return
        await asyncio.sleep(_COLOUR_PAUSE)
    raise ReaderError("The page got no colours.")
