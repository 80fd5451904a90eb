"""A real TCP server on loopback that answers with given bytes: whole, cut anywhere, broken off, or never.

Must not know: engines. It speaks just enough HTTP to tell one request from the next.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

CAPTURES = Path(__file__).parent / "captures"


@dataclass(frozen=True)
class Reply:
    """`raw` goes out in pieces of `cut` bytes (0: at once), `pause` seconds behind each. Then the connection is closed
    in order, reset, or left open without a word until the client goes."""

    raw: bytes
    cut: int = 0
    pause: float = 0.0
    then: Literal["close", "reset", "stall"] = "close"


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Wire:
    """`routes` maps a path to its replies: each request takes the next, the last one stays. "PATH KEY" is for those
    requests at the path whose body has the key. An unknown path is 404."""

    routes: dict[str, list[Reply]]
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    client_left: asyncio.Event = field(default_factory=asyncio.Event)

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def _replies(self, request: Request) -> list[Reply]:
        keys = request.body if isinstance(request.body, dict) else ()
        special = (self.routes[name] for key in keys if (name := f"{request.path} {key}") in self.routes)
        return next(special, self.routes.get(request.path, [http(404, {"detail": "Not Found"})]))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await read_request(reader)
            self.requests.append(request)
            replies = self._replies(request)
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            step = reply.cut or len(reply.raw) or 1
            for start in range(0, len(reply.raw), step):
                writer.write(reply.raw[start : start + step])
                await writer.drain()
                await asyncio.sleep(reply.pause)
            if reply.then == "stall":
                await reader.read()
                self.client_left.set()
            elif reply.then == "reset":
                await asyncio.sleep(0.05)  # let the bytes through first: a reset overtakes them
                writer.transport.abort()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.client_left.set()
        finally:
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(first.split()[1], headers, json.loads(body) if body else None)


@asynccontextmanager
async def wire(routes: dict[str, Reply | list[Reply]]) -> AsyncIterator[Wire]:
    talk = Wire({path: [each] if isinstance(each, Reply) else list(each) for path, each in routes.items()})
    server = await asyncio.start_server(talk.answer, "127.0.0.1", 0)
    talk.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield talk
    finally:
        server.close()
        await server.wait_closed()


def captured(name: str, *, cut: int = 0, until: bytes | None = None, then: Any = "close") -> Reply:
    """What a real server answered; `until` breaks it off behind the first place where these bytes stand."""
    raw = (CAPTURES / f"{name}.http").read_bytes()
    if until is not None:
        raw = raw[: raw.index(until) + len(until)]
    return Reply(raw, cut, then=then)


def http(status: int, body: object = None, kind: str = "application/json") -> Reply:
    payload = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Status\r\nContent-Type: {kind}\r\nContent-Length: {len(payload)}\r\n"
    return Reply(head.encode() + b"Connection: close\r\n\r\n" + payload)


def sse(data: Iterable[object], *, done: bool = True, cut: int = 0, then: Any = "close") -> Reply:
    """An event stream whose end is the end of the connection. Strings go out as they are, the rest as JSON."""
    lines = [each if isinstance(each, str) else json.dumps(each) for each in data] + ["[DONE]"] * done
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
    return Reply((head + "".join(f"data: {line}\n\n" for line in lines)).encode(), cut, then=then)


def dripping(reply: Reply) -> Reply:
    """The same, so slowly that no wait for the whole of it ends, and never silent for long."""
    return Reply(reply.raw + b" " * 2000, 1, 0.05, reply.then)


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
