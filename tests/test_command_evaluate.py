"""`manage.py evaluate` over a small suite of both kinds of rows."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from applyweb.core.metrics import METRICS
from applyweb.management.commands.evaluate import Command

ROWS: list[dict[str, object]] = [
    {
        "id": "right",
        "path": "a.py",
        "format": "function",
        "original": "def f():\n    return 1\n",
        "chat": "```python\ndef f():\n    return 2\n```",
        "expected": "def f():\n    return 2\n",
    },
    {
        "id": "wrong",
        "path": "a.py",
        "format": "function",
        "original": "def f():\n    return 1\n",
        "chat": "```python\ndef f():\n    return 2\n```",
        "expected": "def f():\n    return 3\n",
    },
    {
        "id": "must-refuse",
        "filename": "a.txt",
        "format": "search_replace",
        "original": "one\n",
        "snippet": "<<<<<<< SEARCH\nseven\n=======\n7\n>>>>>>> REPLACE",
        "expected": None,
        "error": True,
    },
    {
        "id": "refused",
        "filename": "a.txt",
        "format": "search_replace",
        "original": "one\n",
        "snippet": "<<<<<<< SEARCH\nseven\n=======\n7\n>>>>>>> REPLACE",
        "expected": "7\n",
    },
    {"id": "several", "original": "", "snippet": "", "expected": "", "input_files": {"a": "", "b": ""}},
]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "suite.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("workers", ["1", "2"])
def test_report(suite: Path, tmp_path: Path, workers: str) -> None:
    out, table = tmp_path / "out.json", StringIO()
    call_command("evaluate", str(suite), "--json", str(out), "--workers", workers, stdout=table)
    report = json.loads(out.read_text())
    results, rates = report.pop("results"), report.pop("rates")
    assert report.pop("p50_ms") <= report.pop("p95_ms")
    assert report.pop("metrics")["right_rate"]["value"] == pytest.approx(1 / 3)
    assert len(report.pop("suite_hash")) == 16
    assert report == {
        "version": 2,
        "gates": [],
        "suite": "suite.jsonl",
        "engine": "embedded",
        "cases": 4,
        "exact": 1,
        "equivalent": 0,
        "silent_wrong": 1,
        "flagged": 2,
        "extra_lines": 1,
        "missing_lines": 3,
        "syntax_broken": 0,
        "left_out": 1,
        "must_refuse": {"cases": 1, "refused": 1, "unsure": 0, "certain": 0},
    }
    assert {
        name: (rates["all"][name]["count"], rates["all"][name]["of"]) for name in ("right", "silent_wrong", "flagged")
    } == {
        "right": (1, 3),
        "silent_wrong": (1, 4),
        "flagged": (1, 3),
    }
    assert list(rates["format"]) == ["function", "search_replace"]
    assert rates["style"] == {}
    assert [(row["id"], row["outcome"], row["confidence"]) for row in results] == [
        ("right", "exact", "certain"),
        ("wrong", "silent_wrong", "certain"),
        ("must-refuse", "flagged", "refused"),
        ("refused", "flagged", "refused"),
    ]
    assert set(results[0]) == {
        *("id", "case", "answered", "format", "style", "outcome", "confidence", "extra_lines", "missing_lines"),
        *("syntax_broken", "failure", "ms", "found"),
    }
    assert [line.split()[:2] for line in table.getvalue().splitlines()[1:4]] == [
        ["function", "2"],
        ["search_replace", "2"],
        ["all", "4"],
    ]


def test_rates_by_style_of_a_folder_without_what_notes_call_debatable(tmp_path: Path) -> None:
    folder, out, table = tmp_path / "cases", tmp_path / "out.json", StringIO()
    folder.mkdir()
    doubtful = ROWS[1] | {"id": "policy", "notes": "A choice of Policy."}
    (folder / "one.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (ROWS[0], doubtful)))
    (folder / "two.jsonl").write_text(json.dumps(ROWS[1] | {"style": "own"}) + "\n" + json.dumps(ROWS[2]) + "\n")
    call_command("evaluate", str(folder), "--leave-out", "policy|ambiguous", "--json", str(out), stdout=table)
    report = json.loads(out.read_text())
    assert (report["cases"], report["left_out"]) == (3, 1)
    assert {name: rate["cases"] for name, rate in report["rates"]["style"].items()} == {"one": 1, "own": 1, "two": 1}
    assert report["rates"]["style"]["one"]["right"]["high"] == 1.0
    rates = [line.split() for line in table.getvalue().splitlines()]
    assert ["own", "1", "0.0%", "[0.0%,", "79.3%]", "100.0%", "[20.7%,", "100.0%]", "0.0%", "[0.0%,", "79.3%]"] in rates
    assert "must refuse 1: refused 1, unsure 0, certain 0" in table.getvalue()


def test_limit(suite: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    call_command("evaluate", str(suite), "--json", str(out), "--limit", "1", stdout=StringIO())
    assert [row["id"] for row in json.loads(out.read_text())["results"]] == ["right"]


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "line 1"), ("[]", "not a JSON object"), ('{"original": ""}', "neither a chat nor a snippet")],
)
def test_a_bad_suite_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    with pytest.raises(CommandError, match=message):
        call_command("evaluate", str(path), stdout=StringIO())


def test_a_missing_suite_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("evaluate", str(tmp_path / "none.jsonl"), stdout=StringIO())


@pytest.mark.parametrize(
    ("content", "message"),
    [("\n", "suite.jsonl holds no case to run.$"), ('{"chat": ""}\n', r"holds no case to run \(1 left out\)\.$")],
)
def test_a_suite_without_a_case_is_an_error(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text(content)
    with pytest.raises(CommandError, match=message) as caught:
        call_command("evaluate", str(path), stdout=StringIO())
    assert caught.value.returncode == 1


def test_help_tells_the_keys_and_the_columns() -> None:
    lines = Command().create_parser("manage.py", "evaluate").format_help().splitlines()
    told = [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]
    keys = ["id", "path", "language", "format", "original", "chat", "expected", "output", "error", "style", "notes"]
    columns = ["cases", "exact", "equivalent", "silent_wrong", "flagged", "extra_lines", "missing_lines"]
    assert told[-18 - len(METRICS) :] == [*keys, *columns, *METRICS]


def test_recorded_outputs_are_judged_without_an_engine(tmp_path: Path) -> None:
    good = ROWS[0] | {"id": "good", "output": "def f():\n    return 2\n"}
    bad = ROWS[0] | {"id": "bad", "output": "import os\ndef f():\n    return 2\n"}
    lost = ROWS[0] | {"id": "lost", "output": "def f():\n    return 1\n"}
    suite, report = tmp_path / "suite.jsonl", tmp_path / "report.json"
    suite.write_text("".join(json.dumps(row) + "\n" for row in (good, bad, lost)))
    call_command("evaluate", str(suite), "--engine", "recorded", "--json", str(report), stdout=StringIO())
    results = {row["id"]: row for row in json.loads(report.read_text())["results"]}
    assert (results["good"]["outcome"], results["good"]["confidence"]) == ("exact", "certain")
    assert (results["bad"]["outcome"], results["bad"]["found"]) == ("flagged", ["extra_change"])
    assert results["lost"]["outcome"] == "flagged"
    assert "missing_change" in results["lost"]["found"]


def test_recorded_needs_outputs(tmp_path: Path) -> None:
    suite = tmp_path / "suite.jsonl"
    suite.write_text(json.dumps(ROWS[0]) + "\n")
    with pytest.raises(CommandError, match="no output for 1"):
        call_command("evaluate", str(suite), "--engine", "recorded")


def test_the_judge_is_measured_on_spoiled_outputs(tmp_path: Path) -> None:
    suite, report, out = tmp_path / "suite.jsonl", tmp_path / "report.json", StringIO()
    suite.write_text(json.dumps(ROWS[0]) + "\n")
    call_command("evaluate", str(suite), "--spoil", "none", "--spoil", "fence", "--json", str(report), stdout=out)
    told = json.loads(report.read_text())["spoiled"]
    assert (told["none"]["cases"], told["none"]["found"]) == (1, 0)
    assert (told["fence"]["cases"], told["fence"]["found"]) == (1, 1)
    assert told["fence"]["codes"]["fence_leak"] == 1
    assert "fence" in out.getvalue()


def test_what_came_out_and_what_was_flagged_are_kept_as_suites(suite: Path, tmp_path: Path) -> None:
    outputs, flagged = tmp_path / "outputs.jsonl", tmp_path / "flagged.jsonl"
    call_command("evaluate", str(suite), keep_outputs=str(outputs), keep_flagged=str(flagged), stdout=StringIO())

    kept = [json.loads(line) for line in outputs.read_text().splitlines()]
    assert [(row["id"], row["output"]) for row in kept] == [
        ("right", "def f():\n    return 2\n"),
        ("wrong", "def f():\n    return 2\n"),
    ]
    assert [json.loads(line)["id"] for line in flagged.read_text().splitlines()] == ["must-refuse", "refused"]
    again = StringIO()
    call_command("evaluate", str(outputs), engine=["recorded"], stdout=again)
    assert "silent_wrong" in again.getvalue()


def test_only_cases_of_a_size_are_run(suite: Path) -> None:
    longest = max(len(str(row["original"])) + len(str(row["snippet"])) for row in ROWS[2:4])
    out = StringIO()
    call_command("evaluate", str(suite), up_to=longest, stdout=out)
    assert "search_replace" in out.getvalue()
    assert "function" not in out.getvalue()


def test_a_case_that_takes_too_long_is_stopped_named_and_counted_as_refused(
    suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPLYWEB_MERGE_TIMEOUT", "0")
    out = tmp_path / "report.json"
    with pytest.raises(CommandError, match="counted as refused: right") as caught:
        call_command("evaluate", str(suite), limit=1, json=str(out), stdout=StringIO())
    assert caught.value.returncode == 3
    assert json.loads(out.read_text())["results"][0]["confidence"] == "refused"
