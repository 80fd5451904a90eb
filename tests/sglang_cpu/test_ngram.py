"""SGLang's own NGRAM in the replays of `bench draft`: its real corpus, without a server."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from applyweb.serving.bench.drafts import Replay, accepted
from applyweb.serving.bench.ngram import accepted as by_ngram

from . import place

pytestmark = pytest.mark.sglang


def test_ngram_copies_what_the_answer_repeats_and_next_to_nothing_of_the_prompt(tmp_path: Path) -> None:
    once = list(range(100, 400))
    replays = [
        Replay("of the prompt", once, once, once, once),
        Replay("of the answer", [1, 2], [*range(500, 520)] * 20, (), ()),
    ]
    tokens = tmp_path / "tokens.jsonl"
    found = {}
    for replay in replays:
        tokens.write_text(json.dumps(asdict(replay)) + "\n")
        found[replay.id] = list(by_ngram(str(place.python(place.install_folder())), tokens, 1, (16, 64)))
    assert all(row.steps > 280 for row in found["of the prompt"])  # it keeps the last 18 tokens of the text
    assert all(2 < row.length <= row.width for row in found["of the answer"])
    merged = {row.width: row for row in accepted(replays[:1], (16, 64)) if row.source == "merge, then prompt"}
    assert [merged[width].steps for width in (16, 64)] == [19, 5]
