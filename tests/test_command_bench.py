"""`manage.py bench web`: its texts, its clock, its report, and all of it on tiny sizes. No figure is judged here."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from applyweb.core.diff import hunks
from applyweb.core.merge import merge
from applyweb.engines.base import ApplyRequest, Delta, Finished
from applyweb.engines.settings import EngineSettings
from applyweb.serving.bench import merges
from applyweb.serving.bench.answers import count_rows
from applyweb.serving.bench.browser import lags_until
from applyweb.serving.bench.clock import ClockEngine, Pace, Stamp, clock_chat, clock_original, stamps_in
from applyweb.serving.bench.figures import (
    Figure,
    as_json,
    exit_code,
    figure,
    not_measured,
    percentile,
    table,
)
from applyweb.serving.bench.sizes import QUICK
from applyweb.serving.bench.texts import LazyEdit, changed_lines, lazy_edit, python_source, whole_file_chat
from tests.conftest import ROOT

KEYS = {"name", "what", "unit", "goal", "judged", "samples", "p50", "p95", "largest", "note", "met"}


def bench(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "APPLYWEB_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.mark.parametrize("lines", [1, 7, 60, 1_000])
def test_a_source_has_the_asked_lines(lines: int) -> None:
    source = python_source(lines)
    assert source.count("\n") == lines
    assert source.endswith("\n")


def test_texts_are_the_same_in_every_process() -> None:
    code = "from applyweb.serving.bench.texts import *; s = python_source(400); print(s + lazy_edit(s).chat, end='')"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    source = python_source(400)
    assert told == {source + lazy_edit(source).chat}
    assert python_source(400, seed=2) != source


def test_a_source_is_python_and_so_is_what_the_chats_make_of_it() -> None:
    source = python_source(700)
    ast.parse(source[: source.rindex("\n\nclass ")])
    changed = changed_lines(source, 20)
    ast.parse(changed[: changed.rindex("\n\nclass ")])
    assert len(hunks(source, changed)) == 20


def test_a_lazy_edit_shows_its_changes_and_hides_the_rest() -> None:
    source = python_source(1_000)
    edit = lazy_edit(source, edits=4)
    assert len(hunks(source, edit.merged)) == 4
    assert edit.merged.count("return 2 * total") == edit.chat.count("return 2 * total") == 4
    assert edit.merged.replace("return 2 * total", "return total") == source
    assert edit.chat.count("# ... existing code ...") == 1 + 3 * 4
    assert len(edit.chat.splitlines()) < 100


def test_the_whole_file_chat_gives_the_whole_file() -> None:
    source = python_source(300)
    changed = changed_lines(source, 5)
    assert merge(source, whole_file_chat(changed), path="a.py", language="python").text == changed


def test_too_many_changes_are_refused() -> None:
    with pytest.raises(ValueError, match="not 500"):
        changed_lines(python_source(100), 500)
    with pytest.raises(ValueError, match="not 50"):
        lazy_edit(python_source(100), 50)


async def test_the_clock_engine_stamps_its_lines_and_gives_the_rest_back() -> None:
    original = clock_original(100)
    request = ApplyRequest("r", original, clock_chat(Pace(tokens_per_second=20_000, stamp_every=10)))
    before = time.monotonic_ns()
    events = [event async for event in ClockEngine(EngineSettings()).stream(request)]
    after = time.monotonic_ns()
    deltas = [event.text for event in events if isinstance(event, Delta)]
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.text, end.reason) == ("".join(deltas), "stop")
    stamped = [index for index, line in enumerate(deltas) if stamps_in(line)]
    assert stamped == list(range(5, 100, 10))
    assert [line for index, line in enumerate(deltas) if index not in stamped] == [
        line for index, line in enumerate(original.splitlines(keepends=True)) if index not in stamped
    ]
    given = [stamp.given_ns for stamp in stamps_in(end.text)]
    assert given == sorted(given)
    assert before <= given[0] <= given[-1] <= after
    # 100 lines of 10 tokens at 20,000 tokens a second: no line leaves before it is due.
    assert given[-1] - before >= 95 / 2_000 * 1e9


def test_stamps_are_read_from_any_text_around_them() -> None:
    text = "12# at 1234567890123 late 7.value # at 1234567890999 late 0.\n# at 12 late 1."
    assert stamps_in(text) == [Stamp(1234567890123, 7), Stamp(1234567890999, 0)]


def test_lines_of_a_clocked_file_have_the_length_of_their_tokens() -> None:
    assert {len(line) for line in clock_original(50).splitlines(keepends=True)} == {40}


def test_a_page_that_waits_for_the_end_is_not_behind() -> None:
    ms = 1_000_000
    looks = [(10 * ms, 30 * ms), (50 * ms, 60 * ms), (90 * ms, 130 * ms), (90 * ms, 900 * ms)]
    assert lags_until(90 * ms, looks) == [20.0, 10.0, 40.0]
    assert lags_until(99 * ms, looks) == [20.0, 10.0, 40.0, 810.0]


def test_rows_are_counted_by_their_class() -> None:
    html = '<div class="row eq"><p>row</p></div><p class="change row"></p><p class="rows arrow"></p><p class="cl mis">'
    assert count_rows(html) == 3


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 50, 5.0),
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([float(n) for n in range(1, 101)], 95, 95.0),
        ([1.0, 9.0], 95, 9.0),
    ],
)
def test_percentile_is_the_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_percentile_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


VALUES = [10.0, 20.0, 90.0]


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (figure("a", "a", VALUES, goal=20, judged="p50"), True),
        (figure("a", "a", VALUES, goal=19, judged="p50"), False),
        (figure("a", "a", VALUES, goal=90, judged="p95"), True),
        (figure("a", "a", VALUES, goal=89, judged="largest"), False),
        (figure("a", "a", VALUES), None),
        (not_measured("a", "a", "no browser", goal=1e9), False),
        (not_measured("a", "a", "no browser"), None),
    ],
)
def test_a_goal_is_met_by_the_judged_figure_only(row: Figure, met: bool | None) -> None:
    assert row.met is met


def test_the_exit_code_tells_a_missed_goal() -> None:
    met, missed = figure("a", "a", VALUES, goal=100), figure("b", "b", VALUES, goal=1)
    told = figure("c", "c", VALUES)
    assert exit_code([met, told]) == 0
    assert exit_code([met, missed, told]) == 1
    assert exit_code([met, not_measured("d", "d", "no browser", goal=5)]) == 1
    assert exit_code([]) == 0


def test_the_table_has_a_row_a_figure_and_the_notes_below() -> None:
    rows = [
        figure("fast", "is fast", VALUES, goal=100, note="on paper"),
        figure("slow", "is slow", VALUES, goal=1, judged="p50"),
        figure("told", "is told", [4], unit="rows"),
        not_measured("absent", "is absent", "no browser", goal=5),
    ]
    lines = table(rows).splitlines()
    assert [re.split(r"\s{2,}", line) for line in (lines[0], *lines[2:6])] == [
        ["what", "goal", "p50", "p95", "largest", "samples", "met"],
        ["fast: is fast", "p95 <= 100 ms", "20.0", "90.0", "90.0", "3", "yes"],
        ["slow: is slow", "p50 <= 1 ms", "20.0", "90.0", "90.0", "3", "NO"],
        ["told: is told", "4.0", "4.0", "4.0", "1"],
        ["absent: is absent", "p95 <= 5 ms", "-", "-", "-", "0", "NO"],
    ]
    assert lines[7:] == ["  fast: on paper", "  absent: not measured: no browser"]


def test_the_json_holds_every_figure() -> None:
    report = as_json([figure("a", "a", VALUES, goal=100), figure("b", "b", VALUES, goal=1)], {"cpus": 2})
    assert json.loads(json.dumps(report)) == report
    assert (report["machine"], report["met"]) == ({"cpus": 2}, False)
    assert [(each["name"], each["met"], set(each) == KEYS) for each in report["figures"]] == [
        ("a", True, True),
        ("b", False, True),
    ]


def test_the_cases_without_a_browser_run_whole(tmp_path: Path) -> None:
    found: dict[str, dict[str, Any]] = {}
    for only in ("merge", "page"):
        done = bench(tmp_path, "web", "--quick", "--only", only, "--json", str(tmp_path / "out.json"))
        report = json.loads((tmp_path / "out.json").read_text())
        assert done.returncode == (0 if report["met"] else 1), done.stderr
        assert done.stderr.splitlines() == [f"{only}: measuring", f"{only}: done"]
        assert f"cpus {os.cpu_count()}, load " in done.stdout
        assert all(f"{each['name']}: {each['what']}" in done.stdout for each in report["figures"])
        found |= {each["name"]: each for each in report["figures"]}
    assert {name: each["samples"] for name, each in found.items()} == {"merge": 3, "page": 2, "rows": 1}
    assert found["rows"]["largest"] > 8


@pytest.mark.browser
def test_all_cases_run_in_order(tmp_path: Path) -> None:
    done = bench(tmp_path, "web", "--quick", "--json", str(tmp_path / "out.json"))
    assert done.returncode in (0, 1), done.stderr
    report = json.loads((tmp_path / "out.json").read_text())
    assert done.returncode == (0 if report["met"] else 1)
    assert [each["name"] for each in report["figures"]] == [
        "merge", "post", "page", "rows", "delay", "stream", "stream end", "browser", "browser end",
    ]  # fmt: skip
    assert [each["name"] for each in report["figures"] if not each["samples"]] == []
    assert set(report["machine"]) == {"python", "system", "cpus", "load"}
    assert report["figures"][4]["samples"] == 3 * 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("web", "--only", "nothing"), "There is no case 'nothing'. Choose one of: merge, post, page, delay, stream."),
        (("moon",), "invalid choice: 'moon'"),
        (
            ("web", "--quick", "--only", "merge", "--json", "/proc/nothing/out.json"),
            "Cannot write /proc/nothing/out.json",
        ),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_2(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = bench(tmp_path, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_bench_merge_measures_every_case(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    ended = bench(tmp_path, "merge", "--quick", "--json", str(out))
    assert ended.returncode in (0, 1), ended.stderr
    report = json.loads(out.read_text())
    names = dict.fromkeys(each["name"] for each in report["figures"])
    assert list(names) == [
        *(
            "small",
            "edit",
            "large",
            "huge",
            "linear",
            "changed",
            "fences",
            "pieces",
            "patches",
            "deep",
            "judged",
            "diff",
        )
    ]
    assert all(set(each) == KEYS and each["samples"] and each["p50"] > 0 for each in report["figures"])
    assert ended.returncode == int(not report["met"])
    assert "whole file" in ended.stdout


def test_bench_merge_measures_no_wrong_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merges, "lazy_edit", lambda source: LazyEdit(lazy_edit(source).chat, source))
    with pytest.raises(merges.WrongMerge):
        list(merges.run_cases(("edit",), QUICK))
