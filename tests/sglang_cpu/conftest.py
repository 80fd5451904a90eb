"""One real server a kind for all tests that talk to one, as each takes a minute to start."""

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
    """A warm server. pytest runs all tests of one kind before it starts the other, so there is one at a time."""
    with running_server(request.param) as url:
        yield RealServer(request.param, url)
