"""Replays of drafts: what is counted, and that better sources count more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from applyweb.core.cases import Case
from applyweb.serving.bench.drafts import SOURCES, WIDTHS, Lookup, Replay, accepted, replay_of, table

FILE = "".join(
    f"def function_{number}(value):\n    return value * {number} + {number % 7}\n\n\n" for number in range(60)
)
WANTED = FILE.replace("return value * 30 + 2", "total = value * 30\n    return total + 2")
CHAT = (
    "```python\n# ... existing code ...\ndef function_30(value):\n    total = value * 30\n    return total + 2\n"
    "# ... existing code ...\n```\n"
)


def encode(text: str) -> Sequence[int]:
    """Words, line ends and single other characters as tokens, the same in every run."""
    return [int.from_bytes(word.encode()[:6], "big") for word in re.findall(r"\w+|\n+| +|[^\w\s]", text)]


def case(output: str | None = None, expected: str | None = WANTED) -> Case:
    return Case("one", "lazy", FILE, CHAT, expected, "functions.py", "python", output)


def test_the_replayed_answer_is_the_models_where_it_is_told_and_else_the_wanted_one() -> None:
    wanted, written = replay_of(case(), encode), replay_of(case(output="x = 1\n"), encode)
    assert wanted is not None
    assert written is not None
    assert list(wanted.answer)[: len(encode(WANTED)) - 1] == list(encode(WANTED))[:-1]
    assert len(written.answer) < 20
    assert replay_of(case(expected=None), encode) is None


def test_a_right_merge_gives_whole_steps_and_more_than_any_other_source() -> None:
    replay = replay_of(case(), encode)
    assert replay is not None
    rows = {(row.source, row.width): row for row in accepted([replay])}
    assert set(rows) == {(source, width) for source in SOURCES for width in WIDTHS}
    for width in WIDTHS:
        best = rows["merge, then prompt", width]
        assert best.steps == -(-(len(replay.answer) - 1) // width)
        assert best.length == best.tokens / best.steps
        assert all(best.length >= rows[source, width].length for source in SOURCES)
    assert rows["merge, then prompt", 64].length > rows["original only", 64].length


def test_a_refused_merge_leaves_the_prompt_to_copy_from() -> None:
    replay = replay_of(Case("prose", "prose", FILE, "Just an explanation.", FILE, "f.py"), encode)
    assert replay is not None
    assert replay.merge == ()
    rows = {row.source: row for row in accepted([replay], widths=(32,))}
    assert rows["merge, then prompt"].length == rows["prompt, followed"].length > 10


def test_nothing_to_copy_is_one_token_a_step() -> None:
    replay = Replay("new", [1, 2, 3], [10, 11, 12, 13, 14], (), ())
    assert {row.length for row in accepted([replay], widths=(16,))} == {5 / 4}


def test_lookup_takes_the_longest_match() -> None:
    assert Lookup([1, 2, 9, 7, 1, 2, 3, 8, 1]).draft([2, 3], 1, 2).tolist() == [8, 1]
    assert Lookup([1, 2]).draft([9], 1, 2).tolist() == []


def test_the_table_has_a_row_a_source_and_a_column_a_width() -> None:
    replay = replay_of(case(), encode)
    assert replay is not None
    lines = table(list(accepted([replay], widths=(16, 32)))).splitlines()
    assert [line[:20].strip() for line in lines[2:]] == list(SOURCES)
    assert lines[0].split()[2:4] == ["K=16", "K=32"]
