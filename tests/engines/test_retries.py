"""Trying again: only what may pass, only before anything was shown, and not for ever."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from applyweb.engines.base import Delta, EngineError, Event
from applyweb.engines.retries import with_retries
from applyweb.engines.settings import EngineSettings

SETTINGS = EngineSettings(retries=2, retry_delay=0.0)


class Attempts:
    """Each attempt yields and raises what its entry in the plan says."""

    def __init__(self, *plan: tuple[str, EngineError | None]) -> None:
        self.plan = list(plan)

    async def __call__(self) -> AsyncGenerator[Event, None]:
        text, error = self.plan.pop(0)
        if text:
            yield Delta(text)
        if error is not None:
            raise error


def passing() -> EngineError:
    return EngineError("not_ready", "still loading", retryable=True)


async def test_an_error_that_may_pass_is_tried_again() -> None:
    attempts = Attempts(("", passing()), ("", passing()), ("a", None))
    assert [event async for event in with_retries(attempts, SETTINGS)] == [Delta("a")]


@pytest.mark.parametrize(
    ("plan", "left"),
    [
        ([("", passing())] * 4, 1),  # three tries, no more
        ([("", EngineError("rejected", "no"))] * 2, 1),  # would be refused again
        ([("a", passing())] * 2, 1),  # would show "a" twice
    ],
)
async def test_other_errors_are_not(plan: list[tuple[str, EngineError | None]], left: int) -> None:
    attempts = Attempts(*plan)
    with pytest.raises(EngineError):
        async for _ in with_retries(attempts, SETTINGS):
            pass
    assert len(attempts.plan) == left
