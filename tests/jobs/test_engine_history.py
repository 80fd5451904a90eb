"""What is kept of an engine's figures: bounded, not doubled, the old forgotten."""

from __future__ import annotations

from applyweb.jobs.engine_history import WINDOW, History, Sample


def test_samples_come_back_in_order_each_engine_by_itself() -> None:
    history = History()
    history.add("a", Sample(1.0, {"running": 1}))
    history.add("b", Sample(1.0, None))
    assert history.add("a", Sample(3.0, None)) == (Sample(1.0, {"running": 1}), Sample(3.0, None))


def test_two_viewers_leave_one_sample() -> None:
    history = History()
    history.add("a", Sample(1.0, {"running": 1}))
    assert len(history.add("a", Sample(1.9, {"running": 2}))) == 1
    assert len(history.add("a", Sample(2.0, {"running": 2}))) == 2


def test_what_is_older_than_the_window_is_forgotten_and_the_rest_is_bounded() -> None:
    history = History()
    for second in range(5000):
        kept = history.add("a", Sample(float(second), {}))
    assert kept[0].at >= 4999 - WINDOW
    assert len(kept) <= WINDOW + 1
    assert [sample.at for sample in history.add("a", Sample(9000.0, {}))] == [9000.0]
