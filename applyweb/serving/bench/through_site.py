"""An apply of a large file from a tool's request to its last byte: through the real site, its SGLang engine and a real
model server.

The time counts however the apply ends: a model that is small or has random weights writes no whole file, and is as
long about it. Must not know: profiles, how a server is started.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx

from applyweb.serving.bench.reader import ReaderError, post_apply, read_events, tool_client
from applyweb.serving.bench.site import SiteError, running_site
from applyweb.serving.bench.texts import lazy_edit, python_source

_IDLE_WITHIN = 60.0  # seconds
_LEAST = 30  # lines, for one whole class to edit
_TOKENS_A_LINE = 30  # of the context: in the prompt, in the answer, and room for the chat


@dataclass(frozen=True, slots=True)
class Through:
    """Milliseconds from the request to the first event with text and to the last event; `stats` are the apply's own,
    `ended` how it did."""

    lines: int
    first_ms: float
    ms: float
    ended: str
    stats: dict[str, Any]


def lines_for(context: int, most: int) -> int:
    """How many lines a file may have, at most `most`, so that a model of this context can write it."""
    return max(_LEAST, min(most, context // _TOKENS_A_LINE))


async def through_site(url: str, lines: int, times: int) -> Through:
    """Applies one lazy edit so many times; the last counts, those before warm what a first request pays for. What the
    server keeps of earlier prompts is dropped each time: a person's file is new to it. Errors: SiteError,
    httpx.HTTPError."""
    original = python_source(lines)
    body = {"original": original, "chat": lazy_edit(original, 1).chat, "path": "accounts.py", "engine": "sglang"}
    environment = {"APPLYWEB_SGLANG_URL": url, "APPLYWEB_FIRST_TOKEN_TIMEOUT": "900", "APPLYWEB_SGLANG_MODEL": ""}
    with running_site(environment) as site:
        async with tool_client(site) as client:
            for _ in range(times):
                await _flush(url)
                began = time.monotonic_ns()
                created = await post_apply(client, **body)
                first = last = 0
                ended = ""
                try:
                    async for arrived in read_events(site, created["events"]):
                        last, ended = arrived.at_ns, arrived.event["type"]
                        if ended == "delta" and not first:
                            first = last
                except ReaderError as error:
                    if ended not in ("failed", "stopped"):
                        raise SiteError(str(error)) from error
            told = await _apply(client, created["id"])
    if not first:
        raise SiteError(f"The model wrote nothing: {told['error']}")
    return Through(lines, (first - began) / 1e6, (last - began) / 1e6, ended, dict(told["stats"]))


async def _flush(url: str) -> None:
    """Once the server is idle, which it may only be shortly after a stream's end."""
    async with httpx.AsyncClient(base_url=url, timeout=_IDLE_WITHIN + 30, trust_env=False) as client:
        (await client.post("/flush_cache", params={"timeout": _IDLE_WITHIN})).raise_for_status()


async def _apply(client: httpx.AsyncClient, apply_id: str) -> dict[str, Any]:
    answer = await client.get(f"/api/applies/{apply_id}")
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told
