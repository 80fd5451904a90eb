"""The cases without a clock: a merge in-process, an apply over the API, a large review page.

Must not know: how figures are reported.
"""

from __future__ import annotations

import asyncio
import time
from html.parser import HTMLParser

import httpx

from applyweb.core.merge import merge
from applyweb.serving.bench.figures import Figure, figure
from applyweb.serving.bench.reader import ReaderError, post_apply, read_events, tool_client
from applyweb.serving.bench.site import BenchSite
from applyweb.serving.bench.sizes import Sizes
from applyweb.serving.bench.texts import changed_lines, lazy_edit, python_source, whole_file_chat

PATH = "harbour/accounts.py"


def measure_merge(sizes: Sizes) -> list[Figure]:
    """A lazy answer merged in this process."""
    source = python_source(sizes.merge_lines)
    edit = lazy_edit(source)
    taken: list[float] = []
    for _ in range(sizes.merge_runs + 1):
        began = time.perf_counter()
        merged = merge(source, edit.chat, path=PATH, language="python")
        taken.append((time.perf_counter() - began) * 1000)
        if merged.text != edit.merged:
            raise ReaderError("The merge is wrong, so its time tells nothing.")
    what = f"merge of {sizes.merge_lines:,} lines in-process"
    note = f"a lazy answer; the first run, {taken[0]:.1f} ms, loads the grammar and is not counted"
    return [figure("merge", what, taken[1:], goal=30, judged="p50", note=note)]


async def measure_post(site: BenchSite, sizes: Sizes) -> list[Figure]:
    """From POST /api/applies to the "finished" event on a socket that is opened with the answer."""
    source = python_source(sizes.merge_lines)
    edit = lazy_edit(source)
    taken: list[float] = []
    async with tool_client(site) as client:
        for run in range(sizes.post_runs + 1):
            # Another text each time, so that nothing stored before is met again.
            began = time.perf_counter()
            created = await post_apply(
                client, original=f"# {run}\n{source}", chat=edit.chat, path=PATH, engine="embedded"
            )
            async for _ in read_events(site, created["events"]):
                ended = time.perf_counter()
            taken.append((ended - began) * 1000)
            await asyncio.sleep(sizes.post_pause)
    what = f"POST to finished on the socket, {sizes.merge_lines:,} lines"
    note = f"embedded engine, one after the other, {sizes.post_pause:g} s between; the socket's handshake is included"
    return [figure("post", what, taken[1:], goal=250, note=note)]


async def measure_page(site: BenchSite, sizes: Sizes) -> list[Figure]:
    """The review page of a large file, as a signed-in browser asks for it."""
    source = python_source(sizes.page_lines)
    chat = whole_file_chat(changed_lines(source, sizes.page_hunks))
    async with tool_client(site) as client:
        created = await post_apply(client, original=source, chat=chat, path=PATH, engine="embedded")
        async for arrived in read_events(site, created["events"]):
            last = arrived.event
    hunks = last["hunks"]["total"]
    if hunks != sizes.page_hunks:
        raise ReaderError(f"The apply has {hunks} hunks, not {sizes.page_hunks}.")
    async with httpx.AsyncClient(base_url=site.base, timeout=60, follow_redirects=True, trust_env=False) as browser:
        await browser.get(site.sign_in_link())
        first, html = await _timed_get(browser, created["url"])
        taken = [(await _timed_get(browser, created["url"]))[0] for _ in range(sizes.page_runs)]
    rows = count_rows(html)
    what = f"GET of the review page, {sizes.page_lines:,} lines, {hunks} hunks"
    note = (
        "the whole request of a warm keep-alive client, so a little more than the server's time; the first one, "
        f"right after the end of the apply, took {first:.0f} ms; the HTML has {len(html) / 1024:,.0f} KiB"
    )
    return [
        figure("page", what, taken, goal=400, note=note),
        figure("rows", "rows of diff and chat, nothing expanded", [rows], unit="rows", goal=5_000, judged="largest"),
    ]


def count_rows(html: str) -> int:
    """How many rows a review page has: elements of class `row` (a pair of lines of the diff) or `cl` (a line of the
    chat)."""
    counter = _RowCounter()
    counter.feed(html)
    counter.close()
    return counter.rows


class _RowCounter(HTMLParser):
    rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += not {"row", "cl"}.isdisjoint((dict(attrs).get("class") or "").split())


async def _timed_get(browser: httpx.AsyncClient, url: str) -> tuple[float, str]:
    began = time.perf_counter()
    answer = await browser.get(url)
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200 or 'id="apply"' not in answer.text:
        raise ReaderError(f"GET {url} was answered with {answer.status_code} and no review page.")
    return taken, answer.text
