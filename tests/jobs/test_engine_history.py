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


def test_a_file_that_was_written_between_two_looks_leaves_its_speed() -> None:
    def speeds(*figures: dict[str, float] | None) -> list[float | None]:
        history = History()
        samples = [history.add("a", Sample(2.0 * at, each)) for at, each in enumerate(figures)][-1]
        return [(sample.figures or {}).get("tokens_per_second") for sample in samples]

    idle = {"tokens_per_second": 0.0}
    assert speeds({**idle, "tokens_written": 100.0}, {**idle, "tokens_written": 500.0}) == [0.0, 200.0]
    assert speeds({**idle, "tokens_written": 100.0}, {"tokens_per_second": 812.0, "tokens_written": 500.0})[1] == 812.0
    assert speeds({**idle, "tokens_written": 500.0}, {**idle, "tokens_written": 100.0}) == [0.0, 0.0]  # started anew
    assert speeds(idle, {**idle, "tokens_written": 100.0}) == [0.0, 0.0]
    assert speeds(None, {**idle, "tokens_written": 100.0}) == [None, 0.0]


def test_what_is_older_than_the_window_is_forgotten_and_the_rest_is_bounded() -> None:
    history = History()
    for second in range(5000):
        kept = history.add("a", Sample(float(second), {}))
    assert kept[0].at >= 4999 - WINDOW
    assert len(kept) <= WINDOW + 1
    assert [sample.at for sample in history.add("a", Sample(9000.0, {}))] == [9000.0]
