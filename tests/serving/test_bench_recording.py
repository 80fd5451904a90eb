"""Answers of a served model, recorded for `bench draft`: kept case by case, asked once, replayed beside NGRAM."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from applyweb.serving.bench import ngram
from tests.model_stand_in import StandIn, model_stand_in, tagged

FILE = "".join(f"value_{number} = {number}\n" for number in range(40))
CORPUS = """
import numpy as np
class NgramCorpus:
    def __init__(self, **options):
        self.width = options["draft_token_num"]
    def synchronize(self):
        pass
    def tree(self, last):
        return [last] + [0] * (self.width - 1), [-1] + [0] * (self.width - 1)
    def batch_get(self, names, tails, ends):
        tokens, parents = self.tree(tails[0][-1])
        mask = np.eye(self.width, dtype=np.int64)
        for place, parent in enumerate(parents[1:], 1):
            mask[place] |= mask[parent]
        return np.array(tokens, dtype=np.int64), mask.reshape(-1)
    def batch_put(self, texts):
        pass
    def erase_match_state(self, names):
        pass
"""


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with model_stand_in() as served:
        yield served


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    """Each character is a token."""
    made = Tokenizer(WordLevel({chr(code): code - 9 for code in range(9, 127)}, unk_token="~"))
    made.pre_tokenizer = Split("", "isolated")
    made.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "suite.jsonl"
    rows = [
        {"id": name, "path": "v.py", "original": FILE, "expected": FILE, "chat": f"```python\nvalue_3 = {name}\n```"}
        for name in ("33", "44")
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def replayed(tokenizer: Path, suite: Path, *more: str) -> dict[str, Any]:
    out = suite.with_name("out.json")
    call_command("bench", "draft", "--suite", str(suite), "--tokenizer", str(tokenizer), "--json", str(out), *more)
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def test_answers_are_asked_once_kept_at_once_and_replayed(
    stand_in: StandIn, tokenizer: Path, suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(prompt: str) -> str:
        if "value_3 = 44" in prompt:
            return "I cannot."
        return tagged(FILE.replace("value_3 = 3\n", "value_3 = 33\n").rstrip("\n"))

    stand_in.answer = answer
    replays = suite.with_name("replays.jsonl")
    record = ("--record", f"openai@{stand_in.url}", "--replays", str(replays))
    (first, *_) = replayed(tokenizer, suite, *record)["rows"]
    assert "44: bad_reply: " in capsys.readouterr().err
    (kept,) = [json.loads(line) for line in replays.read_text().splitlines()]
    assert (kept["id"], kept["output"]) == ("33", FILE.replace("value_3 = 3\n", "value_3 = 33\n"))
    assert (first["cases"], len(stand_in.prompts)) == (1, 2)

    stand_in.answer = lambda prompt: tagged(FILE.rstrip("\n"))
    (again, *_) = replayed(tokenizer, suite, *record)["rows"]
    assert (again["cases"], len(stand_in.prompts)) == (2, 3)  # only what was missing
    assert "value_3 = 44" in stand_in.prompts[-1]
    replayed(tokenizer, replays)
    assert len(stand_in.prompts) == 3


@pytest.mark.parametrize("key", ["original", "chat", "path"])
def test_answers_of_other_cases_with_the_same_ids_are_refused(
    stand_in: StandIn, tokenizer: Path, suite: Path, key: str
) -> None:
    stand_in.answer = lambda prompt: tagged(FILE.rstrip("\n"))
    replays = suite.with_name("replays.jsonl")
    record = ("--record", f"openai@{stand_in.url}", "--replays", str(replays))
    replayed(tokenizer, suite, *record, "--limit", "1")
    replayed(tokenizer, suite, *record)
    assert len(stand_in.prompts) == 2
    before = replays.read_text()
    rows = [json.loads(line) for line in suite.read_text().splitlines()]
    rows[1][key] += ".ts" if key == "path" else "\n```python\nvalue_7 = 8\n```\n"
    suite.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    why = r"replays\.jsonl has a case 44 with another original, chat or path than this suite's\. Name another file\."
    with pytest.raises(CommandError, match=why) as caught:
        replayed(tokenizer, suite, *record, "--limit", "1")
    assert (caught.value.returncode, len(stand_in.prompts), replays.read_text()) == (2, 2, before)


def test_answers_of_another_model_or_engine_are_refused(stand_in: StandIn, tokenizer: Path, suite: Path) -> None:
    stand_in.answer = lambda prompt: tagged(FILE.rstrip("\n"))
    replays = suite.with_name("replays.jsonl")
    record = ("--record", f"openai@{stand_in.url}", "--replays", str(replays))
    replayed(tokenizer, suite, *record)
    kept = [json.loads(line)["recorded"] for line in replays.read_text().splitlines()]
    assert [(each["engine"], each["model"], len(each["asked"])) for each in kept] == [("openai", "stand-in", 64)] * 2
    stand_in.model = "another"
    why = "has answers of stand-in by the engine openai, and this is another by the engine openai. Name another file."
    with pytest.raises(CommandError, match=re.escape(why)) as caught:
        replayed(tokenizer, suite, *record)
    assert (caught.value.returncode, len(stand_in.prompts)) == (2, 2)
    stand_in.model = "stand-in"
    replays.write_text(replays.read_text().replace('"engine": "openai"', '"engine": "sglang"'))
    with pytest.raises(CommandError, match="has answers of stand-in by the engine sglang, and this"):
        replayed(tokenizer, suite, *record)


def test_a_suite_with_outputs_is_no_recording(stand_in: StandIn, tokenizer: Path, suite: Path) -> None:
    replays = suite.with_name("replays.jsonl")
    row = json.loads(suite.read_text().splitlines()[0])
    replays.write_text(json.dumps({**row, "output": FILE}) + "\n")
    with pytest.raises(CommandError, match=r"its case 33 is no recorded answer\. Name another file"):
        replayed(tokenizer, suite, "--record", f"openai@{stand_in.url}", "--replays", str(replays))


def test_cases_with_the_same_id_in_one_suite_have_an_answer_each(
    stand_in: StandIn, tokenizer: Path, suite: Path
) -> None:
    suite.write_text(suite.read_text().replace('"id": "44"', '"id": "33"'))
    stand_in.answer = lambda prompt: tagged("x = 44" if "value_3 = 44" in prompt else "x = 33")
    replays = suite.with_name("replays.jsonl")
    replayed(tokenizer, suite, "--record", f"openai@{stand_in.url}", "--replays", str(replays))
    kept = [json.loads(line) for line in replays.read_text().splitlines()]
    assert [(row["id"], row["output"]) for row in kept] == [("33", "x = 33\n"), ("33", "x = 44\n")]


@pytest.mark.parametrize("engine", ["embedded", "auto"])
def test_where_no_language_model_writes_nothing_is_recorded(
    stand_in: StandIn, tokenizer: Path, suite: Path, engine: str
) -> None:
    replays = suite.with_name("replays.jsonl")
    word = "embedded" if engine == "embedded" else f"auto@{stand_in.url}"
    with pytest.raises(CommandError, match=f"engine '{engine}' no language model writes.* Name sglang@URL") as caught:
        replayed(tokenizer, suite, "--record", word, "--replays", str(replays))
    assert (caught.value.returncode, replays.exists()) == (2, False)


def test_a_server_that_does_not_answer_is_told_before_anything_is_asked(tokenizer: Path, suite: Path) -> None:
    record = ("--record", "openai@http://127.0.0.1:9/v1", "--replays", str(suite.with_name("replays.jsonl")))
    with pytest.raises(CommandError, match=r"Which model would write the answers is not known\. The model server at"):
        replayed(tokenizer, suite, *record)


def test_where_the_model_did_nothing_nothing_is_measured(stand_in: StandIn, tokenizer: Path, suite: Path) -> None:
    stand_in.status = 400
    with pytest.raises(CommandError, match="did none of the cases") as caught:
        replayed(tokenizer, suite, "--record", f"openai@{stand_in.url}", "--replays", str(suite.with_name("r.jsonl")))
    assert caught.value.returncode == 2
    with pytest.raises(CommandError, match="needs --replays"):
        replayed(tokenizer, suite, "--record", f"openai@{stand_in.url}")


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that stands for SGLang's corpus; the real one is in tests/sglang_cpu."""
    package = tmp_path / "path" / "sglang" / "srt" / "speculative" / "cpp_ngram"
    package.mkdir(parents=True)
    file = package / "ngram_corpus.py"
    file.write_text(CORPUS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    return file


@pytest.mark.usefixtures("corpus")
def test_ngram_has_rows_by_the_python_that_has_it(
    tokenizer: Path, suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A corpus that knows nothing gives one token a step."""
    rows = replayed(tokenizer, suite, "--ngram", sys.executable)["rows"]
    ngram = [row for row in rows if row["source"].startswith("SGLang's NGRAM")]
    widths = [12, 16, 32, 64, 128]
    assert [(row["source"], row["width"]) for row in ngram] == [
        (f"SGLang's NGRAM, breadth {breadth}", width) for breadth in (1, 8) for width in widths
    ]
    assert [(row["steps"], row["cases"]) for row in ngram] == [(ngram[0]["tokens"] - 2, 2)] * 10
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("SGLang's NGRAM")]
    assert [line.split()[2:10] for line in told] == [["breadth", breadth, *["1.0"] * 5, "-"] for breadth in ("1", "8")]


def test_ngrams_tree_is_walked_by_its_mask(tmp_path: Path, corpus: Path) -> None:
    """Of two branches the second is right, for two tokens; the third right one is on the wrong branch."""
    tree = "        return [last, 900, last + 1, 901, last + 2, last + 3], [-1, 0, 0, 1, 2, 3]\n"
    corpus.write_text(f"{CORPUS}\nclass NgramCorpus(NgramCorpus):\n    def tree(self, last):\n{tree}")
    tokens = tmp_path / "tokens.jsonl"
    tokens.write_text(json.dumps({"id": "1", "prompt": [1], "answer": list(range(2, 33))}) + "\n")
    (row,) = ngram.accepted(sys.executable, tokens, 1, (8,), (6,))
    assert (row.source, row.tokens, row.steps) == ("SGLang's NGRAM, breadth 8", 31, 10)  # 1 with the prompt, 10 times 3


@pytest.mark.parametrize("python", ["none-such", "false"])
def test_a_python_without_sglang_is_said_so(tokenizer: Path, suite: Path, python: str) -> None:
    with pytest.raises(CommandError, match=f"{python} (cannot be run|ended with 1)") as caught:
        replayed(tokenizer, suite, "--ngram", python)
    assert caught.value.returncode == 2


def test_who_stops_reading_ends_the_replay(tmp_path: Path, corpus: Path) -> None:
    late = tmp_path / "late"
    slow = "\nimport pathlib, time\nclass NgramCorpus(NgramCorpus):\n    def synchronize(self):\n"
    slow += (
        f"        if self.width == 32:\n            time.sleep(20)\n            pathlib.Path({str(late)!r}).touch()\n"
    )
    corpus.write_text(CORPUS + slow)
    tokens = tmp_path / "tokens.jsonl"
    tokens.write_text(json.dumps({"id": "1", "prompt": [1], "answer": [2, 3]}) + "\n")
    rows = ngram.accepted(sys.executable, tokens, 1, (1,), (16, 32))
    assert next(rows).width == 16
    rows.close()
    assert not late.exists()
