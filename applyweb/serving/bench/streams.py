"""The clocked cases: many applies at once, and one very fast one, read by a tool and by a real browser.

A line's delay is the time from the engine giving it out to the reader having it. A reader in this process adds its own
time, so the figures are upper bounds. Must not know: how figures are reported.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from applyweb.serving.bench.browser import watch_in_browser
from applyweb.serving.bench.chromium import NoBrowser
from applyweb.serving.bench.clock import Pace, clock_chat, clock_original, stamps_in
from applyweb.serving.bench.figures import Figure, figure, not_measured
from applyweb.serving.bench.reader import Arrived, post_apply, read_events, tool_client
from applyweb.serving.bench.site import BenchSite
from applyweb.serving.bench.sizes import Sizes

_DELAY_STAMP_EVERY = 10
_STREAM_STAMP_EVERY = 100
SOCKET_LAG = 250.0  # ms; a reader that is further behind at any moment has fallen behind
PAGE_LAG = 500.0


@dataclass(slots=True)
class _Followed:
    """What one reader saw of a clocked apply. `delays` are ms, one a stamp; `late` is how long the engine was held, ms;
    `end` is ms from the last stamp to the "finished" event."""

    delays: list[float] = field(default_factory=list)
    late: float = 0.0
    end: float = 0.0
    _held: str = ""
    _last_ns: int = 0

    def take(self, arrived: Arrived) -> None:
        if arrived.event["type"] == "finished":
            self.end = (arrived.at_ns - self._last_ns) / 1e6
        if arrived.event["type"] != "delta":
            return
        text = self._held + arrived.event["text"]
        whole = text.rfind("\n") + 1
        self._held = text[whole:]
        for stamp in stamps_in(text[:whole]):
            self.delays.append((arrived.at_ns - stamp.given_ns) / 1e6)
            self.late = max(self.late, stamp.late_ns / 1e6)
            self._last_ns = stamp.given_ns


async def measure_delay(site: BenchSite, sizes: Sizes) -> list[Figure]:
    """Many applies at once, each read by a socket of its own."""
    pace = Pace(sizes.delay_rate, _DELAY_STAMP_EVERY, sizes.pause)
    original = clock_original(int(pace.lines_per_second * sizes.delay_seconds))
    bodies = [_body(f"# {number}\n{original}", pace) for number in range(sizes.delay_applies)]
    async with tool_client(site) as client:
        created = await asyncio.gather(*(post_apply(client, **body) for body in bodies))
        followed = await asyncio.gather(*(_follow(site, each["events"]) for each in created))
    delays = [delay for each in followed for delay in each.delays]
    late = max(each.late for each in followed)
    together = sizes.delay_applies * sizes.delay_rate
    what = f"engine to socket, {sizes.delay_applies} applies at once"
    note = (
        f"{sizes.delay_rate:,.0f} tok/s each, {together:,.0f} tok/s together, for {sizes.delay_seconds:g} s, a stamp "
        f"every {_DELAY_STAMP_EVERY} lines; the engines were held up by {late:.0f} ms at most"
    )
    return [figure("delay", what, delays, goal=60, note=note)]


async def measure_stream(site: BenchSite, sizes: Sizes) -> list[Figure]:
    """One apply as fast as a very fast server, to a tool's socket and then to a real page."""
    pace = Pace(sizes.stream_rate, _STREAM_STAMP_EVERY, sizes.pause)
    body = _body(clock_original(int(pace.lines_per_second * sizes.stream_seconds)), pace)
    async with tool_client(site) as client:
        created = await post_apply(client, **body)
        followed = await _follow(site, created["events"])
    rate = f"{sizes.stream_rate:,.0f} tok/s for {sizes.stream_seconds:g} s"
    held = f"the engine was held up by {followed.late:.0f} ms at most"
    figures = [
        figure("stream", f"lag of a socket at {rate}", followed.delays, goal=SOCKET_LAG, judged="largest", note=held),
        figure("stream end", "last line to finished, socket", [followed.end], note="diff, checks, support, storing"),
    ]
    what = f"lag of a page in Chromium at {rate}"
    try:
        seen = await watch_in_browser(site, body)
    except NoBrowser as why:
        return [*figures, not_measured("browser", what, str(why), goal=PAGE_LAG)]
    if not seen.lags:
        return [*figures, not_measured("browser", what, "the page opened after the last line", goal=PAGE_LAG)]
    note = (
        f"the newest stamp in the live view, looked for every {seen.every * 1000:.0f} ms; the time of looking and of "
        f"waiting for the next stamp ({1000 * _STREAM_STAMP_EVERY / pace.lines_per_second:.0f} ms) is included"
    )
    return [
        *figures,
        figure("browser", what, seen.lags, goal=PAGE_LAG, judged="largest", note=note),
        figure("browser end", "last line to the finished page in Chromium", [seen.end]),
    ]


def _body(original: str, pace: Pace) -> dict[str, str]:
    return {"original": original, "chat": clock_chat(pace), "path": "clock.py", "engine": "clock"}


async def _follow(site: BenchSite, events: str) -> _Followed:
    followed = _Followed()
    async for arrived in read_events(site, events):
        followed.take(arrived)
    return followed
