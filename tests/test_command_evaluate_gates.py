"""`manage.py evaluate` with gates, a baseline, several engines, and its reports; outputs are recorded ones."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT

Rows = list[dict[str, Any]]


def rows(wrong: set[int], cases: int = 20) -> Rows:
    """Cases that are exact but for those in `wrong`, where nothing came of the edit."""
    return [
        {
            "id": f"case-{number}",
            "path": "a.py",
            "format": "function",
            "original": f"def f():\n    return {number}\n",
            "chat": "```python\ndef f():\n    return -1\n```",
            "expected": "def f():\n    return -1\n",
            "output": f"def f():\n    return {number if number in wrong else -1}\n",
        }
        for number in range(cases)
    ]


def evaluate(suite: Rows, folder: Path, *arguments: str, engines: tuple[str, ...] = ("recorded",)) -> str:
    path, out = folder / "suite.jsonl", StringIO()
    path.write_text("".join(json.dumps(row) + "\n" for row in suite))
    named = [word for engine in engines for word in ("--engine", engine)]
    try:
        call_command("evaluate", str(path), *named, *arguments, stdout=out)
    except CommandError as error:
        raise Ended(out.getvalue(), str(error), error.returncode) from error
    return out.getvalue()


class Ended(Exception):
    def __init__(self, out: str, said: str, code: int) -> None:
        super().__init__(said)
        self.out, self.said, self.code = out, said, code


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    """A run in which 2 of 20 cases are wrong."""
    report = tmp_path / "baseline.json"
    evaluate(rows({0, 1}), tmp_path, "--json", str(report))
    return report


def test_gates_that_hold_end_with_0_and_a_sentence_each(tmp_path: Path) -> None:
    out = evaluate(rows({0, 1}), tmp_path, "--fail-if", "exact_rate < 90%", "--fail-if", "extra_rate > 0%")
    assert "passed exact_rate < 90%: exact_rate is 90.0 % (95 % interval: 69.9 % to 97.2 %)" in out
    assert "passed extra_rate > 0%: extra_rate is 0.0 %" in out


def test_a_gate_that_fails_ends_with_3_and_leaves_every_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with pytest.raises(Ended) as caught:
        evaluate(
            rows({0, 1}),
            tmp_path,
            "--fail-if",
            "exact_rate < 95%",
            "--fail-if",
            "p50_ms > 60000ms",
            "--json",
            str(report),
        )
    assert (caught.value.code, caught.value.said) == (3, "Gates that failed: recorded: exact_rate < 95%.")
    assert "FAILED exact_rate < 95%" in caught.value.out
    assert "passed p50_ms > 60000ms" in caught.value.out
    assert [gate["failed"] for gate in json.loads(report.read_text())["gates"]] == [True, False]


def test_a_wrong_gate_ends_with_2_before_the_suite_is_read() -> None:
    command = [sys.executable, "manage.py", "evaluate", "none.jsonl", "--fail-if", "exact_rate < 0.9"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "Possible: exact_rate > 5% or, against a baseline, exact_rate > +0.5pp" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--fail-if", "exact_rate < -1pp"), "name the run before it"),
        (("--baseline", "none.json"), "Cannot read the baseline"),
        (("--resume",), "need the journal"),
        (("--retry", "--journal", "j"), "say --resume too"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(Ended, match=says) as caught:
        evaluate(rows(set()), tmp_path, *arguments)
    assert caught.value.code == 2


def test_a_run_against_a_baseline(tmp_path: Path, baseline: Path) -> None:
    report = tmp_path / "report.json"
    gates = ("--fail-if", "exact_rate < -20pp", "--fail-if", "missing_rate > +4pp")
    with pytest.raises(Ended, match="recorded: missing_rate > \\+4pp") as caught:
        evaluate(rows({1, 2, 3}), tmp_path, "--baseline", str(baseline), *gates, "--json", str(report))
    out = caught.value.out
    assert "Against recorded on suite.jsonl: 20 cases are in both runs." in out
    assert "exact_rate went from 90.0 % to 85.0 %, -5.0 pp" in out
    assert "not enough data: about 20 more cases needed" in out
    assert "No longer right: case-2, case-3" in out
    assert "Right now: case-0" in out
    assert "The suites are not the same" not in out
    told = json.loads(report.read_text())["comparison"]
    assert (told["pairs"], told["broken"], told["mended"]) == (20, ["case-2", "case-3"], ["case-0"])
    assert told["metrics"]["exact_rate"]["p"] == 1.0
    assert told["metrics"]["exact_rate"]["verdict"] == "not enough data"


def test_a_clear_change_is_called_worse_or_better(tmp_path: Path, baseline: Path) -> None:
    many = rows(set(range(12)))
    with pytest.raises(Ended) as caught:
        evaluate(many, tmp_path, "--baseline", str(baseline), "--fail-if", "right_rate < -5pp")
    assert caught.value.out.splitlines()[-1].endswith(": worse.")


def test_another_version_of_the_suite_is_noticed_and_only_the_same_cases_are_compared(
    tmp_path: Path, baseline: Path
) -> None:
    other = rows({1})
    other[0]["expected"] = other[0]["output"] = "def f():\n    return -2\n"
    other[5]["id"] = "renamed"
    other += [{**rows(set(), 31)[30], "id": "new"}]
    del other[7]
    out = evaluate(other, tmp_path, "--baseline", str(baseline))
    assert "18 cases are in both runs" in out
    assert "1 changed (case-0), 1 added (new) and 1 gone (case-7); these are not compared." in out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is no JSON"),
        ("[]", "is no report of evaluate --json in version 2"),
        ('{"results": []}', "is no report of evaluate --json in version 2"),
        ('{"version": 1, "suite": "s", "suite_hash": "h", "engine": "e", "results": []}', "is no report of evaluate"),
        ('{"version": 2, "suite": "s", "suite_hash": "h", "engine": "e", "results": [{}]}', "is damaged"),
        ('{"version": 2, "runs": 3}', "is damaged"),
    ],
)
def test_a_baseline_that_cannot_be_used_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(Ended, match=says) as caught:
        evaluate(rows(set()), tmp_path, "--baseline", str(path))
    assert caught.value.code == 2


def test_a_case_that_must_be_refused_is_right_where_it_is_flagged(tmp_path: Path) -> None:
    report, refuse = tmp_path / "before.json", {**rows(set(), 1)[0], "id": "refuse", "expected": None, "error": True}
    evaluate([*rows(set(), 6), {**refuse, "output": ""}], tmp_path, "--json", str(report))
    certain = {**refuse, "output": "def f():\n    return -1\n"}
    out = evaluate([*rows(set(), 6), certain], tmp_path, "--baseline", str(report))
    assert "No longer right: refuse" in out
    assert "Right now" not in out


def test_what_measures_the_judge_has_no_gates(tmp_path: Path) -> None:
    with pytest.raises(Ended, match="--spoil measures the judge") as caught:
        evaluate(rows(set()), tmp_path, "--spoil", "all", "--fail-if", "exact_rate < 1%")
    assert caught.value.code == 2


def test_several_engines_are_compared_and_are_a_baseline_for_each(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    out = evaluate(rows({0, 1, 2}), tmp_path, "--json", str(report), engines=("recorded", "embedded"))
    assert "Against recorded on suite.jsonl: 20 cases are in both runs." in out
    assert "Right now: case-0, case-1, case-2" in out
    assert [run["engine"] for run in json.loads(report.read_text())["runs"]] == ["recorded", "embedded"]
    gates = ("--baseline", str(report), "--fail-if", "right_rate < -0pp")
    assert "right_rate is 100.0 % as before" in evaluate(rows(set()), tmp_path, *gates, engines=("embedded",))
    with pytest.raises(Ended, match="has no run of auto, only of recorded, embedded"):
        evaluate(rows(set()), tmp_path, *gates, engines=("auto",))


def test_junit(tmp_path: Path, baseline: Path) -> None:
    junit, suite = tmp_path / "junit.xml", rows({1})
    suite[1]["id"] = "a <b> & \x00"
    with pytest.raises(Ended):
        evaluate(
            suite, tmp_path, "--fail-if", "exact_rate < 99%", "--fail-if", "exact_rate < 1%", "--junit", str(junit)
        )
    gates, cases = Xml.parse(junit).getroot()
    assert (gates.get("tests"), gates.get("failures"), gates.get("errors")) == ("2", "1", "0")
    failure = gates[0].find("failure")
    assert failure is not None
    assert "exact_rate is 95.0 %" in failure.get("message", "")
    assert (cases.get("tests"), cases.get("failures"), cases.get("skipped")) == ("20", "0", "1")
    assert cases[1].get("name") == "a <b> & \ufffd"
    assert cases[1].find("skipped") is not None


def test_markdown(tmp_path: Path, baseline: Path) -> None:
    markdown, suite = tmp_path / "out.md", rows({1, 2})
    suite[2]["id"] = "a|b"
    evaluate(suite, tmp_path, "--baseline", str(baseline), "--fail-if", "exact_rate < 1%", "--markdown", str(markdown))
    text = markdown.read_text()
    assert text.startswith("## suite.jsonl with recorded\n")
    assert "| `exact_rate < 1%` | passed |" in text
    assert "| exact_rate | 90.0 % | 69.9 % to 97.2 % |" in text
    assert "| exact_rate | 90.0 % | 90.0 % | +0.0 pp |" in text
    assert "No longer right (1):\n\n- a\\|b\n" in text
    assert "Right now (1):\n\n- case-0\n" in text


def test_plot_has_a_mark_for_every_rate_of_every_run(tmp_path: Path, baseline: Path) -> None:
    plot = tmp_path / "plot.svg"
    evaluate(rows({1, 2}), tmp_path, "--baseline", str(baseline), "--plot", str(plot))
    names = [title.text or "" for title in Xml.parse(plot).getroot().iter("{http://www.w3.org/2000/svg}title")]
    assert "recorded (baseline), exact_rate: 90.0 % (69.9 % to 97.2 %)" in names
    assert "recorded, exact_rate: 90.0 % (69.9 % to 97.2 %)" in names
    assert len(names) == 1 + 2 * 8
