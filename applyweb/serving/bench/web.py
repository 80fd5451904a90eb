"""All cases of `manage.py bench web`, by name and in order.

Must not know: arguments, output.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack

from applyweb.serving.bench.answers import measure_merge, measure_page, measure_post
from applyweb.serving.bench.clock import ENGINES
from applyweb.serving.bench.figures import Figure
from applyweb.serving.bench.site import BenchSite, running_site
from applyweb.serving.bench.sizes import Sizes
from applyweb.serving.bench.streams import measure_delay, measure_stream

_WITH_SITE: dict[str, Callable[[BenchSite, Sizes], Awaitable[list[Figure]]]] = {
    "post": measure_post,
    "page": measure_page,
    "delay": measure_delay,
    "stream": measure_stream,
}
NAMES = ("merge", *_WITH_SITE)


def run_cases(names: tuple[str, ...], sizes: Sizes) -> Iterator[tuple[str, list[Figure]]]:
    """(name, []) before each case and (name, its figures) after it. One site serves all cases that need one. Errors:
    SiteError, ReaderError."""
    with ExitStack() as stack:
        site: BenchSite | None = None
        for name in names:
            yield name, []
            if name == "merge":
                yield name, measure_merge(sizes)
                continue
            if site is None:
                environment = {"APPLYWEB_ENGINES": ENGINES, "APPLYWEB_CONCURRENCY": str(sizes.delay_applies)}
                site = stack.enter_context(running_site(environment))
            yield name, asyncio.run(_measured(_WITH_SITE[name], site, sizes))


async def _measured(
    case: Callable[[BenchSite, Sizes], Awaitable[list[Figure]]], site: BenchSite, sizes: Sizes
) -> list[Figure]:
    return await case(site, sizes)
