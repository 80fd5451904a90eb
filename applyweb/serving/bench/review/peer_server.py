"""Serves the peers' pages, their bundles and the texts on a loopback address.

Must not know: what the pages do.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from applyweb.serving.bench.review.cases import Case
from applyweb.serving.bench.review.peers import SOURCES
from applyweb.serving.bench.review.tools import PEER_NAMES

_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", "": "text/html"}
Files = Mapping[str, bytes]


@contextmanager
def peer_pages(bundles: Path, cases: Sequence[Case]) -> Iterator[str]:
    """The address under which `/NAME#CASE` shows a case in a peer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(_files(bundles, cases)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _files(bundles: Path, cases: Sequence[Case]) -> Files:
    page = (SOURCES / "page.html").read_text(encoding="utf-8")
    files = {f"/{path.name}": path.read_bytes() for path in bundles.iterdir()}
    files |= {f"/{name}": page.replace("{name}", name).encode() for name in PEER_NAMES}
    files |= {f"/texts/{case.name}.json": json.dumps(case.texts).encode() for case in cases}
    return files


def _handler(files: Files) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = files.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", f"{_TYPES[Path(self.path).suffix]}; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            # As the site's own files: kept by the browser for good. A page itself is asked for each time.
            kept = Path(self.path).suffix in (".js", ".css")
            self.send_header("Cache-Control", "max-age=31536000, immutable" if kept else "no-cache")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *arguments: object) -> None:
            """Requests are no news."""

    return Handler
