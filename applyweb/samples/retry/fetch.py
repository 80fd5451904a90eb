"""Fetch release files from a mirror, with a small disk cache."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

log = logging.getLogger(__name__)

RETRYABLE = {429, 500, 502, 503, 504}


class FetchError(Exception):
    """A file could not be fetched."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often, and how long apart, a request is tried again."""

    attempts: int = 4
    base: float = 0.5
    cap: float = 8.0

    def delay(self, attempt: int) -> float:
        """Seconds to wait before attempt number `attempt`."""
        return min(self.cap, self.base * 2**attempt)


@dataclass
class Stats:
    hits: int = 0
    misses: int = 0
    sources: dict[str, int] = field(default_factory=dict)


class Cache:
    """Bodies on disk, named by the hash of their address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, url: str) -> bytes | None:
        path = self._path(url)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def put(self, url: str, body: bytes) -> None:
        path = self._path(url)
        part = path.with_suffix(".part")
        part.write_bytes(body)
        os.replace(part, path)

    def clear(self) -> int:
        """Removes every body; returns how many there were."""
        count = 0
        for path in self.folder.iterdir():
            path.unlink()
            count += 1
        return count

    def _path(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode()).hexdigest()


class Fetcher:
    """Fetches addresses through the cache."""

    def __init__(
        self,
        cache: Cache,
        policy: RetryPolicy | None = None,
        agent: str = "harbor/2.4",
    ) -> None:
        self.cache = cache
        self.policy = policy or RetryPolicy()
        self.agent = agent
        self.stats = Stats()

    def get(self, url: str) -> bytes:
        """The body of `url`, from the cache or the mirror. Errors: FetchError."""
        cached = self.cache.get(url)
        if cached is not None:
            self.stats.hits += 1
            return cached
        self.stats.misses += 1
        for attempt in range(self.policy.attempts):
            try:
                body = self._once(url)
                break
            except HTTPError as err:
                if err.code not in RETRYABLE:
                    raise FetchError(url, str(err)) from err
            except URLError as err:
                log.debug("%s: %s", url, err.reason)
            time.sleep(self.policy.delay(attempt))
        else:
            raise FetchError(url, "too many attempts")
        self.cache.put(url, body)
        return body

    def _once(self, url: str) -> bytes:
        """One request, no second try."""
        request = Request(url, headers={"User-Agent": self.agent})
        with urlopen(request, timeout=30) as response:
            return response.read()


def report(stats: Stats) -> str:
    """A line for the log at the end of a run."""
    return json.dumps({"hits": stats.hits, "misses": stats.misses})
