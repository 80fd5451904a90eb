"""`manage.py evaluate --journal`: killed in the middle, a run goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from applyweb.core.cases import Case
from applyweb.management import evaluating
from applyweb.management.rates import Result
from applyweb.management.run_cases import run_cases
from tests.conftest import PATIENCE, ROOT, end_with_us
from tests.test_command_evaluate_gates import rows


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "suite.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows({0, 1}, 12)))
    return path


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the cases that were really run."""
    names: list[str] = []

    def counted(engine: str, cases: Sequence[Case], workers: int) -> Iterator[Result]:
        for result in run_cases(engine, cases, workers):
            names.append(result.case.id)
            yield result

    monkeypatch.setattr(evaluating, "run_cases", counted)
    return names


def evaluate(suite: Path, *arguments: str) -> dict[str, Any]:
    report = suite.with_name("report.json")
    call_command("evaluate", str(suite), *arguments, "--json", str(report), stdout=StringIO())
    told: dict[str, Any] = json.loads(report.read_text())
    return told


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    rows = [{key: value for key, value in row.items() if key != "ms"} for row in report["results"]]
    metrics = {name: value for name, value in report["metrics"].items() if not name.endswith("_ms")}
    return {**report, "results": rows, "metrics": metrics, "p50_ms": 0, "p95_ms": 0}


def test_a_run_goes_on_where_it_was_cut_off_even_within_a_line(suite: Path, tmp_path: Path, ran: list[str]) -> None:
    journal = tmp_path / "run.jsonl"
    whole = evaluate(suite, "--engine", "recorded", "--journal", str(journal))
    lines = journal.read_text().splitlines(keepends=True)
    assert len(lines) == 13
    journal.write_text("".join(lines[:5]) + lines[5][:30])
    ran.clear()

    resumed = evaluate(suite, "--engine", "recorded", "--journal", str(journal), "--resume")
    assert ran == [f"case-{number}" for number in range(4, 12)]
    assert without_times(resumed) == without_times(whole)
    assert resumed["results"][0]["ms"] == whole["results"][0]["ms"]

    ran.clear()
    evaluate(suite, "--engine", "recorded", "--journal", str(journal), "--resume")
    assert ran == []


def test_a_killed_process_goes_on(suite: Path, tmp_path: Path, ran: list[str]) -> None:
    journal, cases = tmp_path / "run.jsonl", 300
    suite.write_text("".join(json.dumps(row) + "\n" for row in rows(set(), cases)))
    command = [sys.executable, "manage.py", "evaluate", str(suite), "--journal", str(journal)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=end_with_us
    )
    end = time.monotonic() + PATIENCE
    while not journal.exists() or journal.read_bytes().count(b"\n") < 3:
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(PATIENCE) == -signal.SIGKILL
    kept = journal.read_bytes().count(b"\n") - 1

    report = evaluate(suite, "--journal", str(journal), "--resume")
    assert 0 < kept < cases
    assert len(ran) == cases - kept
    assert [row["outcome"] for row in report["results"]] == ["exact"] * cases


def test_every_case_is_kept_before_the_next_one_runs(
    suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, lines = tmp_path / "run.jsonl", []

    def watched(engine: str, cases: Sequence[Case], workers: int) -> Iterator[Result]:
        for result in run_cases(engine, cases, workers):
            lines.append(journal.read_bytes().count(b"\n"))
            yield result

    monkeypatch.setattr(evaluating, "run_cases", watched)
    evaluate(suite, "--engine", "recorded", "--journal", str(journal))
    assert lines == list(range(1, 13))


def test_failures_of_the_engine_are_run_again_on_request(
    suite: Path, tmp_path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = tmp_path / "run.jsonl"
    monkeypatch.setenv("APPLYWEB_OPENAI_URL", "")
    first = evaluate(suite, "--engine", "openai", "--engine", "embedded", "--limit", "3", "--journal", str(journal))
    assert [row["failure"] for row in first["runs"][0]["results"]] == ["not_configured"] * 3
    assert [row["failure"] for row in first["runs"][1]["results"]] == [""] * 3
    ran.clear()
    engines = ("--engine", "openai", "--engine", "embedded", "--limit", "3", "--journal", str(journal), "--resume")
    evaluate(suite, *engines)
    assert ran == []
    evaluate(suite, *engines, "--retry")
    assert ran == ["case-0", "case-1", "case-2"]


def test_a_case_that_was_edited_is_run_again(suite: Path, tmp_path: Path, ran: list[str]) -> None:
    journal = tmp_path / "run.jsonl"
    evaluate(suite, "--engine", "recorded", "--journal", str(journal))
    edited = rows({0, 1}, 12)
    edited[3]["chat"] += "\nDone."
    suite.write_text("".join(json.dumps(row) + "\n" for row in edited))
    ran.clear()
    evaluate(suite, "--engine", "recorded", "--journal", str(journal), "--resume")
    assert ran == ["case-3"]


def refused(suite: Path, *arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        evaluate(suite, *arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_a_journal_is_never_overwritten_or_mixed(suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = tmp_path / "run.jsonl"
    evaluate(suite, "--limit", "1", "--journal", str(journal))
    kept = journal.read_text()
    assert "--resume" in refused(suite, "--journal", str(journal))
    monkeypatch.setenv("APPLYWEB_OPENAI_MODEL", "another")
    assert "openai_model was '' and is 'another'" in refused(suite, "--journal", str(journal), "--resume")
    assert "is no journal" in refused(suite, "--journal", str(suite), "--resume")
    assert journal.read_text() == kept
    journal.write_text(kept + "{}\n")
    monkeypatch.delenv("APPLYWEB_OPENAI_MODEL")
    assert "is damaged" in refused(suite, "--journal", str(journal), "--resume")


def test_a_journal_holds_no_key(suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = tmp_path / "run.jsonl"
    monkeypatch.setenv("APPLYWEB_OPENAI_API_KEY", "sesame")
    evaluate(suite, "--limit", "1", "--journal", str(journal))
    assert "sesame" not in journal.read_text()


def test_an_interrupted_run_says_how_it_goes_on(suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(engine: str, cases: Sequence[Case], workers: int) -> Iterator[Result]:
        yield from run_cases(engine, cases[:2], workers)
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluating, "run_cases", interrupted)
    journal = tmp_path / "run.jsonl"
    with pytest.raises(CommandError, match="--resume goes on") as caught:
        evaluate(suite, "--engine", "recorded", "--journal", str(journal))
    assert caught.value.returncode == 130
    assert len(journal.read_text().splitlines()) == 3
