"""`python -m tests.sglang_cpu.capture KIND…`: record what a real server answers, byte for byte, for the replays in
`tests/engines/captures`.

To be run by hand when SGLang's version changes. Must not know: engines; the prompts here only serve to make a small
model write something that looks like an answer.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .server import CONTEXT_LENGTH, Kind, running_server

FOLDER = Path(__file__).resolve().parents[1] / "engines" / "captures"
FILE = 'def greet(name):\n    """Say hello – politely."""\n    return f"Good day, {name}!"'
ANSWER = f"<updated-code>\n{FILE}\n</updated-code>"
COPY = f"{ANSWER}\n\n{ANSWER}\n\n<updated-code>\n"
STOP = {"temperature": 0, "max_new_tokens": 80, "stop": ["</updated-code>"], "no_stop_trim": True}


def main(kinds: list[Kind]) -> None:
    for kind in kinds:
        with running_server(kind) as url:
            record(url, f"{kind}_stop", "/generate", generate(COPY, STOP))
            if kind == "plain":
                record_plain(url)


def record_plain(url: str) -> None:
    """What does not depend on speculation."""
    record(url, "models", "/v1/models", None)
    turns = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "<updated-code>\n"}]
    record(url, "tokenize", "/tokenize", {"messages": turns, "continue_final_message": True})
    record(url, "length", "/generate", generate(COPY, STOP | {"max_new_tokens": 8}))
    record(url, "too_long", "/generate", generate("word " * 2 * CONTEXT_LENGTH, STOP))
    abort = threading.Thread(target=abort_soon, args=(url, "captured"))
    abort.start()
    record(url, "aborted", "/generate", generate("Once upon a time", {"temperature": 0, "max_new_tokens": 200}))
    abort.join()
    record_chat(url)


def record_chat(url: str) -> None:
    ask = f"Repeat this text exactly, and write nothing else:\n\n{ANSWER}"
    record(url, "chat_without_tags", "/v1/chat/completions", chat(ask, 100))
    record(url, "chat_length", "/v1/chat/completions", chat(ask, 12))
    record(url, "chat_too_long", "/v1/chat/completions", chat("word " * 2 * CONTEXT_LENGTH, 12))
    record(url, "chat_stop", "/v1/chat/completions", again(ANSWER))
    record(url, "chat_rambling", "/v1/chat/completions", again(f"{ANSWER}\n\nI hope that this helps you."))


def again(answer: str) -> dict[str, Any]:
    """A conversation so monotonous that even a small model goes on with it."""
    turns = [{"role": "user", "content": "Write it."}, {"role": "assistant", "content": answer}]
    return chat("", 60) | {"messages": [*turns * 3, turns[0]]}


def generate(text: str, sampling: dict[str, Any]) -> dict[str, Any]:
    return {"rid": "captured", "text": text, "sampling_params": sampling, "stream": True}


def chat(text: str, limit: int) -> dict[str, Any]:
    return {
        "model": "smollm2-135m-instruct",
        "messages": [{"role": "user", "content": text}],
        "temperature": 0,
        "max_tokens": limit,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def abort_soon(url: str, rid: str) -> None:
    time.sleep(3)
    body = json.dumps({"rid": rid}).encode()
    request = urllib.request.Request(f"{url}/abort_request", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=20).close()


def record(url: str, name: str, path: str, body: dict[str, Any] | None) -> None:
    """The whole reply to one request as it stands on the wire: status line, headers, chunk sizes and all."""
    place = urlsplit(url)
    payload = b"" if body is None else json.dumps(body).encode()
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
    reply = bytearray()
    with socket.create_connection((place.hostname, place.port), timeout=120) as wire:
        wire.sendall(head.encode() + payload)
        while part := wire.recv(65536):
            reply += part
    (FOLDER / f"{name}.http").write_bytes(reply)
    sys.stderr.write(f"{name}: {len(reply)} bytes\n")


if __name__ == "__main__":
    main([kind for kind in ("plain", "ngram", "eagle3") if kind in sys.argv[1:]])
