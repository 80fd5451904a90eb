"""One TLS context for all HTTP clients. Must not know: who asks whom."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def tls() -> ssl.SSLContext:
    """httpx's own, made once: reading the certificates takes some 16 ms, in which nothing else runs."""
    return httpx.create_ssl_context()
