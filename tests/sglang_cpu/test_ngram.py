"""SGLang's own NGRAM in the replays of `bench draft`: its real corpus, without a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from applyweb.serving.bench.drafts import Accepted, Replay, accepted
from applyweb.serving.bench.ngram import accepted as by_ngram

from . import place

pytestmark = pytest.mark.sglang


def replayed(tmp_path: Path, replay: Replay, breadths: Sequence[int], widths: Sequence[int]) -> list[Accepted]:
    tokens = tmp_path / "tokens.jsonl"
    tokens.write_text(json.dumps(asdict(replay)) + "\n")
    return list(by_ngram(str(place.python(place.install_folder())), tokens, 1, breadths, widths))


def test_ngram_copies_what_the_answer_repeats_and_next_to_nothing_of_the_prompt(tmp_path: Path) -> None:
    once = list(range(100, 400))
    replay = Replay("of the prompt", once, once, once, once)
    again = Replay("of the answer", [1, 2], [*range(500, 520)] * 20, (), ())
    assert all(row.steps > 280 for row in replayed(tmp_path, replay, (1, 8), (16, 64)))  # it keeps the text's last 18
    assert [row.steps for row in replayed(tmp_path, again, (1, 8), (16, 64))] == [48, 46, 48, 46]
    merged = {row.width: row for row in accepted([replay], (16, 64)) if row.source == "merge, then prompt"}
    assert [merged[width].steps for width in (16, 64)] == [19, 5]


@pytest.mark.parametrize(("wanted", "steps"), [([5, 6, 7, 8], [3, 2]), ([9, 10, 11, 12], [3, 3])])
def test_its_tree_is_walked_also_where_the_second_branch_is_the_right_one(
    tmp_path: Path, wanted: list[int], steps: list[int]
) -> None:
    """Behind `1 3` the corpus knows 5 by both tokens and 9 by the 3 alone: two branches, at breadth 1 too. Of the steps
    the first gives 1, about which nothing is known. At breadth 1 the second gives 3, since 40 came last behind 1, and
    the third one whole branch; at breadth 8 the second gives 3 and the 5 to 8 that came with it."""
    prompt = [1, 3, 5, 6, 7, 8, 2, 3, 9, 10, 11, 12, 1, 40]
    replay = Replay("branches", prompt, [100, 1, 3, *wanted], (), ())
    assert [row.steps for row in replayed(tmp_path, replay, (1, 8), (32,))] == steps
