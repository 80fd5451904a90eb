"""Engines side by side: the order, what is counted, what is said and drawn."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from applyweb.core.cases import Case
from applyweb.engines.base import ApplyRequest, Delta, EngineError, EngineStatus, Event, Finished
from applyweb.jobs.model_server import Registered, register
from applyweb.management.bench_models import rival_of
from applyweb.serving.bench.engines import Rival, Run, report, runs, size_of, table
from applyweb.serving.bench.scatter import svg
from tests.engines.wire import Reply, http, wire

CASES = [Case(str(number), "whole", "a = 1\n" * lines, "", "a = 2\n") for number, lines in enumerate((1, 150, 2000))]


class Told:
    """Answers with one text, or fails."""

    name = "told"

    def __init__(self, text: str, asked: list[str], *, fails: bool = False) -> None:
        self._text, self._asked, self._fails = text, asked, fails

    async def stream(self, request: ApplyRequest) -> AsyncGenerator[Event, None]:
        self._asked.append(f"{self._text.strip()} {request.request_id}")
        if self._fails:
            raise EngineError("too_long", "The prompt does not fit.")
        yield Delta(self._text)
        stats = {"completion_tokens": 60, "spec_verify_ct": 4, "spec_accept_length": 15.0}
        yield Finished(self._text, "stop", "told", "certain", (), stats)

    async def status(self) -> EngineStatus:
        return EngineStatus("told", "Told", "ready", "")


def test_who_begins_changes_with_each_case() -> None:
    asked: list[str] = []
    rivals = [Rival("a", Told("a = 2\n", asked)), Rival("b", Told("a = 3\n", asked))]
    found = list(runs(CASES, rivals))
    assert asked == [
        "a = 2 bench-0",
        "a = 3 bench-0",
        "a = 3 bench-1",
        "a = 2 bench-1",
        "a = 2 bench-2",
        "a = 3 bench-2",
    ]
    assert [run.exact for run in found if run.engine == "a"] == [True] * 3
    assert [run.exact for run in found if run.engine == "b"] == [False] * 3


def test_a_failure_is_counted_and_has_no_time() -> None:
    asked: list[str] = []
    found = list(runs(CASES[:1], [Rival("a", Told("a = 2\n", asked)), Rival("b", Told("x", asked, fails=True))]))
    made = report(found)
    assert found[1].failure == "too_long: The prompt does not fit."
    figures = made["engines"]["b"]["all"]
    assert (figures["failed"], figures["exact"], figures["ms_p50"]) == (1, 0, None)
    assert (figures["extra_lines"], found[1].extra_lines, found[1].exact) == (None, None, False)
    assert made["paired"] == {}
    assert " - " in table(made).splitlines()[-1]


def run(case: str, engine: str, lines: int, ms: float, tokens: int = 60, steps: int = 4) -> Run:
    return Run(case, engine, lines, ms, ms / 2, tokens, tokens / steps, steps, True, 0)


def test_figures_are_over_all_tokens_and_steps_by_size_and_paired_by_case() -> None:
    made = report(
        [
            run("1", "slow", 10, 1000, tokens=100, steps=100),
            run("1", "fast", 10, 500, tokens=100, steps=10),
            run("2", "slow", 1000, 3000, tokens=300, steps=300),
            run("2", "fast", 1000, 300, tokens=300, steps=10),
        ]
    )
    fast = made["engines"]["fast"]
    assert list(fast) == ["all", "under 100 lines", "1,000 and more"]
    assert (fast["all"]["tokens_per_second"], fast["all"]["spec_accept_length"]) == (500.0, 20.0)
    assert fast["1,000 and more"]["ms_p95"] == 300
    assert made["paired"] == {"fast": {"of": "slow", "ratio": pytest.approx(0.3), "cases": 2}}
    assert "fast takes 0.30 of the time of slow (median of 2 cases)" in table(made)


@pytest.mark.parametrize(
    ("lines", "label"), [(1, "under 100 lines"), (99, "under 100 lines"), (100, "100 to 299"), (9999, "1,000 and more")]
)
def test_sizes(lines: int, label: str) -> None:
    assert size_of(lines) == label


def test_the_plot_is_svg_with_a_mark_for_each_run_inside_of_it() -> None:
    drawn = ElementTree.fromstring(
        svg([run("1", "a<b", 10, 100), run("2", "a<b", 5000, 90000), run("1", "c", 10, 0.2)])
    )
    marks = [
        each.attrib["transform"]
        for each in drawn.iter("{http://www.w3.org/2000/svg}path")
        if "transform" in each.attrib
    ]
    places = [tuple(map(float, mark.removeprefix("translate(").removesuffix(")").split())) for mark in marks]
    assert len(places) == 3 + 2  # the runs, and the legend
    assert all(0 <= x <= 720 and 0 <= y <= 420 for x, y in places)
    assert "a<b" in "".join(drawn.itertext())
    assert ElementTree.fromstring(svg([])) is not None


async def test_a_rival_is_an_engine_with_a_name_and_an_address() -> None:
    assert (rival_of("plain=sglang@http://h:1").name, rival_of("embedded").name) == ("plain", "embedded")
    async with wire({"/ready": http(200)}) as sglang, wire({"/v1/models": http(200, {"data": []})}) as other:
        for word in (f"sglang@{sglang.url}", f"openai@{other.url}/v1"):
            assert (await rival_of(word).engine.status()).state == "ready"
        assert [bool(talk.asked(path)) for talk, path in ((sglang, "/ready"), (other, "/v1/models"))] == [True, True]
    for wrong in ("none", "embedded@http://h:1"):
        with pytest.raises(CommandError):
            rival_of(wrong)


async def test_a_rival_at_an_address_may_have_another_model_than_the_sites_own_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.delenv("APPLYWEB_SGLANG_URL", raising=False)
    monkeypatch.delenv("APPLYWEB_SGLANG_MODEL", raising=False)
    has: dict[str, Reply | list[Reply]] = {
        "/ready": http(200),
        "/model_info": http(200, {"served_model_name": "coder-1.5b"}),
    }
    async with wire(has) as served:
        register(Registered(served.url, "7b-apply", "/models/coder-7b"))
        own, other = [await rival_of(word).engine.status() for word in ("sglang", f"sglang@{served.url}")]
    assert "'coder-1.5b', and '/models/coder-7b' is expected" in own.message
    assert (own.state, other.state) == ("down", "ready")


def test_the_table_says_of_whom_no_acceptance_is_known() -> None:
    silent = Run("1", "silent", 10, 100, 50, 60, None, None, True, 0)
    failed = Run("1", "failed", 10, 100, None, None, None, None, False, None, "timeout: late")
    said = table(report([run("1", "told", 10, 100), silent, failed]))
    assert "\nsilent: tok/step is not known: nothing is speculated there, or it is not told." in said
    assert "is not known" not in table(report([run("1", "told", 10, 100)]))


def test_a_failed_run_is_not_scored_against_the_original() -> None:
    unchanged = Case("same", "whole", "a = 1\n", "", "a = 1\n")
    (run,) = runs([unchanged], [Rival("b", Told("a = 1\n", [], fails=True))])
    assert (run.exact, run.extra_lines) == (False, None)


def test_where_every_run_fails_nothing_was_measured(tmp_path: Path) -> None:
    suite = tmp_path / "suite.jsonl"
    row = {
        "id": "1",
        "path": "a.py",
        "language": "python",
        "format": "whole",
        "original": "a = 1\n",
        "chat": "Nothing.",
    }
    suite.write_text(json.dumps(row | {"expected": "a = 1\n"}) + "\n")
    with pytest.raises(CommandError, match=r"Every run failed(?s:.*)embedded: no_code: ") as caught:
        call_command("bench", "engine", "--suite", str(suite), "--engines", "embedded")
    assert caught.value.returncode == 2
