"""A stand-in for an OpenAI-compatible model server, on loopback and in a thread: the test sets what it answers, and
what it was asked is kept. A site that runs as a process of its own talks to it as to any server.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[str], str]


def anew(old: str, new: str) -> Answer:
    """An answer that does what it is asked: the lines as proposed, with `new` in place of `old` in them."""

    def answer(prompt: str) -> str:
        proposed = block(prompt, "proposal")
        assert old in proposed, f"{old!r} is not in:\n{proposed}"
        return tagged(proposed.replace(old, new))

    return answer


def block(prompt: str, name: str) -> str:
    """What stands between the tags of that name, the last time that they occur."""
    return re.findall(rf"<{name}>\n(.*?)\n?</{name}>", prompt, re.DOTALL)[-1]


def tagged(text: str) -> str:
    return f"<updated-code>\n{text}\n</updated-code>"


@dataclass
class StandIn:
    """`answer` makes the whole reply of a prompt; it is streamed line by line. While `held` it stops behind half of the
    lines, until it is let go or the reader leaves. With `status` it refuses instead."""

    url: str = ""
    model: str = "stand-in"
    answer: Answer = field(default=lambda prompt: tagged(block(prompt, "proposal")))
    status: int = 200
    prompts: list[str] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.go.set()

    def hold(self) -> None:
        self.go.clear()

    def let_go(self) -> None:
        self.go.set()


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def do_GET(self) -> None:
        self._json(200, {"object": "list", "data": [{"id": self.stand_in.model, "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = body["messages"][-1]["content"]
        self.stand_in.prompts.append(prompt)
        if self.stand_in.status != 200:
            self._json(self.stand_in.status, {"error": {"message": "not today"}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            self._stream(self.stand_in.answer(prompt).splitlines(keepends=True))
        except ConnectionError:
            self.stand_in.left.set()

    def _stream(self, lines: list[str]) -> None:
        for number, line in enumerate(lines):
            while number == len(lines) // 2 and not self.stand_in.go.wait(0.05):
                self._event({"choices": [{"index": 0, "delta": {"content": ""}}]})  # fails where the reader has left
            self._event({"choices": [{"index": 0, "delta": {"content": line}}]})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, more: dict[str, Any]) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": self.stand_in.model, **more}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _json(self, status: int, body: dict[str, Any]) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *arguments: Any) -> None:
        return


@contextmanager
def model_stand_in() -> Iterator[StandIn]:
    """Runs while the block does."""
    stand_in = StandIn()
    handler = type("Handler", (_Handler,), {"stand_in": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.let_go()
        server.shutdown()
        server.server_close()
        thread.join()
