"""The browser benchmark without a browser: its texts, who is ahead, what is said and drawn, the peers' pages."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from applyweb.core.diff import hunks
from applyweb.serving.bench.review import peers
from applyweb.serving.bench.review.cases import FULL, MEASURES, QUICK, Case, Measure
from applyweb.serving.bench.review.columns import svg
from applyweb.serving.bench.review.contest import Result, Row, as_json, cut_short, exit_code, rows, sentences, table
from applyweb.serving.bench.review.loads import Load, proportional_size
from applyweb.serving.bench.review.peer_server import peer_pages
from applyweb.serving.bench.review.peers import NoPeers, bundles
from applyweb.serving.bench.review.tools import OWN, PEER_NAMES, PEERS

CASE = Case("small", 120, 3, {"paint": 150, "nodes": 2_000})
OTHER = Case("large", 240, 4, {"inp": 50, "memory": 100})


def load(paint: float = 100, inp: float = 16, nodes: int = 900, memory: float | None = 60) -> Load:
    return Load(paint, paint + 20, paint + 5, inp, 17, nodes, 3.5, memory, 9)


def result(tool: str, *paints: float, case: Case = CASE, **values: float) -> Result:
    return Result(tool, case.name, tuple(load(paint, **values) for paint in paints))  # type: ignore[arg-type]


@pytest.mark.parametrize("case", [*FULL, *QUICK], ids=lambda case: case.title)
def test_a_case_has_the_lines_and_hunks_that_it_says(case: Case) -> None:
    assert case.original.count("\n") == case.lines
    assert len(hunks(case.original, case.merged)) == case.hunks
    assert case.title.startswith(f"{case.lines:,} lines, ")
    assert set(case.goals) <= set(MEASURES)


def test_rewritten_changes_every_line_and_keeps_the_number_of_lines() -> None:
    case = QUICK[-1]
    old, new = case.original.split("\n"), case.merged.split("\n")
    assert len(old) == len(new)
    assert [k for k in range(case.lines) if old[k] == new[k]] == []
    ast.parse(case.merged[: case.merged.rindex("\nclass ")])


def test_a_peer_gets_the_same_two_texts_and_the_patch_between_them() -> None:
    texts = CASE.texts
    assert (texts["original"], texts["merged"]) == (CASE.original, CASE.merged)
    assert len(re.findall(r"^@@ ", texts["patch"], re.MULTILINE)) == CASE.hunks


def row(measure: Measure, goal: float | None, medians: Mapping[str, float]) -> Row:
    return Row("small", CASE.title, measure, goal, medians)


@pytest.mark.parametrize(
    ("found", "met", "ahead", "code"),
    [
        (row("paint", 150, {"applyweb": 150}), True, {}, 0),
        (row("paint", 150, {"applyweb": 151}), False, {}, 1),
        (row("paint", None, {"applyweb": 151, "monaco": 3}), None, {}, 0),
        (row("paint", 150, {"applyweb": 90, "monaco": 90, "diff2html": 80.5}), True, {"diff2html": 9.5}, 1),
        (row("paint", 150, {"applyweb": 90, "monaco": 91}), True, {}, 0),
        (row("nodes", 6_000, {"applyweb": 5_000, "codemirror": 500}), True, {}, 0),
        (row("nodes", 6_000, {"applyweb": 6_001, "codemirror": 500}), False, {}, 1),
        (row("paint", 150, {"monaco": 91}), False, {}, 2),
    ],
)
def test_a_row_is_won_by_a_met_goal_and_no_lower_peer(
    found: Row, met: bool | None, ahead: dict[str, float], code: int
) -> None:
    assert (found.met, found.ahead, exit_code([found])) == (met, ahead, code)


def test_what_was_measured_in_part_misses_the_other_goals() -> None:
    found = rows([CASE, OTHER], [result(OWN.name, 90), Result(OWN.name, "large", (), "It did not load.")])
    assert exit_code(found) == 1
    assert [each.measure for each in found if each.met is False] == ["inp", "memory"]


def test_rows_are_medians_and_leave_out_what_could_not_be_read() -> None:
    found = rows([CASE], [result(OWN.name, 300, 100, 110), Result("monaco", "small", (load(memory=None),))])
    assert [each.measure for each in found] == list(MEASURES)
    by = {each.measure: each for each in found}
    assert by["paint"].medians == {"applyweb": 110, "monaco": 100}
    assert by["memory"].medians == {"applyweb": 60}
    assert (by["paint"].goal, by["inp"].goal) == (150, None)


def test_the_table_has_a_column_a_tool_and_says_who_is_ahead() -> None:
    small = [result(OWN.name, 110), result("monaco", 4321)]
    large = [result(OWN.name, 1, case=OTHER, inp=88), result("monaco", 1, case=OTHER)]
    found = rows([CASE, OTHER], small + large)
    lines = [re.split(r"\s{2,}", line) for line in table(found, ["applyweb", "monaco"]).splitlines()]
    assert lines[0] == ["case", "median of", "goal", "applyweb", "monaco", "met", "ahead"]
    assert lines[2] == [
        "120 lines, 3 hunks",
        "first paint of the diff, ms",
        "<= 150",
        "110",
        "4,321",
        "yes",
        "applyweb",
    ]
    told = {(line[0], line[1]): line[2:] for line in lines[2:]}
    assert told["240 lines, 4 hunks", "interaction to next paint, ms"] == ["<= 50", "88", "16", "NO", "monaco by 72"]
    assert told["120 lines, 3 hunks", "DOM nodes at rest, nodes"] == ["<= 2,000", "900", "900", "yes"]
    assert told["240 lines, 4 hunks", "first paint of the diff, ms"] == ["1", "1"]


def test_sentences_name_each_missed_goal_each_rival_and_each_failure() -> None:
    results = [result(OWN.name, 200), result("monaco", 190), Result("codemirror", "small", (), "It showed nothing.")]
    assert sentences(rows([CASE], results), results) == [
        "1 of 2 goals are met.",
        "Missed, 120 lines, 3 hunks: first paint of the diff is 200 ms, the goal 150.",
        "Behind, 120 lines, 3 hunks, first paint of the diff: monaco by 10 ms.",
        "Not measured, codemirror, small: It showed nothing.",
    ]
    won = [result(OWN.name, 90), result("monaco", 190)]
    assert sentences(rows([CASE], won), won) == ["2 of 2 goals are met.", "No peer is ahead on any row."]
    alone = [result(OWN.name, 90)]
    assert sentences(rows([CASE], alone), alone, "npm is missing.")[-1] == "No peer was measured. npm is missing."
    none = [Result(OWN.name, "small", (), "It did not load.")]
    assert sentences(rows([CASE], none), none) == [
        "Nothing was measured.",
        "Not measured, applyweb, small: It did not load.",
    ]


def test_the_json_holds_every_row_and_every_load() -> None:
    results = [result(OWN.name, 90, 95), result("monaco", 80)]
    report = as_json(rows([CASE], results), results, {"cpus": 2})
    assert json.loads(json.dumps(report)) == report
    assert (report["machine"], report["exit_code"]) == ({"cpus": 2}, 1)
    first = report["rows"][0]
    assert (first["measure"], first["unit"], first["goal"], first["met"]) == ("paint", "ms", 150, True)
    assert (first["medians"], first["ahead"]) == ({"applyweb": 90, "monaco": 80}, {"monaco": 10})
    assert [len(each["loads"]) for each in report["results"]] == [2, 1]


def test_a_run_that_was_cut_short_says_what_is_missing() -> None:
    part = [result(OWN.name, 90, 95), result("monaco", 80)]
    assert cut_short([CASE, OTHER], part, 2, "It was interrupted.") == [
        "CUT SHORT: It was interrupted. This is no whole run.",
        "Measured in part, 120 lines, 3 hunks: 1 of 2 loads of some tools.",
        "Not measured, 240 lines, 4 hunks.",
    ]
    whole = [*part[:1], Result("monaco", "small", (), "It showed nothing.")]
    assert len(cut_short([CASE], whole, 2, "Why.")) == 1
    report = as_json(rows([CASE], part), part, {}, complete=False)
    assert (report["complete"], report["exit_code"]) == (False, 3)


def test_the_plot_has_a_mark_for_each_tool_and_case_and_a_line_for_each_goal() -> None:
    results = [result(OWN.name, 90), result("a<b", 80), result(OWN.name, 7, case=OTHER)]
    drawn = ElementTree.fromstring(svg(rows([CASE, OTHER], results), [OWN.name, "a<b"]))
    paths = [each.attrib for each in drawn.iter("{http://www.w3.org/2000/svg}path")]
    marks = [each["transform"] for each in paths if each.get("transform")]
    places = [tuple(map(float, mark.removeprefix("translate(").removesuffix(")").split())) for mark in marks]
    assert len(marks) == 2 + 4 * 3  # the legend, then four panels
    assert len([each for each in paths if "stroke-dasharray" in each]) == 1 + 4
    assert all(0 <= x <= 400 and 0 <= y <= 250 for x, y in places)
    assert "a<b" in "".join(drawn.itertext())
    assert ElementTree.fromstring(svg([], [])) is not None


def test_peers_are_exact_versions_each_with_an_entry() -> None:
    wanted = json.loads((peers.SOURCES / "package.json").read_text())["dependencies"]
    assert {version for version in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == set()
    for peer in PEERS:
        entry = (peers.SOURCES / f"{peer.name}.js").read_text()
        assert 'from "./begin.js"' in entry
        assert any(f'from "{name}' in entry for name in wanted)


def test_peers_are_fetched_once_and_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = tmp_path / "called"
    _program(tmp_path, "npm", f'echo "$@" >> {called}; mkdir node_modules')
    _program(tmp_path, "node", "mkdir -p out; touch out/monaco.js")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    made = bundles(tmp_path / "cache")
    assert (made / "monaco.js").is_file()
    assert bundles(tmp_path / "cache") == made
    assert called.read_text().splitlines() == ["install --no-audit --no-fund --ignore-scripts"]
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [made.name]


def test_peers_that_cannot_be_fetched_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, "npm", "echo no network >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    with pytest.raises(NoPeers, match="npm install failed: no network"):
        bundles(tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPeers, match="npm is not installed"):
        bundles(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_peers_page_its_bundle_and_the_texts_are_served(tmp_path: Path) -> None:
    for name in PEER_NAMES:
        (tmp_path / f"{name}.js").write_text(f"// {name}")
    with peer_pages(tmp_path, [CASE]) as base, httpx.Client(base_url=base, trust_env=False) as client:
        page = client.get("/monaco")
        assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert 'src="/monaco.js"' in page.text
        assert client.get("/monaco.js").text == "// monaco"
        assert client.get("/texts/small.json").json() == CASE.texts
        assert client.get("/nothing").status_code == 404


def test_the_size_of_a_process_is_its_share(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "smaps_rollup").write_text("Rss: 9000 kB\nPss:  2000 kB\nPss_Dirty: 5 kB\n")
    assert proportional_size(7, tmp_path) == 2.048
    assert proportional_size(8, tmp_path) is None


def _program(folder: Path, name: str, script: str) -> None:
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
