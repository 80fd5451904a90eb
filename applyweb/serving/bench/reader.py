"""Applies from a tool's side: post, follow the socket, say when each event arrived.

Must not know: what is measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedOK

from applyweb.serving.bench.site import BenchSite

TERMINAL = frozenset({"finished", "failed", "stopped"})


class ReaderError(RuntimeError):
    """The site answered otherwise than a measurement needs."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event, and time.monotonic_ns() when its message was received."""

    at_ns: int
    event: dict[str, Any]


@asynccontextmanager
async def tool_client(site: BenchSite) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a bearer token that keeps its connections."""
    async with httpx.AsyncClient(base_url=site.base, headers=site.headers, timeout=120, trust_env=False) as client:
        yield client


async def post_apply(client: httpx.AsyncClient, **body: str) -> dict[str, Any]:
    """Starts an apply; {id, status, url, events}."""
    answer = await client.post("/api/applies", json=body)
    if answer.status_code != 201:
        raise ReaderError(f"POST /api/applies was answered with {answer.status_code}: {answer.text[:500]}")
    created: dict[str, Any] = answer.json()
    return created


async def read_events(site: BenchSite, events: str) -> AsyncIterator[Arrived]:
    """All events of an apply, acknowledged as they come. Errors: ReaderError where it does not finish."""
    async with connect(site.socket_url(events), additional_headers=site.headers, max_size=None, proxy=None) as socket:
        async for message in socket:
            at = time.monotonic_ns()
            event = json.loads(message)
            yield Arrived(at, event)
            if event["type"] in TERMINAL:
                break
            with suppress(ConnectionClosedOK):  # the site closes after its last event, which may be received already
                await socket.send(json.dumps({"type": "ack", "seq": event["seq"]}))
        else:
            raise ReaderError("The socket closed before the apply had ended.")
    if event["type"] != "finished":
        raise ReaderError(f"The apply ended as {event['type']}: {event.get('error')}")
