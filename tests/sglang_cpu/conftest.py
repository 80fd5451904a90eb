"""One real server a kind for all tests that talk to one, as each takes half a minute to start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from .server import Kind, running_server


@dataclass(frozen=True)
class RealServer:
    kind: Kind
    url: str


@pytest.fixture(scope="session", params=["ngram", "eagle3"])
def sglang(request: pytest.FixtureRequest) -> Iterator[RealServer]:
    """A warm server. With `--dist loadgroup` all tests of one kind run in the same process of tests (`sharing.py`)."""
    with running_server(request.param) as url:
        yield RealServer(request.param, url)
