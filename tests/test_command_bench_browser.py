"""`manage.py bench browser`: the real page in a real, slowed-down Chromium. No figure is judged here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from applyweb.serving.bench.review.cases import MEASURES
from tests.conftest import ROOT, end_with_us


def bench(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "bench", "browser", *arguments],
        cwd=ROOT,
        env={**os.environ, "APPLYWEB_DATA": str(tmp_path / "data"), **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.mark.browser
def test_the_review_page_is_measured_alone(tmp_path: Path) -> None:
    out, plot = tmp_path / "out.json", tmp_path / "plot.svg"
    done = bench(
        tmp_path, "--quick", "--only", "1000", "--peers", "none", "--json", str(out), "--plot", str(plot)
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(out.read_text())
    assert report["exit_code"] == done.returncode
    assert [row["measure"] for row in report["rows"]] == list(MEASURES)
    (result,) = report["results"]
    assert report["complete"]
    assert len(result["loads"]) == 3
    load = result["loads"][0]
    assert (result["tool"], result["failure"]) == ("applyweb", "")
    assert 0 < load["paint"] <= load["ready"]
    assert load["inp"] >= 16
    # Keys, and clicks on the hunk's button and on a fold: all of them found what they are for.
    # On a busy machine a fold may still be on its way when its turn comes.
    assert max(each["interactions"] for each in result["loads"]) == 14
    assert load["nodes"] > 500
    assert 0 < load["heap"] < load["memory"]
    assert "200 lines, 8 hunks" in done.stdout
    assert "200 lines, 8 hunks  first paint of the diff, ms" in done.stderr  # as soon as it was measured
    assert "2 of 2 goals are met." in done.stdout or "Missed, 200 lines, 8 hunks: " in done.stdout
    assert f"cpus {os.cpu_count()}, load " in done.stdout
    assert ElementTree.parse(plot).getroot().tag.endswith("svg")


@pytest.mark.browser
def test_a_run_that_is_cut_short_keeps_what_it_has_and_says_so(tmp_path: Path) -> None:
    """By Ctrl+C, which the terminal sends to the browser and the site as well."""
    out = tmp_path / "out.json"
    running = subprocess.Popen(
        [sys.executable, "manage.py", "bench", "browser", "--quick", "--peers", "none", "--json", str(out)],
        cwd=ROOT,
        env={**os.environ, "APPLYWEB_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=end_with_us,
    )
    while running.poll() is None and not out.exists():
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    told, errors = running.communicate(timeout=120)
    assert running.returncode == 3, errors
    assert "CUT SHORT: " in told
    assert "Measured in part, 200 lines, 8 hunks: " in told
    assert "Not measured, 300 lines, 10 hunks." in told
    report = json.loads(out.read_text())
    assert (report["complete"], report["exit_code"]) == (False, 3)
    assert [result["case"] for result in report["results"]] == ["1000"]
    assert 0 < len(report["results"][0]["loads"]) < 3
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (("--only", "moon"), {}, "There is no case 'moon'. Choose one of: 1000, 10000, 50000, rewritten."),
        (("--peers", "moon"), {}, "There is no peer 'moon'. Choose of: diff2html, codemirror, monaco."),
        (("--quick", "--peers", "none"), {"PATH": "/nowhere"}, "Nothing was measured."),
    ],
)
def test_what_cannot_be_measured_is_said_with_exit_2(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], words: str
) -> None:
    done = bench(tmp_path, *arguments, **environment)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
